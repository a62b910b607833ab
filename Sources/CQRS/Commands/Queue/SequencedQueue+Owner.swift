public import EventSourcing
public import Timeline

// What the owner of a queue does to whole sequences.

extension SequencedQueue {
    /// Holds a sequence back: none of it is handed out until ``unblock(_:)``. What a worker has goes on. Does nothing
    /// for a sequence of which there is nothing.
    public mutating func block(_ sequence: String) {
        guard let lane = laneOf[sequence], !lanes[Int(lane)].isBlocked else { return }
        unready(lane)
        lanes[Int(lane)].isBlocked = true
    }

    /// Lets a sequence go on.
    public mutating func unblock(_ sequence: String) {
        guard let lane = laneOf[sequence], lanes[Int(lane)].isBlocked else { return }
        lanes[Int(lane)].isBlocked = false
        if case .waiting = lanes[Int(lane)].phase { makeReady(lane) }
    }

    /// Takes out the first of a sequence; nil if there is none, or if it is leased or postponed.
    public mutating func removeFirst(of sequence: String) -> EventID? {
        guard let lane = laneOf[sequence], case .waiting = lanes[Int(lane)].phase else { return nil }
        totals.removed += 1
        unready(lane)
        let id = removeHead(of: lane)
        if lanes[Int(lane)].count > 0 { makeReady(lane) }
        return id
    }

    /// Brings back what had been taken out of a sequence, in its order and before all that waits in it.
    ///
    /// There is room for it even in a full queue, since it had been let in before.
    public mutating func restore(_ ids: [EventID], to sequence: String, at now: Instant) {
        guard !ids.isEmpty else { return }
        let lane = lane(of: sequence)
        // What a worker has, or what waits for its time, was before them.
        var last = lanes[Int(lane)].phase == .waiting ? Self.none : lanes[Int(lane)].head
        for id in ids {
            let entry = newEntry(id, at: now)
            link(entry, behind: last, in: lane)
            last = entry
        }
        if lanes[Int(lane)].phase == .waiting { makeReady(lane) }
    }
}
