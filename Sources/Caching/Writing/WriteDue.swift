public import Timeline

/// When a write is due, and before which others of the same instant.
@usableFromInline
struct WriteDue: Comparable, Sendable {
    @usableFromInline var at: Instant
    @usableFromInline var order: UInt64

    @usableFromInline
    init(at: Instant, order: UInt64) {
        self.at = at
        self.order = order
    }

    @inlinable
    static func < (left: WriteDue, right: WriteDue) -> Bool {
        left.at != right.at ? left.at < right.at : left.order < right.order
    }
}

/// Slots in the order in which they are due; each operation takes time in the logarithm of their number.
///
/// It is a heap for code that is inlined elsewhere.
@usableFromInline
struct DueSlots: Sendable {
    private var heap = SlotHeap<WriteDue>()

    @usableFromInline
    init() {}

    /// The slot that is due first.
    @usableFromInline
    var first: (slot: Slot, priority: WriteDue)? { heap.first }

    /// All slots, what is due first, first.
    @usableFromInline
    var inOrder: [Slot] { heap.inOrder }

    @usableFromInline
    func contains(_ slot: Slot) -> Bool { heap.contains(slot) }

    /// Adds a slot, or changes when it is due.
    @usableFromInline
    mutating func set(_ slot: Slot, to due: WriteDue) { heap.set(slot, to: due) }

    /// Takes a slot out, if it is there.
    @usableFromInline
    mutating func remove(_ slot: Slot) { heap.remove(slot) }

    @usableFromInline
    mutating func removeAll() { heap.removeAll() }
}
