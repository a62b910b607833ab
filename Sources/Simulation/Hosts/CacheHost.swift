import Caching
public import Timeline

/// The chapter of the caches in front of services. A value is the version of its key that was read for it.
struct CacheHost: Sendable {
    typealias Levels = CacheLevels<UInt64, UInt64>
    typealias Path = ReadPath<UInt64, UInt64>

    /// A service's cache.
    struct Tier: Sendable {
        var plan: CachePlan
        var levels: Levels
        var path: Path
        var draws: RandomStream
        /// The version of each key that was written, by the number of the key; what is not here is of version 0.
        var truth: [UInt32: UInt64] = [:]
        /// What each frame loads, and the version that it saw when it began.
        var loads: [UInt32: Load] = [:]
        /// Where each frame waits for somebody else's load.
        var seats: [UInt32: Seat] = [:]
        var counts = CacheCounts()
    }

    /// A load under way.
    struct Load: Sendable {
        var flight: FlightID
        var version: UInt64
        var node: Int
    }

    private var tiers: [Tier] = []
    /// Where each service's cache stands in `tiers`; -1 for none.
    private var places: [Int] = []

    init(plan: Plan) {
        for service in plan.services {
            places.append(service.cache == nil ? -1 : tiers.count)
            guard let cache = service.cache else { continue }
            tiers.append(
                Tier(
                    plan: cache, levels: Self.levels(cache, nodes: service.replicas), path: Path(cache.reading),
                    draws: RandomStream(seed: plan.seed, name: service.name, purpose: "cache")))
        }
    }

    private static func levels(_ plan: CachePlan, nodes: Int) -> Levels {
        do {
            let settings = try plan.levels.map { level in
                try LevelSettings(level.name, capacity: level.entries, isShared: level.isShared) {
                    level.policy.policy(capacity: $0) ?? LRU(capacity: $0)
                }
            }
            return Levels(settings, nodes: nodes, inclusion: plan.inclusion)
        } catch {
            preconditionFailure("a plan's sizes are checked: \(error)")
        }
    }

    /// Takes over changed sizes, lives and latencies.
    mutating func change(to plan: Plan) {
        for (service, place) in zip(plan.services, places) {
            guard place >= 0, let cache = service.cache else { continue }
            tiers[place].plan = cache
            tiers[place].path.change(to: cache.reading)
            for (level, settings) in cache.levels.enumerated()
            where settings.entries != tiers[place].levels.capacity(of: level) {
                tiers[place].levels.resize(level, to: settings.entries)
            }
        }
    }

    func exists(_ service: Int) -> Bool { places[service] >= 0 }

    /// A service's cache, which it must have.
    subscript(service: Int) -> Tier {
        get { tiers[places[service]] }
        _modify { yield &tiers[places[service]] }
    }

    /// A service's cache, if it has one.
    func tier(_ service: Int) -> Tier? {
        exists(service) ? tiers[places[service]] : nil
    }

    /// How many entries all levels hold.
    var entries: Int {
        tiers.reduce(0) { sum, tier in sum + (0..<tier.levels.count).reduce(0) { $0 + tier.levels.held(in: $1) } }
    }
}

extension CacheHost.Tier {
    /// The version of a key that counts.
    func version(of key: UInt64) -> UInt64 { truth[UInt32(truncatingIfNeeded: key)] ?? 0 }

    /// How long it takes to ask these levels, given as bits.
    mutating func latency(ofLevels asked: UInt8) -> Duration {
        var sum = Duration.zero
        for level in plan.levels.indices where asked & (1 << UInt8(level)) != 0 {
            sum = sum + plan.levels[level].latency.sample(using: &draws)
        }
        return sum
    }

    /// What a lookup came to.
    enum Look {
        /// The cache answers, after so long; the version, and a load in the background if one begins.
        case hit(Duration, version: UInt64, refresh: FlightID?)
        /// It does not, as was found after so long; the stale value, if there is one.
        case miss(Duration, stale: CachedValue<UInt64>?)

        var isHit: Bool { if case .hit = self { true } else { false } }
    }

