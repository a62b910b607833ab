public import Timeline

extension Cache {
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
        /// How much room it takes.
        public var weight: Int
    }

    /// What is held for a key, ended or not, without a use; nil if nothing is.
    public func entry(for key: Key) -> Entry? {
        heldSlot(key).flatMap { entry(in: $0) }
    }

    private func entry(in slot: Slot) -> Entry? {
        let held = table.entries[slot.place]
        return held.value.map {
            Entry(
                key: held.key, value: $0, loadedAt: held.loadedAt, expiresAt: held.expiresAt,
                weight: weight(of: slot))
        }
    }

    /// The keys in one of the policy's queues, what leaves it next first.
    public struct Queue: Sendable {
        /// What the field calls it: `T1`, `small`, `protected`.
        public var name: String
        /// Its keys.
        public var keys: [Key]
        /// Whether their values are held, or only the keys are remembered.
        public var isGhost: Bool
        /// What the policy counts for each key, if anything.
        public var marks: [Int]?
    }

    /// What the policy keeps, queue by queue; entries that have ended unnoticed are among them.
    public var queues: [Queue] {
        policy.queues.map { queue in
            Queue(
                name: queue.name, keys: queue.slots.map { table.entries[$0.place].key }, isGhost: queue.isGhost,
                marks: queue.marks)
        }
    }
}

/// A cache that drops what was used least recently.
public typealias LRUCache<Key: CacheKey, Value: Sendable> = Cache<Key, Value, LRU>

extension Cache where Policy == LRU {
    /// The entries, the most recently used one first; expired ones that nobody has noticed are among them.
    public var entriesByRecency: [Entry] {
        policy.queues.flatMap(\.slots).reversed().compactMap { entry(in: $0) }
    }
}
