import Caching
import Timeline

extension CacheTier {
    /// A message has reached a node: what it says is done there; returns what the node asks for and is sent at once, if
    /// it has missed some.
    mutating func receive(
        _ delivery: InvalidationDelivery<UInt64>, sentAt: Instant, at now: Instant
    ) -> [InvalidationDelivery<UInt64>] {
        let node = delivery.receiver
        guard let message = bus?.arrive(delivery, at: now) else { return [] }
        counts.invalidations += 1
        counts.invalidationTime = counts.invalidationTime + (now - sentAt)
        let held = message.subject.key.flatMap { oldestHeld($0, node: node) }
        let reception = inboxes[node].receive(message, held: held, at: now)
        if message.strategy == .immediate {
            // To drop it is not enough: a level that all share gets it once more from whoever has loaded it before the
            // write, and has not heard of that yet.
            _ = inboxes[node].invalidate(message.subject, version: message.version, .lazy, held: nil, at: now)
        }
        switch message.subject {
        case .key(let key): self[pathOf: node].invalidate(key)
        case .tag, .all: self[pathOf: node].invalidateAll()
        }
        switch reception.action {
        case .ignore, .markStale, .shorten: break
        case .drop: if let key = message.subject.key { dropOwn(key, node: node) }
        case .flushAll: flushOwn(node)
        }
        guard reception.resync != nil else { return [] }
        return bus?.resync(node, at: now, using: &busDraws) ?? []
    }

    /// What was lost and is due is sent again.
    mutating func retryInvalidations(at now: Instant) -> [InvalidationDelivery<UInt64>] {
        bus?.retry(at: now, using: &busDraws) ?? []
    }

    /// The version of the oldest copy of a key in the levels that are a node's own.
    private func oldestHeld(_ key: UInt64, node: Int) -> UInt64? {
        ownLevels.compactMap { levels[$0, node: node].entry(for: key)?.value.version }.min()
    }

    private var ownLevels: [Int] { plan.levels.indices.filter { !plan.levels[$0].isShared } }

    private mutating func dropOwn(_ key: UInt64, node: Int) {
        for level in ownLevels { levels.remove(key, from: level, node: node) }
    }

    private mutating func flushOwn(_ node: Int) {
        for level in ownLevels { levels.flush(level, node: node) }
    }
}

extension InvalidationSubject {
    /// The key that it is about; nil for a tag, or everything.
    fileprivate var key: Key? { if case .key(let key) = self { key } else { nil } }
}
