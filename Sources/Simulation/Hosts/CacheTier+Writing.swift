import Caching
import Timeline

extension CacheTier {
    /// A key has been written at a node, by an operation that the store has already done; returns what is to be told to
    /// other nodes.
    mutating func write(_ number: UInt32, node: Int, at now: Instant) -> [InvalidationDelivery<UInt64>] {
        origin += 1
        latest[number] = Write(version: origin, first: latest[number]?.first ?? origin, at: now)
        counts.writes += 1
        var deliveries: [InvalidationDelivery<UInt64>] = []
        for (operation, name) in zip(readers, readerNames) {
            let key = Self.key(UInt64(number), operation)
            takeNote(of: .key(key), node: node, at: now)
            change(key, node: node, at: now)
            guard let rules = plan.coherence?.rules else { continue }
            let decision = rules.patterns.isEmpty ? rules.otherwise : rules.decision(for: "\(name):\(number)")
            deliveries += publish(.key(key), decision, from: node, at: now)
        }
        return deliveries
    }

    /// All keys that have the tag of a key have been written at a node; returns what is to be told to other nodes. Nothing
    /// is searched: what is older is not read any more.
    mutating func writeTag(of number: UInt32, node: Int, at now: Instant) -> [InvalidationDelivery<UInt64>] {
        guard let tag = tag(of: number), let coherence = plan.coherence else { return [] }
        origin += 1
        latestOfTag[tag] = Write(version: origin, first: origin, at: now)
        counts.writes += 1
        takeNote(of: .tag(UInt64(tag)), node: node, at: now)
        return publish(.tag(UInt64(tag)), coherence.rules.otherwise, from: node, at: now)
    }

    /// Who writes knows of it at once.
    private mutating func takeNote(of subject: InvalidationSubject<UInt64>, node: Int, at now: Instant) {
        guard !inboxes.isEmpty else { return }
        // A level that all share can get what is older once more, from who has not heard of the write yet.
        let strategy: InvalidationStrategy = plan.writing == .ignore ? .immediate : .lazy
        _ = inboxes[node].invalidate(subject, version: origin, strategy, held: nil, at: now)
    }

    private mutating func publish(
        _ subject: InvalidationSubject<UInt64>, _ decision: InvalidationDecision, from node: Int, at now: Instant
    ) -> [InvalidationDelivery<UInt64>] {
        bus?.publish(subject, version: origin, decision, from: node, at: now, using: &busDraws) ?? []
    }

    /// What the node and all together hold of a key is dealt with.
    private mutating func change(_ key: UInt64, node: Int, at now: Instant) {
        if plan.writing != .ignore { self[pathOf: node].invalidate(key) }
        switch plan.writing {
        case .invalidate: levels.invalidate(key, node: node)
        case .ignore: break
        case .update:
            let value = plan.reading.loaded(origin, version: origin, startedAt: now, at: now)
            levels.store(
                key, value, in: places(of: key, at: now), node: node, weight: weight(of: value, key),
                at: now)
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
    mutating func settle(_ batch: UInt64, isOK: Bool, node: Int, at now: Instant) {
        let outcome = isOK ? WriteOutcome.done : .failed(.unavailable)
        guard let settlement = queues[node].settle(batch, .all(outcome), at: now) else { return }
        counts.storedWrites += settlement.written.count
        for write in settlement.written {
            guard case .set(let version, _) = write.operation else { continue }
            let number = Self.number(of: write.key)
            stored[number] = max(stored[number] ?? 0, version)
        }
        counts.lostWrites += settlement.failed.count
        for key in settlement.drop {
            for operation in readers { levels.invalidate(Self.key(key, operation), node: node) }
        }
    }

    /// A node has crashed: the writes that it had in memory are gone.
    mutating func loseWrites(ofNode node: Int) {
        guard let behind = plan.behind else { return }
        counts.lostWrites += queues[node].unwritten.count
        queues[node] = WriteBehindQueue(behind.settings)
    }
}
