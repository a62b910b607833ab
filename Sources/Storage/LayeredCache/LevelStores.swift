import Caching
import Timeline

/// A value on its way between levels.
struct HeldValue: Sendable {
    var envelope: CacheEnvelope
    /// How long its load took; zero if it is not known.
    var loadTime = Duration.zero

    /// As those who judge it see it.
    var cached: CachedValue<[UInt8]> {
        CachedValue(
            envelope.isNegative ? nil : envelope.value, version: envelope.version, loadedAt: envelope.created,
            loadTime: loadTime, expiresAt: envelope.expires, staleUntil: envelope.staleUntil)
    }

    func weight(with key: String) -> Int {
        envelope.tags.reduce(key.utf8.count + envelope.value.count) { $0 + $1.utf8.count }
    }
}

/// The levels, all asked in the same way. One that is not there holds nothing.
struct LevelStores: ~Copyable {
    typealias Memory = Cache<String, HeldValue, AnyPolicy>
    typealias Level = LayeredCache.Level

    var memory: Memory?
    var files: FileCache?
    let node: LayeredCache.Node?
    var database: DatabaseCache?

    /// What a level answers to a reader.
    struct Reply {
        /// What it holds, unless that is over.
        var held: HeldValue?
        /// The right to load it.
        var lease: LeaseToken?
        /// Until when somebody else has that; nil for nobody.
        var waitsUntil: Instant?
    }

    /// The level could not do what it was told, but works.
    struct Refusal: Error {}

    mutating func get(_ key: String, from level: Level, at now: Instant) throws -> Reply {
        switch level {
        case .memory:
            guard case .hit(let held, _) = memory?.get(key, at: now) else { return Reply() }
            return Reply(held: held)
        case .files:
            return Reply(held: try files?.get(key, at: now, allowingStale: true).map { HeldValue(envelope: $0) })
        case .node: return try ask(.get(key), at: now).map { Reply($0, at: now) } ?? Reply()
        case .database:
            return Reply(held: try database?.get(key, at: now, allowingStale: true).map { HeldValue(envelope: $0) })
        }
    }

    /// A level takes a value in, or at least holds no older one; a ``Refusal`` if it holds a newer one.
    /// - Parameter lease: the node's, for a value that was loaded.
    mutating func set(
        _ key: String, _ held: HeldValue, in level: Level, lease: LeaseToken?, at now: Instant
    ) throws {
        let envelope = held.envelope
        switch level {
        case .memory:
            memory?.insert(
                key, held, weight: held.weight(with: key), loadedAt: envelope.created, expiresAt: envelope.staleUntil,
                at: now)
        case .files: try files?.set(key, envelope, at: now)
        case .node:
            guard envelope.freshness(at: now) == .fresh else { return try remove(key, from: .node, at: now) }
            let life = envelope.expires < .distantFuture ? envelope.expires - now : nil
            let request = NodeRequest.set(
                key, envelope, version: envelope.version, timeToLive: life, weight: held.weight(with: key), lease: lease
            )
            if case .refused(let reason) = try ask(request, at: now), reason != .tooHeavy { throw Refusal() }
        case .database: try database?.set(key, envelope, at: now)
        }
    }

    mutating func remove(_ key: String, from level: Level, at now: Instant) throws {
        switch level {
        case .memory: memory?.remove(key)
        case .files: try files?.remove(key, at: now)
        case .node: _ = try ask(.delete(key), at: now)
        case .database: try database?.remove(key)
        }
    }

    private func ask(
        _ request: NodeRequest<String, CacheEnvelope>, at now: Instant
    ) throws -> NodeReply<CacheEnvelope>? {
        try node?(request, now)
    }
}

extension LevelStores.Reply {
    fileprivate init(_ reply: NodeReply<CacheEnvelope>, at now: Instant) {
        switch reply {
        case .hit(let envelope, _, _): held = HeldValue(envelope: envelope)
        case .stale(let envelope, _, _, let lease):
            held = envelope.ended(at: now).map { HeldValue(envelope: $0) }
            self.lease = lease
            // How long the other one has, the node does not say.
            if lease == nil { waitsUntil = now }
        case .missWithLease(let lease): self.lease = lease
        case .wait(let until): waitsUntil = until
        case .stored, .refused, .deleted: break
        }
        if held?.envelope.freshness(at: now) == .over { held = nil }
    }
}

extension CacheEnvelope {
    /// The same, stale from now on.
    fileprivate func ended(at now: Instant) -> CacheEnvelope? {
        try? CacheEnvelope(
            isNegative ? nil : value, version: version, created: created, expires: min(expires, now),
            staleUntil: staleUntil, tags: tags)
    }
}
