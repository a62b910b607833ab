/// The evictable reservations of an account are a pairing heap (Fredman, Sedgewick, Sleator, Tarjan, 1986) whose links
/// lie in the places themselves: no memory of its own, and one can be taken out of the middle.
extension ReservationTable {
    /// Where a reservation hangs in its heap.
    struct HeapLinks: Hashable, Sendable {
        var firstBelow = none
        var next = none
        /// The one before it among its siblings; the one above for the first of them.
        var previous = none
    }

    /// Whether the first gives way before the second.
    func precedes(_ first: UInt32, _ second: UInt32) -> Bool {
        let (a, b) = (self[first], self[second])
        switch order {
        case .leastRecentlyUsed: break
        case .largest: if a.bytes != b.bytes { return a.bytes > b.bytes }
        case .lowestPriority: if a.priority != b.priority { return a.priority < b.priority }
        }
        return a.used < b.used
    }

    /// Adds a reservation to a heap.
    mutating func push(_ place: UInt32, onto root: inout UInt32) {
        self[place].heap = HeapLinks()
        root = meld(root, place)
    }

    /// Takes a reservation out of its heap.
    mutating func take(_ place: UInt32, outOf root: inout UInt32) {
        let links = self[place].heap
        let below = meldAllBelow(place)
        if place == root {
            root = below
        } else {
            if self[links.previous].heap.firstBelow == place {
                self[links.previous].heap.firstBelow = links.next
            } else {
                self[links.previous].heap.next = links.next
            }
            if links.next != Self.none { self[links.next].heap.previous = links.previous }
            root = meld(root, below)
        }
        self[place].heap = HeapLinks()
    }

    private mutating func meld(_ first: UInt32, _ second: UInt32) -> UInt32 {
        if first == Self.none { return second }
        if second == Self.none { return first }
        let (top, under) = precedes(second, first) ? (second, first) : (first, second)
        let sibling = self[top].heap.firstBelow
        if sibling != Self.none { self[sibling].heap.previous = under }
        self[under].heap.next = sibling
        self[under].heap.previous = top
        self[top].heap = HeapLinks(firstBelow: under)
        return top
    }

    /// Melds what hangs below in pairs, then the pairs from the last to the first.
    private mutating func meldAllBelow(_ place: UInt32) -> UInt32 {
        var rest = self[place].heap.firstBelow
        var pairs = Self.none
        while rest != Self.none {
            let first = rest
            let second = self[first].heap.next
            rest = second == Self.none ? Self.none : self[second].heap.next
            let pair = meld(first, second)
            self[pair].heap.next = pairs
            self[pair].heap.previous = Self.none
            pairs = pair
        }
        var root = Self.none
        while pairs != Self.none {
            let pair = pairs
            pairs = self[pair].heap.next
            self[pair].heap.next = Self.none
            root = meld(root, pair)
        }
        return root
    }
}
