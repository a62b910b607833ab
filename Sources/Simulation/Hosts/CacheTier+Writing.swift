import Caching
import Timeline

extension CacheTier {
    /// A key has been written at a node; returns what is to be told to other nodes now, which is nothing where the store
    /// gets it later.
    mutating func write(_ number: UInt32, node: Int, at now: Instant) -> [InvalidationDelivery<UInt64>] {
        origin += 1
        latest[number] = Write(version: origin, first: latest[number]?.first ?? origin, at: now)
        counts.writes += 1
        for operation in readers { change(Self.key(UInt64(number), operation), node: node, at: now) }
        return plan.behind == nil ? announce(number, version: origin, from: node, at: now) : []
    }

    /// The store has a write of a key: who has written it takes note, and others are to be told.
    private mutating func announce(
        _ number: UInt32, version: UInt64, from node: Int, at now: Instant
    ) -> [InvalidationDelivery<UInt64>] {
        var deliveries: [InvalidationDelivery<UInt64>] = []
        for (operation, name) in zip(readers, readerNames) {
            let key = Self.key(UInt64(number), operation)
            takeNote(of: .key(key), version: version, node: node, at: now)
            guard let rules = plan.coherence?.rules else { continue }
            let decision = rules.patterns.isEmpty ? rules.otherwise : rules.decision(for: "\(name):\(number)")
            deliveries += publish(.key(key), version: version, decision, from: node, at: now)
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
        takeNote(of: .tag(UInt64(tag)), version: origin, node: node, at: now)
        if plan.writing != .ignore { self[pathOf: node].invalidateAll() }
        return publish(.tag(UInt64(tag)), version: origin, coherence.rules.otherwise, from: node, at: now)
    }

    /// Who writes knows of it at once.
    private mutating func takeNote(
        of subject: InvalidationSubject<UInt64>, version: UInt64, node: Int, at now: Instant
    ) {
        guard !inboxes.isEmpty else { return }
        // A level that all share can get what is older once more, from who has not heard of the write yet.
        let strategy: InvalidationStrategy = plan.writing == .ignore ? .immediate : .lazy
        _ = inboxes[node].invalidate(subject, version: version, strategy, held: nil, at: now)
    }

    private mutating func publish(
        _ subject: InvalidationSubject<UInt64>, version: UInt64, _ decision: InvalidationDecision, from node: Int,
        at now: Instant
    ) -> [InvalidationDelivery<UInt64>] {
        bus?.publish(subject, version: version, decision, from: node, at: now, using: &busDraws) ?? []
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

    /// A batch of a node has come back: what the store has got, and what leaves the cache since it never will; returns
    /// what is to be told to other nodes.
    mutating func settle(
        _ batch: UInt64, isOK: Bool, node: Int, at now: Instant
    ) -> [InvalidationDelivery<UInt64>] {
        let outcome = isOK ? WriteOutcome.done : .failed(.unavailable)
        guard let settlement = queues[node].settle(batch, .all(outcome), at: now) else { return [] }
        counts.storedWrites += settlement.written.count
        counts.lostWrites += settlement.failed.count
        for key in settlement.drop {
            for operation in readers { levels.invalidate(Self.key(key, operation), node: node) }
        }
        var deliveries: [InvalidationDelivery<UInt64>] = []
        for write in settlement.written {
            guard case .set(let version, _) = write.operation else { continue }
            let number = Self.number(of: write.key)
            stored[number] = max(stored[number] ?? 0, version)
            if plan.writing != .ignore { dropOlder(than: version, of: write.key, node: node) }
            deliveries += announce(number, version: version, from: node, at: now)
        }
        return deliveries
    }

    /// What a node and all together hold of a key from before its store had a write goes: others could not know of it.
    private mutating func dropOlder(than version: UInt64, of number: UInt64, node: Int) {
        for operation in readers {
            let key = Self.key(number, operation)
            for level in plan.levels.indices {
                guard let held = levels[level, node: node].entry(for: key)?.value, held.version < version else {
                    continue
                }
                levels.remove(key, from: level, node: node)
            }
        }
    }

    /// A node has crashed: the writes that it had in memory are gone.
    mutating func loseWrites(ofNode node: Int) {
        guard let behind = plan.behind else { return }
        counts.lostWrites += queues[node].unwritten.count
        queues[node] = WriteBehindQueue(behind.settings)
    }
}
