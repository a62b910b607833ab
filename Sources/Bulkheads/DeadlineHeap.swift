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
            deadline != other.deadline ? deadline < other.deadline : arrival < other.arrival
        }
    }

    private var entries: [Entry] = []
    /// Where the entry of each slot is; -1 for slots without one.
    private var positions: [Int32] = []

    var first: Entry? { entries.first }

    mutating func insert(_ slot: UInt32, deadline: Instant, arrival: UInt64) {
        while positions.count <= Int(slot) { positions.append(-1) }
        let entry = Entry(deadline: deadline, arrival: arrival, slot: slot)
        entries.append(entry)
        move { heap in heap.put(entry, at: heap.riseGap(from: heap.entries.count - 1, for: entry)) }
    }

    /// Removes the deadline of that slot, if it has one.
    mutating func remove(_ slot: UInt32) {
        guard Int(slot) < positions.count, positions[Int(slot)] >= 0 else { return }
        let position = Int(positions[Int(slot)])
        positions[Int(slot)] = -1
        let last = entries.removeLast()
        if position < entries.count {
            move { heap in
                let sunk = heap.sinkGap(from: position, for: last)
                heap.put(last, at: heap.riseGap(from: sunk, for: last))
            }
        } else if entries.isEmpty {
            positions.removeAll(keepingCapacity: positions.count <= 64)
        }
    }

    /// Moves entries without asking at each whether its memory is shared.
    @inline(__always)
    private mutating func move(_ body: (Gaps) -> Void) {
        entries.withUnsafeMutableBufferPointer { entries in
            positions.withUnsafeMutableBufferPointer { body(Gaps(entries: entries, positions: $0)) }
        }
    }

    /// The heap with a gap in it, which others fill until it is where a new entry belongs.
    private struct Gaps {
        let entries: UnsafeMutableBufferPointer<Entry>
        let positions: UnsafeMutableBufferPointer<Int32>

        /// Moves the gap up as far as the entry is before others, and returns its place.
        @inline(__always)
        func riseGap(from start: Int, for entry: Entry) -> Int {
            var gap = start
            while gap > 0, entry.isBefore(entries[(gap - 1) / 2]) {
                put(entries[(gap - 1) / 2], at: gap)
                gap = (gap - 1) / 2
            }
            return gap
        }

        /// Moves the gap down as far as others are before the entry, and returns its place.
        @inline(__always)
        func sinkGap(from start: Int, for entry: Entry) -> Int {
            var gap = start
            while 2 * gap + 1 < entries.count {
                var child = 2 * gap + 1
                if child + 1 < entries.count, entries[child + 1].isBefore(entries[child]) { child += 1 }
                guard entries[child].isBefore(entry) else { break }
                put(entries[child], at: gap)
                gap = child
            }
            return gap
        }

        @inline(__always)
        func put(_ entry: Entry, at position: Int) {
            entries[position] = entry
            positions[Int(entry.slot)] = Int32(position)
        }
    }
}
