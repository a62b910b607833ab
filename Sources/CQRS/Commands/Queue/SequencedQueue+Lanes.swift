import EventSourcing
import Timeline

// The memory of a queue: lanes and what is in them, in two arrays whose places are used again.

extension SequencedQueue {
    struct Entry: Hashable, Sendable {
        var id: EventID
        var addedAt: Instant
        var deliveries = 0
        var vanished = 0
        /// The next in the lane or, while nothing is here, the next free place.
        var next = SequencedQueue.none
    }

    struct Lane: Hashable, Sendable {
        var sequence: String
        var head = SequencedQueue.none
        var tail = SequencedQueue.none
        var count = 0
        var phase = Phase.waiting
        var isBlocked = false
        /// Whether it is in the circle of lanes whose first can be taken.
        var isReady = false
        var readyBefore = SequencedQueue.none
        /// The next in that circle or, while the lane is not in use, the next free one.
        var readyAfter = SequencedQueue.none
        /// Goes up with each lease and its end, never down.
        var turn: UInt32 = 0

        var isLeased: Bool {
            if case .leased = phase { true } else { false }
        }
    }

    /// What its first does.
    enum Phase: Hashable, Sendable {
        case waiting
        case leased(until: Instant)
        case postponed(until: Instant)
    }

    /// The lane of a sequence, a new one if there is none.
    mutating func lane(of sequence: String) -> UInt32 {
        if let lane = laneOf[sequence] { return lane }
        var lane = firstFreeLane
        if lane == Self.none {
            lane = UInt32(lanes.count)
            lanes.append(Lane(sequence: sequence))
        } else {
            firstFreeLane = lanes[Int(lane)].readyAfter
            let turn = lanes[Int(lane)].turn
            lanes[Int(lane)] = Lane(sequence: sequence)
            lanes[Int(lane)].turn = turn
        }
        laneOf[sequence] = lane
        lanesInUse += 1
        return lane
    }

    mutating func newEntry(_ id: EventID, at now: Instant) -> UInt32 {
        totals.added += 1
        depth += 1
        let entry = Entry(id: id, addedAt: now)
        guard firstFreeEntry != Self.none else {
            entries.append(entry)
            return UInt32(entries.count - 1)
        }
        let place = firstFreeEntry
        firstFreeEntry = entries[Int(place)].next
        entries[Int(place)] = entry
        return place
    }

    /// Puts an entry into a lane behind another one; behind none is before all.
    mutating func link(_ entry: UInt32, behind other: UInt32, in lane: UInt32) {
        let next = other == Self.none ? lanes[Int(lane)].head : entries[Int(other)].next
        entries[Int(entry)].next = next
        if other == Self.none { lanes[Int(lane)].head = entry } else { entries[Int(other)].next = entry }
        if next == Self.none { lanes[Int(lane)].tail = entry }
        lanes[Int(lane)].count += 1
    }

    /// Takes the first out of a lane; a lane without any is given up.
    mutating func removeHead(of lane: UInt32) -> EventID {
        let head = lanes[Int(lane)].head
        lanes[Int(lane)].head = entries[Int(head)].next
        lanes[Int(lane)].count -= 1
        depth -= 1
        entries[Int(head)].next = firstFreeEntry
        firstFreeEntry = head
        if lanes[Int(lane)].count == 0 { giveUp(lane) }
        return entries[Int(head)].id
    }

    private mutating func giveUp(_ lane: UInt32) {
        laneOf[lanes[Int(lane)].sequence] = nil
        lanesInUse -= 1
        lanes[Int(lane)].sequence = ""
        lanes[Int(lane)].turn &+= 1
        lanes[Int(lane)].readyAfter = firstFreeLane
        firstFreeLane = lane
    }

    /// Puts a lane at the end of the circle, unless it is in it, or held back.
    mutating func makeReady(_ lane: UInt32) {
        lanes[Int(lane)].phase = .waiting
        guard !lanes[Int(lane)].isReady, !lanes[Int(lane)].isBlocked else { return }
        lanes[Int(lane)].isReady = true
        lanes[Int(lane)].readyBefore = lastReady
        lanes[Int(lane)].readyAfter = Self.none
        if lastReady == Self.none { firstReady = lane } else { lanes[Int(lastReady)].readyAfter = lane }
        lastReady = lane
    }

    /// Takes a lane out of the circle, if it is in it.
    mutating func unready(_ lane: UInt32) {
        guard lanes[Int(lane)].isReady else { return }
        let (before, after) = (lanes[Int(lane)].readyBefore, lanes[Int(lane)].readyAfter)
        if before == Self.none { firstReady = after } else { lanes[Int(before)].readyAfter = after }
        if after == Self.none { lastReady = before } else { lanes[Int(after)].readyBefore = before }
        lanes[Int(lane)].isReady = false
    }
}
