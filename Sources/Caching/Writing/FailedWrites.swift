public import Timeline

extension WriteBehindQueue {
    /// A write that the store did not take, and that is not tried any more.
    public struct FailedWrite: Sendable {
        /// The write, with the attempts that it had.
        public var write: Write
        /// Why the last attempt failed.
        public var reason: WriteFailure
        /// When it failed for good.
        public var since: Instant
    }
}

/// The failed writes that are kept: one of each key, the last, and no more than there is room for.
struct FailedWrites<Key: CacheKey, Value: Sendable>: Sendable {
    typealias FailedWrite = WriteBehindQueue<Key, Value>.FailedWrite

    let capacity: Int
    private var table = SlotTable<Key, FailedWrite>()
    private var order = SlotHeap<UInt64>()
    private var additions: UInt64 = 0

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { table.used }

    /// All of them, the one that failed first, first.
    var inOrder: [FailedWrite] { order.inOrder.compactMap { table.entries[$0.place].value } }

    func find(_ key: Key) -> FailedWrite? {
        slot(of: key).flatMap { table.entries[$0.place].value }
    }

    /// Adds a write of a key that has none; returns the one that has to go for it.
    mutating func add(_ failed: FailedWrite) -> FailedWrite? {
        var gone: FailedWrite?
        if count >= capacity, let oldest = order.first?.slot { gone = remove(oldest) }
        let slot = table.add(failed.write.key, hash: Self.hash(failed.write.key), mostSlots: capacity)
        table.entries[slot.place].value = failed
        additions += 1
        order.set(slot, to: additions)
        return gone
    }

    mutating func remove(_ key: Key) -> FailedWrite? {
        slot(of: key).flatMap { remove($0) }
    }

    private mutating func remove(_ slot: Slot) -> FailedWrite? {
        let failed = table.entries[slot.place].value
        table.entries[slot.place].value = nil
        table.free(slot)
        order.remove(slot)
        return failed
    }

    private func slot(of key: Key) -> Slot? { table.find(key, hash: Self.hash(key)) }

    private static func hash(_ key: Key) -> UInt32 { SlotTable<Key, FailedWrite>.hash(key.fingerprint) }
}

extension WriteBehindQueue.FailedWrite: Equatable where Value: Equatable {}
