import Caching
import Timeline

extension CacheTier {
    /// A key has been written at a node, by an operation that the store has already done; returns what is to be told to
    /// other nodes.
    mutating func write(
        _ number: UInt32, readBy operations: [UInt16], node: Int, at now: Instant
    ) -> [InvalidationDelivery<UInt64>] {
        origin += 1
        latest[number] = Write(version: origin, at: now)
        counts.writes += 1
        if bus != nil {
            // A level that all share can get what is older once more, from who has not heard of the write yet.
            let strategy: InvalidationStrategy = plan.writing == .ignore ? .immediate : .lazy
            _ = inboxes[node].invalidate(.key(UInt64(number)), version: origin, strategy, held: nil, at: now)
        }
        for operation in operations { change(UInt64(operation) << 32 | UInt64(number), node: node, at: now) }
        guard let decision = plan.coherence?.decision else { return [] }
        return bus?.publish(
            .key(UInt64(number)), version: origin, decision, from: node, at: now, using: &busDraws) ?? []
    }

    /// What the node and all together hold of a key is dealt with.
    private mutating func change(_ key: UInt64, node: Int, at now: Instant) {
        if plan.writing != .ignore { self[pathOf: node].invalidate(key) }
        switch plan.writing {
        case .invalidate: levels.invalidate(key, node: node)
        case .ignore: break
        case .update:
            let value = plan.reading.loaded(origin, version: origin, startedAt: now, at: now)
            levels.store(key, value, in: 0..<levels.count, node: node, at: now)
        }
    }

    /// A write is to reach the store later; false if there is no room for it, and then nothing has changed.
    mutating func enqueue(_ number: UInt32, node: Int, at now: Instant) -> Bool {
        switch queues[node].enqueue(UInt64(number), .set(origin + 1), at: now) {
        case .accepted, .coalesced: true
        case .full, .closed: false
        }
    }

    /// A batch of a node has come back: what the store has got, and what leaves the cache since it never will.
    mutating func settle(
        _ batch: UInt64, isOK: Bool, node: Int, readBy operations: [UInt16], at now: Instant
    ) {
        let outcome = isOK ? WriteOutcome.done : .failed(.unavailable)
        guard let settlement = queues[node].settle(batch, .all(outcome), at: now) else { return }
        for write in settlement.written {
            guard case .set(let version, _) = write.operation else { continue }
            let number = Self.number(of: write.key)
            stored[number] = max(stored[number] ?? 0, version)
        }
        counts.lostWrites += settlement.failed.count
        for key in settlement.drop {
            for operation in operations { levels.invalidate(UInt64(operation) << 32 | key, node: node) }
        }
    }

    /// A node has crashed: the writes that it had in memory are gone.
    mutating func loseWrites(ofNode node: Int) {
        guard let behind = plan.behind else { return }
        counts.lostWrites += queues[node].unwritten.count
        queues[node] = WriteBehindQueue(behind.settings)
    }
}
