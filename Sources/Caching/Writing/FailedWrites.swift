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

        @inlinable
        init(write: Write, reason: WriteFailure, since: Instant) {
            self.write = write
            self.reason = reason
            self.since = since
        }
    }
}

/// The failed writes that are kept: one of each key, the last, and no more than there is room for.
@usableFromInline
struct FailedWrites<Key: CacheKey, Value: Sendable>: Sendable {
    @usableFromInline typealias FailedWrite = WriteBehindQueue<Key, Value>.FailedWrite

    @usableFromInline let capacity: Int
    @usableFromInline var table = SlotTable<Key, FailedWrite>()
    @usableFromInline var order = DueSlots()
    @usableFromInline var additions: UInt64 = 0

    @inlinable
    init(capacity: Int) { self.capacity = capacity }

    @inlinable
    var count: Int { table.used }

    /// All of them, the one that failed first, first.
    @inlinable
    var inOrder: [FailedWrite] { order.inOrder.compactMap { table.entries[$0.place].value } }

    @inlinable
    func find(_ key: Key) -> FailedWrite? {
        slot(of: key).flatMap { table.entries[$0.place].value }
    }

    /// Adds a write of a key that has none; returns the one that has to go for it.
    @inlinable
    mutating func add(_ failed: FailedWrite) -> FailedWrite? {
        var gone: FailedWrite?
        if count >= capacity, let oldest = order.first?.slot { gone = remove(oldest) }
        let slot = table.add(failed.write.key, hash: Self.hash(failed.write.key), mostSlots: capacity)
        table.entries[slot.place].value = failed
        additions += 1
        order.set(slot, to: WriteDue(at: failed.since, order: additions))
        return gone
    }

    @inlinable
    mutating func remove(_ key: Key) -> FailedWrite? {
        slot(of: key).flatMap { remove($0) }
    }

    @inlinable
    mutating func remove(_ slot: Slot) -> FailedWrite? {
        let failed = table.entries[slot.place].value
        table.entries[slot.place].value = nil
        table.free(slot)
        order.remove(slot)
        return failed
    }

    @inlinable
    func slot(of key: Key) -> Slot? { table.find(key, hash: Self.hash(key)) }

    @inlinable
    static func hash(_ key: Key) -> UInt32 { SlotTable<Key, FailedWrite>.hash(key.fingerprint) }
}

extension WriteBehindQueue.FailedWrite: Equatable where Value: Equatable {}
