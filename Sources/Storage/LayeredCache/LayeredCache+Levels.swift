import Caching
import Resilience
import Timeline

extension LayeredCache {
    /// What was found on the way through the levels.
    struct Search {
        var found: Finding?
        /// The least stale value.
        var stale: Finding?
        /// The node's leave to load, to be given back.
        var lease: LeaseToken?
        /// Until when somebody else loads it.
        var waitsUntil: Instant?
        /// What is known of each level.
        var seen = [Seen](repeating: .unknown, count: Level.allCases.count)

        /// The newest version that was seen.
        var newest: UInt64 {
            seen.reduce(0) { if case .version(let version) = $1 { max($0, version) } else { $0 } }
        }

        subscript(level: Level) -> Seen { seen[level.rawValue] }
    }

    /// What a level is known to hold for a key.
    enum Seen: Hashable {
        /// It was not asked, or has failed.
        case unknown
        case nothing
        case version(UInt64)
    }

    struct Finding {
        var level: Level
        var held: HeldValue
    }

    /// Asks level by level, until one has a fresh value.
    mutating func look(_ key: String, at now: Instant) -> Search {
        var search = Search()
        for level in levels {
            guard let reply = reply(of: level, on: key, newest: search.newest, at: now) else {
                counts[level.rawValue].failures += 1
                continue
            }
            counts[level.rawValue].lookups += 1
            search.lease = reply.lease ?? search.lease
            search.waitsUntil = reply.waitsUntil ?? search.waitsUntil
            search.seen[level.rawValue] = reply.held.map { .version($0.envelope.version) } ?? .nothing
            guard let held = reply.held else { continue }
            if held.envelope.freshness(at: now) == .fresh {
                counts[level.rawValue].hits += 1
                search.found = Finding(level: level, held: held)
                return search
            }
            counts[level.rawValue].stale += 1
            if search.stale.map({ held.envelope.expires > $0.held.envelope.expires }) ?? true {
                search.stale = Finding(level: level, held: held)
            }
        }
        return search
    }

    /// What a level has for a key. What must not be read is removed there, and the level asked again, for its lease.
    private mutating func reply(
        of level: Level, on key: String, newest: UInt64, at now: Instant
    ) -> LevelStores.Reply? {
        guard let reply = try? attempt(level, at: now, { try $0.get(key, from: level, at: now) }) else { return nil }
        guard let held = reply.held, !admits(held, key, level, newest) else { return reply }
        try? attempt(level, at: now) { try $0.remove(key, from: level, at: now) }
        guard level == .node else { return LevelStores.Reply() }
        var second = try? attempt(level, at: now) { try $0.get(key, from: level, at: now) }
        if let held = second?.held, !admits(held, key, level, newest) { second?.held = nil }
        return second
    }

    /// Whether a value may be read: not if an older version than one that was seen above it.
    private mutating func admits(_ held: HeldValue, _ key: String, _ level: Level, _ newest: UInt64) -> Bool {
        held.envelope.version >= newest && trust.admits(held.envelope, of: key, in: level)
    }

    /// A level takes in a value that was loaded or found below; nothing happens if it holds a newer version, or would
    /// not hand the value out.
    /// - Returns: whether it has it.
    mutating func put(
        _ held: HeldValue, of key: String, in level: Level, _ search: Search, at now: Instant
    ) throws -> Bool {
        if case .version(let version) = search[level], version > held.envelope.version { return false }
        guard trust.admits(held.envelope, of: key, in: level) else { return false }
        // Somebody else loads it for the node.
        if level == .node, search.lease == nil, search.waitsUntil != nil { return false }
        do {
            try attempt(level, at: now) { try $0.set(key, held, in: level, lease: search.lease, at: now) }
            return true
        } catch is LevelStores.Refusal {
            return false
        }
    }

    /// The levels that a value of a key is for, the nearest of them first; whichever cannot hold it loses the key.
    func placed(_ envelope: CacheEnvelope, of key: String, at now: Instant) -> Range<Int> {
        let (count, last) = (Level.allCases.count, levels.last?.rawValue ?? 0)
        let pattern = history?.pattern(of: key, at: now) ?? .unseen
        let found = settings.placement.levels(
            for: envelope.value.count, pattern: pattern, room: [Int](repeating: .max, count: count))
        return min(found.lowerBound, last)..<count
    }

    /// Nothing comes of the node's lease: the next one to ask may load.
    mutating func giveBack(_ lease: LeaseToken?, of key: String, at now: Instant) {
        guard lease != nil else { return }
        try? attempt(.node, at: now) { try $0.remove(key, from: .node, at: now) }
    }

    /// Asks a level to do something, if its circuit breaker allows.
    @discardableResult
    mutating func attempt<Answer>(
        _ level: Level, at now: Instant, _ body: (inout LevelStores) throws -> Answer
    ) throws -> Answer {
        guard let permit = breakers[level.rawValue].admit(at: now).permit else { throw LeftAlone() }
        do {
            let answer = try body(&stores)
            _ = breakers[level.rawValue].record(.success, took: .zero, permit: permit, at: now)
            return answer
        } catch {
            let outcome: CircuitBreaker.Outcome = error is LevelStores.Refusal ? .success : .failure
            _ = breakers[level.rawValue].record(outcome, took: .zero, permit: permit, at: now)
            throw error
        }
    }

    /// The circuit breaker does not let anybody ask the level.
    private struct LeftAlone: Error {}
}
