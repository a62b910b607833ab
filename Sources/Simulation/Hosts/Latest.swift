/// The latest things of a kind, in a ring of fixed size.
struct Latest<Element: Sendable>: Sendable {
    private let capacity: Int
    private var ring: [Element] = []
    /// Where the oldest stands once the ring is full.
    private var oldest = 0

    /// Room for so many, at least one.
    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Keeps one more, in the place of the oldest if there is no room.
    mutating func append(_ element: Element) {
        guard ring.count == capacity else { return ring.append(element) }
        ring[oldest] = element
        oldest = (oldest + 1) % capacity
    }

    /// Oldest first.
    var each: [Element] { Array(ring[oldest...] + ring[..<oldest]) }
}
