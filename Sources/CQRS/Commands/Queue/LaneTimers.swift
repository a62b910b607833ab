import Timeline

/// When something is due on each lane, earliest first, and of equal moments in the order in which they were set.
///
/// A binary heap that knows where each lane is in it, so that a moment that is of no more use is removed at once.
struct LaneTimers: Hashable, Sendable {
    struct Timer: Hashable, Sendable {
        let due: Instant
        let number: UInt64
        let lane: UInt32

        func isBefore(_ other: Timer) -> Bool {
            due != other.due ? due < other.due : number < other.number
        }
    }

    private var heap: [Timer] = []
    /// Where the timer of each lane is; -1 for lanes without one.
    private var places: [Int32] = []
    private var set: UInt64 = 0

    var first: Timer? { heap.first }

    /// Sets the timer of a lane that has none.
    mutating func insert(_ lane: UInt32, due: Instant) {
        while places.count <= Int(lane) { places.append(-1) }
        set += 1
        heap.append(Timer(due: due, number: set, lane: lane))
        rise(from: heap.count - 1)
    }

    /// Removes the timer of a lane, if it has one.
    mutating func remove(_ lane: UInt32) {
        guard Int(lane) < places.count, places[Int(lane)] >= 0 else { return }
        let place = Int(places[Int(lane)])
        places[Int(lane)] = -1
        let last = heap.removeLast()
        guard place < heap.count else { return }
        heap[place] = last
        rise(from: sink(from: place))
    }

    private mutating func rise(from start: Int) {
        var place = start
        while place > 0, heap[place].isBefore(heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            places[Int(heap[place].lane)] = Int32(place)
            place = (place - 1) / 2
        }
        places[Int(heap[place].lane)] = Int32(place)
    }

    /// Moves a timer down as far as others are before it, and returns its place.
    private mutating func sink(from start: Int) -> Int {
        var place = start
        while 2 * place + 1 < heap.count {
            var child = 2 * place + 1
            if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
            guard heap[child].isBefore(heap[place]) else { break }
            heap.swapAt(place, child)
            places[Int(heap[place].lane)] = Int32(place)
            place = child
        }
        places[Int(heap[place].lane)] = Int32(place)
        return place
    }
}
