import Caching
import Timeline

extension CacheTier {
    /// What a lookup came to.
    enum Look {
        /// The cache answers, after so long; the version, and a load in the background if one begins.
        case hit(Duration, version: UInt64, refresh: FlightID?)
        /// It does not, as was found after so long; the stale value, if there is one.
        case miss(Duration, stale: CachedValue<UInt64>?)

        var isHit: Bool { if case .hit = self { true } else { false } }
    }

    /// Looks a key up at a node, passing over the levels that fail, as bits; what is found goes up.
    mutating func look(_ key: UInt64, node: Int, failed: UInt8 = 0, at now: Instant) -> Look {
        counts.lookups += 1
        history?.record(key, at: now)
        let lookup = readable(key, node: node, failed: failed, at: now)
        let latency = latency(ofLevels: lookup.asked)
        guard var found = lookup.found else { return .miss(latency, stale: lookup.stale?.held) }
        counts.hits += 1
        if found.held.value == nil { counts.absentHits += 1 }
        let age = now - found.held.loadedAt
        counts.ages = counts.ages + age
        counts.oldest = max(counts.oldest, age)
        if plan.renewsLives, found.level > 0, let life = plan.reading.lifetime {
            found.held.expiresAt = now + life
            found.held.staleUntil = max(found.held.staleUntil, found.held.expiresAt)
        }
        levels.promote(
            key, found, to: targets(of: key, foundAt: found.level, at: now), node: node,
            weight: weight(of: found.held, key), at: now)
        var refresh: FlightID?
        if plan.reading.refreshes(found.held, at: now, using: &draws) {
            refresh = self[pathOf: node].refresh(key, found.held, at: now)
        }
        return .hit(latency, version: found.held.version, refresh: refresh)
    }

    /// Looks a key up; what the node has heard to be overwritten is not served any more.
    private mutating func readable(_ key: UInt64, node: Int, failed: UInt8, at now: Instant) -> Levels.Lookup {
        guard !inboxes.isEmpty else { return levels.look(key, node: node, failed: failed, at: now) }
        let (inbox, tags) = (inboxes[node], tags(of: key))
        let ownWrite = plan.writing == .ignore ? nil : unwritten(Self.number(of: key), at: node)
        return levels.look(key, node: node, failed: failed, at: now) { held in
            held.version < ownWrite ?? 0 || !inbox.isReadable(key, version: held.version, tags: tags, at: now)
        }
    }

    /// The levels to which a value goes that was found at one of them, or loaded from behind the last.
    func targets(of key: UInt64, foundAt level: Int, at now: Instant) -> Range<Int> {
        guard let pattern = history?.pattern(of: key, at: now) else { return 0..<level }
        return plan.promotion.targets(for: pattern, foundAt: level, levels: levels.count)
    }

    /// The levels that a loaded value goes to.
    func places(of key: UInt64, at now: Instant) -> Range<Int> {
        guard plan.placement == .everywhere else {
            let pattern = history?.pattern(of: key, at: now) ?? .unseen
            let room = plan.levels.indices.map { levels.capacity(of: $0) * 1_000 }
            return plan.placement.levels(for: size(of: key), pattern: pattern, room: room)
        }
        // What no level is worth is kept in the last one all the same.
        return min(targets(of: key, foundAt: levels.count, at: now).lowerBound, levels.count - 1)..<levels.count
    }

    /// Whether a level can answer a node with something fresh.
    func holds(_ key: UInt64, level: Int, node: Int, at now: Instant) -> Bool {
        freshValue(of: key, level: level, node: node, at: now) != nil
    }

    /// What a level can answer a node with, without asking it.
    func freshValue(of key: UInt64, level: Int, node: Int, at now: Instant) -> CachedValue<UInt64>? {
        guard let held = levels[level, node: node].entry(for: key)?.value, held.isFresh(at: now) else { return nil }
        return held
    }

    /// An answer of the cache is given: whether it is older than the latest write of its key.
    mutating func isWrong(_ version: UInt64, of key: UInt64, at now: Instant) -> Bool {
        guard let write = latestWrite(of: Self.number(of: key)), version < write.version else { return false }
        counts.staleReads += 1
        counts.longestBehind = max(counts.longestBehind, now - write.at)
        return true
    }

    /// The latest write of a key, or of all keys of its tag.
    func latestWrite(of number: UInt32) -> Write? {
        let ofTag = tag(of: number).flatMap { latestOfTag[$0] }
        guard let own = latest[number] else { return ofTag }
        return ofTag.map { $0.version > own.version ? $0 : own } ?? own
    }

    /// A load of a key begins at a node.
    func load(_ key: UInt64, _ flight: FlightID, node: Int) -> Load {
        let number = Self.number(of: key)
        return Load(
            flight: flight, number: number, version: plan.behind == nil ? origin : seen(number, by: node), node: node,
            token: inboxes.isEmpty ? nil : inboxes[node].beginLoad(of: key))
    }

    /// The version of a key that a node finds in the store, or among its own writes that are not there yet.
    private func seen(_ number: UInt32, by node: Int) -> UInt64 {
        unwritten(number, at: node) ?? stored[number] ?? 0
    }

    /// The version of a key that a node has written and its store does not have; nil if there is none.
    private func unwritten(_ number: UInt32, at node: Int) -> UInt64? {
        guard plan.behind != nil, case .set(let version, _)? = queues[node].read(UInt64(number))?.operation else {
            return nil
        }
        return version
    }

    /// What a load finds that succeeds: a value, or that there is none.
    private func result(of load: Load) -> Path.Result {
        let isWritten = latest[load.number].map { $0.first <= load.version } ?? false
        let exists = isWritten || plan.existing.map { load.number <= $0 } ?? true
        return exists ? .value(load.version, version: load.version) : .absent(version: load.version)
    }

    /// A load has come to its end: what was loaded is kept, and those are named who waited for it.
    mutating func land(_ load: Load, isOK: Bool, at now: Instant) -> Path.Landing? {
        guard let landing = self[pathOf: load.node].land(load.flight, isOK ? result(of: load) : .failed, at: now) else {
            return nil
        }
        if case .absent = landing.answer { counts.absentLoads += 1 }
        if let kept = landing.kept {
            keep(kept, landing.key, of: load, at: now)
        } else if !isOK, plan.deletesAfterFailure {
            levels.invalidate(landing.key, node: load.node)
        }
        return landing
    }

    private mutating func keep(_ value: CachedValue<UInt64>, _ key: UInt64, of load: Load, at now: Instant) {
        if let token = load.token, !inboxes[load.node].mayStore(token, version: load.version, tags: tags(of: key)) {
            counts.overtakenLoads += 1
            return
        }
        let places = value.value == nil ? 0..<levels.count : places(of: key, at: now)
        levels.store(key, value, in: places, node: load.node, weight: weight(of: value, key), at: now)
    }
}