    /// Looks a key up at a node; what is found goes up.
    mutating func look(_ key: UInt64, node: Int, at now: Instant) -> Look {
        counts.lookups += 1
        let lookup = levels.look(key, node: node, at: now)
        let latency = latency(ofLevels: lookup.asked)
        guard var found = lookup.found else { return .miss(latency, stale: lookup.stale?.held) }
        counts.hits += 1
        countAge(of: found.held, at: now)
        countAge(ofAnswer: found.held, to: key, at: now)
        if plan.renewsLives, found.level > 0, let life = plan.reading.lifetime {
            found.held.expiresAt = now + life
            found.held.staleUntil = max(found.held.staleUntil, found.held.expiresAt)
        }
        levels.promote(key, found, to: 0..<found.level, node: node, at: now)
        var refresh: FlightID?
        if plan.reading.refreshes(found.held, at: now, using: &draws) {
            refresh = path.refresh(key, found.held, at: now)
        }
        return .hit(latency, version: found.held.version, refresh: refresh)
    }

    private mutating func countAge(of held: CachedValue<UInt64>, at now: Instant) {
        let age = now - held.loadedAt
        counts.ages = counts.ages + age
        counts.oldest = max(counts.oldest, age)
    }

    /// A load has come to its end: what was loaded is kept, and those are named who waited for it.
    mutating func land(_ load: CacheHost.Load, isOK: Bool, at now: Instant) -> CacheHost.Path.Landing? {
        let result: CacheHost.Path.Result = isOK ? .value(load.version, version: load.version) : .failed
        guard let landing = path.land(load.flight, result, at: now) else { return nil }
        if let kept = landing.kept {
            levels.store(landing.key, kept, in: 0..<levels.count, node: load.node, at: now)
        } else if !isOK, plan.deletesAfterFailure {
            levels.invalidate(landing.key, node: load.node)
        }
        return landing
    }

    /// A key has been written at a node: what that holds of it, and what all share, is dealt with at once.
    mutating func write(_ key: UInt64, readBy operations: [UInt16], node: Int, at now: Instant) {
        let number = UInt32(truncatingIfNeeded: key)
        truth[number, default: 0] += 1
        counts.writes += 1
        for operation in operations {
            let key = UInt64(operation) << 32 | UInt64(number)
            switch plan.writing {
            case .invalidate: levels.invalidate(key, node: node)
            case .ignore: break
            case .update:
                let version = version(of: key)
                let value = plan.reading.loaded(version, version: version, startedAt: now, at: now)
                levels.store(key, value, in: 0..<levels.count, node: node, at: now)
            }
        }
    }
}

extension CacheHost.Tier {
    /// A node has crashed: what it had in memory, the nearest level, is gone, unless that is shared.
    mutating func loseMemory(ofNode node: Int) {
        if !plan.levels.isEmpty, !plan.levels[0].isShared { levels.flush(0, node: node) }
    }

    /// Empties a level at all nodes, or all levels; returns how many entries went.
    mutating func flush(_ level: Int?) -> Int {
        guard let level else { return plan.levels.indices.reduce(0) { $0 + levels.flush($1) } }
        return plan.levels.indices.contains(level) ? levels.flush(level) : 0
    }
}

/// What the cache of a service has done, level by level apart.
public struct CacheCounts: Hashable, Sendable {
    /// All lookups.
    public var lookups = 0
    /// Those that some level answered with what was fresh to it.
    public var hits = 0
    /// Answers that were older than the latest write of their key: fresh to the cache, and wrong.
    public var staleReads = 0
    /// The age of the oldest value among them.
    public var oldestWrong = Duration.zero
    /// Writes of keys.
    public var writes = 0
    /// The ages of all values that were hit, together.
    public var ages = Duration.zero
    /// The age of the oldest value that was hit.
    public var oldest = Duration.zero

    /// Nothing done yet.
    public init() {}
}

extension CacheHost {
    func mix(into digest: inout Digest) {
        for var tier in tiers {
            digest.mix(UInt64(tier.counts.hits), UInt64(tier.counts.lookups))
            digest.mix(UInt64(tier.counts.staleReads), UInt64(tier.path.loading))
            for level in 0..<tier.levels.count {
                digest.mix(UInt64(tier.levels.held(in: level)), UInt64(tier.levels.statistics(of: level).hits))
            }
            digest.mix(tier.draws.next())
        }
    }
}
