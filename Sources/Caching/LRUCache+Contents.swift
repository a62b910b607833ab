public import Timeline

extension LRUCache {
    /// One entry as an inspector shows it.
    public struct Entry: Sendable {
        /// What it is found by.
        public var key: Key
        /// What is held.
        public var value: Value
        /// When the value was loaded, also if it reached this cache later.
        public var loadedAt: Instant
        /// From when on it is not handed out any more; ``Instant/distantFuture`` for never.
        public var expiresAt: Instant
    }

    /// The entries, the most recently used one first; expired ones that nobody has noticed are among them.
    public var entriesByRecency: [Entry] {
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        var position = newest
        while position != Slot.none {
            let slot = slots[Int(position)]
            entries.append(
                Entry(key: slot.key, value: slot.value, loadedAt: slot.loadedAt, expiresAt: slot.expiresAt))
            position = slot.older
        }
        return entries
    }
}
