import Timeline

/// The deadlines of those who wait, earliest first, and of equal ones in the order of arrival.
///
/// A binary heap that knows where each slot is, so that a deadline that is of no more use is removed at once.
struct DeadlineHeap: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        let deadline: Instant
        let arrival: UInt64
        let slot: UInt32

        fileprivate func isBefore(_ other: Entry) -> Bool {
            (deadline, arrival) < (other.deadline, other.arrival)
        }
    }

    private var entries: [Entry] = []
    /// Where the entry of each slot is; -1 for slots without one.
    private var positions: [Int32] = []

    var first: Entry? { entries.first }

    mutating func insert(_ slot: UInt32, deadline: Instant, arrival: UInt64) {
        while positions.count <= Int(slot) { positions.append(-1) }
        entries.append(Entry(deadline: deadline, arrival: arrival, slot: slot))
        positions[Int(slot)] = Int32(entries.count - 1)
        rise(from: entries.count - 1)
    }

    /// Removes the deadline of that slot, if it has one.
    mutating func remove(_ slot: UInt32) {
        guard Int(slot) < positions.count, positions[Int(slot)] >= 0 else { return }
        let position = Int(positions[Int(slot)])
        positions[Int(slot)] = -1
        let last = entries.removeLast()
        if position < entries.count {
            put(last, at: position)
            sink(from: position)
            rise(from: position)
        } else if entries.isEmpty {
            positions.removeAll(keepingCapacity: positions.count <= 64)
        }
    }

    private mutating func rise(from start: Int) {
        var position = start
        while position > 0, entries[position].isBefore(entries[(position - 1) / 2]) {
            swap(position, (position - 1) / 2)
            position = (position - 1) / 2
        }
    }

    private mutating func sink(from start: Int) {
        var position = start
        while 2 * position + 1 < entries.count {
            var child = 2 * position + 1
            if child + 1 < entries.count, entries[child + 1].isBefore(entries[child]) { child += 1 }
            guard entries[child].isBefore(entries[position]) else { return }
            swap(position, child)
            position = child
        }
    }

    private mutating func swap(_ one: Int, _ other: Int) {
        let moved = entries[one]
        put(entries[other], at: one)
        put(moved, at: other)
    }

    private mutating func put(_ entry: Entry, at position: Int) {
        entries[position] = entry
        positions[Int(entry.slot)] = Int32(position)
    }
}
