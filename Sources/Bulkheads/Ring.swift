/// A queue in a ring of memory that doubles when it is full; memory is taken only as it is needed.
struct Ring<Element: Hashable & Sendable>: Hashable, Sendable {
    private var slots: [Element] = []
    private var head = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// The element that has been in the ring for longest.
    var first: Element? { count == 0 ? nil : slots[head] }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == slots.count { grow(filling: element) }
        slots[slot(count)] = element
        count += 1
    }

    mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = slots[head]
        head = slot(1)
        count -= 1
        return element
    }

    mutating func popLast() -> Element? {
        guard count > 0 else { return nil }
        count -= 1
        return slots[slot(count)]
    }

    mutating func removeAll() {
        self = Ring()
    }

    /// Where the n-th oldest element is; the size is a power of two.
    private func slot(_ position: Int) -> Int { (head + position) & (slots.count - 1) }

    @inline(never)
    private mutating func grow(filling element: Element) {
        let kept = (0..<count).map { slots[slot($0)] }
        let size = max(8, slots.count * 2)
        slots = []
        slots.reserveCapacity(size)
        slots += kept
        slots += repeatElement(element, count: size - kept.count)
        head = 0
    }
}
