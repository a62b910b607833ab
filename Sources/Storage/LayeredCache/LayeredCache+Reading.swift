import Caching
public import Timeline

extension LayeredCache {
    /// The value of a key: from the nearest level that has it, or loaded.
    /// - Parameter load: asks the origin; nil if it has no value. It throws if it fails.
    /// - Returns: what there is, stale if the load fails and that is allowed.
    /// - Throws: what the load throws, if nothing can be served in its place.
    public mutating func get<Failure: Error>(
        _ key: String, at now: Instant, load: (String) throws(Failure) -> Loaded?
    ) throws(Failure) -> Answer {
        history?.record(key, at: now)
        let search = look(key, at: now)
        guard let found = search.found else { return try loaded(key, search, at: now, load) }
        promote(found, of: key, search, at: now)
        return answer(found.held.cached, from: found.level, at: now)
    }

    /// Loads a key anew although there may still be a fresh value, as an answer has asked for.
    /// - Parameter load: as for ``get(_:at:load:)``.
    /// - Returns: what was loaded, or what there was if that fails and fail-safe is on.
    /// - Throws: what the load throws, if nothing may be served in its place.
    @discardableResult
    public mutating func refresh<Failure: Error>(
        _ key: String, at now: Instant, load: (String) throws(Failure) -> Loaded?
    ) throws(Failure) -> Answer {
        var search = look(key, at: now)
        search.stale = search.found ?? search.stale
        return try loaded(key, search, at: now, load)
    }

    /// What is found goes up, as far as a new value would be placed.
    private mutating func promote(_ found: Finding, of key: String, _ search: Search, at now: Instant) {
        let pattern = history?.pattern(of: key, at: now) ?? .unseen
        let targets = settings.promotion.targets(
            for: pattern, foundAt: found.level.rawValue, levels: Level.allCases.count
        ).clamped(to: placed(found.held.envelope, of: key, at: now))
        var lease = search.lease
        for level in levels.reversed() where targets.contains(level.rawValue) {
            guard (try? put(found.held, of: key, in: level, search, at: now)) == true else { continue }
            counts[level.rawValue].promotions += 1
            if level == .node { lease = nil }
        }
        giveBack(lease, of: key, at: now)
    }

    private mutating func loaded<Failure: Error>(
        _ key: String, _ search: Search, at now: Instant, _ load: (String) throws(Failure) -> Loaded?
    ) throws(Failure) -> Answer {
        if let until = search.waitsUntil, settings.reading.isSingleFlight {
            return search.stale.map { answer($0.held.cached, from: $0.level, at: now) } ?? .busy(until: until)
        }
        let flight: FlightID
        switch path.begin(key, reader: 0, stale: search.stale?.held.cached, at: now) {
        case .stale(let value):
            giveBack(search.lease, of: key, at: now)
            return answer(value, from: search.stale?.level, at: now)
        case .load(let id, _), .join(let id, _): flight = id
        }
        do {
            let loaded = try load(key)
            return land(flight, loaded, of: key, search, at: now)
        } catch {
            let landing = path.land(flight, .failed, at: now)
            giveBack(search.lease, of: key, at: now)
            guard case .stale(let value) = landing?.answer else { throw error }
            return answer(value, from: search.stale?.level, at: now)
        }
    }

    /// A load has come to its end: what is kept of it goes into the levels that it is for.
    private mutating func land(
        _ flight: FlightID, _ loaded: Loaded?, of key: String, _ search: Search, at start: Instant
    ) -> Answer {
        let now = start + (loaded?.took ?? .zero)
        let result: ReadPath<String, [UInt8]>.Result =
            loaded.map { .value($0.value, version: $0.version) } ?? .absent(version: 0)
        let kept = path.land(flight, result, at: now)?.kept
        if let kept, let held = held(kept, tags: loaded?.tags ?? [], at: now) {
            keep(held, of: key, search, at: now)
        } else {
            giveBack(search.lease, of: key, at: now)
            forget(key, search, at: now)
        }
        let source = Source(level: nil, age: .zero, isStale: false, needsRefresh: false)
        return loaded.map { .value($0.value, source) } ?? .absent(source)
    }

    private mutating func keep(_ held: HeldValue, of key: String, _ search: Search, at now: Instant) {
        let placed = placed(held.envelope, of: key, at: now)
        for level in levels.reversed() {
            guard placed.contains(level.rawValue) else {
                pass(held, of: key, by: level, search, at: now)
                continue
            }
            do {
                if try put(held, of: key, in: level, search, at: now) { counts[level.rawValue].stores += 1 }
            } catch {
                // What it holds is older, and must not come back when it is well again.
                trust.distrust(key, in: level, before: held.envelope.created)
            }
        }
    }

    /// A value goes past a level, which then holds nothing for its key, or a newer version.
    private mutating func pass(
        _ held: HeldValue, of key: String, by level: Level, _ search: Search, at now: Instant
    ) {
        switch search[level] {
        case .version(let version) where version > held.envelope.version: return
        case .nothing where level != .node || search.lease == nil: return
        default: break
        }
        guard invalidate(key, in: level, at: now) != .done else { return }
        trust.distrust(key, in: level, before: held.envelope.created)
    }

    /// There is no value, and that is not kept: what levels hold is not the case any more.
    private mutating func forget(_ key: String, _ search: Search, at now: Instant) {
        let moment = trust.stamp(now)
        for level in levels.reversed() where search[level] != .nothing {
            if invalidate(key, in: level, at: now) != .done { trust.distrust(key, in: level, before: moment) }
        }
    }

    /// A value that was loaded or written at this moment.
    mutating func held(_ value: CachedValue<[UInt8]>, tags: [String], at now: Instant) -> HeldValue? {
        let envelope = try? CacheEnvelope(
            value.value, version: value.version, created: trust.stamp(now), expires: value.expiresAt,
            staleUntil: value.staleUntil, tags: tags)
        return envelope.map { HeldValue(envelope: $0, loadTime: value.loadTime) }
    }

    private mutating func answer(_ value: CachedValue<[UInt8]>, from level: Level?, at now: Instant) -> Answer {
        let source = Source(
            level: level, age: max(.zero, now - value.loadedAt), isStale: !value.isFresh(at: now),
            needsRefresh: settings.reading.refreshes(value, at: now, using: &random))
        return value.value.map { .value($0, source) } ?? .absent(source)
    }
}
