import Timeline

/// How often each slot was used lately, and how often soon after the time before: a ring of buckets for each, all in
/// one array.
struct AccessRings: Sendable {
    /// Uses within one bucket's time.
    private struct Bucket: Sendable {
        var all: UInt32 = 0
        var close: UInt32 = 0
    }

    private let length: Int
    private let width: Int64
    private var buckets: [Bucket] = []
    /// The number of the newest bucket of each slot.
    private var newest: [Int64] = []

    init(window: Duration, buckets: Int) {
        length = buckets
        // Rounded down, so that nothing older than the window is counted.
        width = window.nanoseconds / Int64(buckets)
    }

    /// A slot has a new owner, who was not used yet.
    mutating func clear(_ slot: Slot, at now: Instant, mostSlots: Int) {
        if slot.place >= newest.count {
            newest.reserveRoom(for: slot.place + 1, most: mostSlots)
            buckets.reserveRoom(for: (slot.place + 1) * length, most: mostSlots * length)
        }
        while newest.count <= slot.place {
            newest.append(0)
            for _ in 0..<length { buckets.append(Bucket()) }
        }
        for place in 0..<length { buckets[slot.place * length + place] = Bucket() }
        newest[slot.place] = number(at: now)
    }

    /// A slot was used, no earlier than the time before.
    mutating func count(_ slot: Slot, isClose: Bool, at now: Instant) {
        let number = number(at: now)
        for step in 0..<min(number - newest[slot.place], Int64(length)) {
            buckets[place(slot, number - step)] = Bucket()
        }
        newest[slot.place] = number
        let place = place(slot, number)
        guard buckets[place].all < .max else { return }
        buckets[place].all += 1
        if isClose { buckets[place].close += 1 }
    }

    /// A slot's uses within the window.
    func counts(_ slot: Slot, at now: Instant) -> (all: Int, close: Int) {
        var counts = (all: 0, close: 0)
        let first = number(at: now) - Int64(length) + 1
        let inWindow = min(newest[slot.place] - first + 1, Int64(length))
        guard inWindow > 0 else { return counts }
        var place = place(slot, newest[slot.place])
        for _ in 0..<inWindow {
            counts.all += Int(buckets[place].all)
            counts.close += Int(buckets[place].close)
            place -= 1
            if place < slot.place * length { place += length }
        }
        return counts
    }

    private func number(at now: Instant) -> Int64 {
        now.nanoseconds.quotientRoundedDown(by: width)
    }

    private func place(_ slot: Slot, _ number: Int64) -> Int {
        let turns = number.quotientRoundedDown(by: Int64(length))
        return slot.place * length + Int(number - turns * Int64(length))
    }
}
