public import Timeline

/// When the entries of a cache end that do: the next one can be found at once.
///
/// A life that grows longer is noted only when its former end has come, so that reads which extend lives cost nothing
/// here.
@usableFromInline
struct Deadlines: Sendable {
    private var ends = SlotHeap<Instant>()

    @usableFromInline
    init() {}

    /// An entry that ends at this moment came in, or now ends earlier than it did.
    @usableFromInline
    mutating func set(_ slot: Slot, to end: Instant) { ends.set(slot, to: end) }

    /// An entry left.
    @usableFromInline
    mutating func remove(_ slot: Slot) { ends.remove(slot) }

    /// An entry whose noted end has come; nil if there is none.
    @usableFromInline
    func due(at now: Instant) -> Slot? {
        guard let first = ends.first, first.priority <= now else { return nil }
        return first.slot
    }

    @usableFromInline
    mutating func removeAll() { ends.removeAll() }
}
