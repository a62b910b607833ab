public import Caching
public import Timeline

extension LayeredCache {
    /// Writes a value: to the origin first, then to the levels, or around them, as ``LayeredCacheSettings/writing`` says.
    ///
    /// A level that cannot be updated, or that the value is not for by ``LayeredCacheSettings/placement``, is invalidated.
    /// - Parameters:
    ///   - value: at most ``Caching/CacheEnvelope/longestValue`` bytes.
    ///   - version: which version it is, as the origin counts them; 0 if it counts none.
    ///   - tags: as many and as long as a ``Caching/CacheEnvelope`` can have.
    ///   - store: makes the write at the origin, by default there is none to be told. For write-behind it puts the write
    ///     into a ``Caching/WriteBehindQueue``, and whoever owns that has to run it: this cache does not.
    /// - Throws: a ``Timeline/SettingError`` that names what is too long; nothing was written then.
    @discardableResult
    public mutating func set(
        _ key: String, _ value: [UInt8], version: UInt64 = 0, tags: [String] = [], at now: Instant,
        store: () -> WriteOutcome = { .done }
    ) throws(SettingError) -> Written {
        let written = settings.reading.loaded(value, version: version, startedAt: now, at: now)
        let envelope = try CacheEnvelope(
            value, version: version, created: trust.stamp(now), expires: written.expiresAt,
            staleUntil: written.staleUntil, tags: tags)
        return write(placed: placed(envelope, of: key, at: now), store) { cache, level, change in
            guard change == .update else { return cache.invalidate(key, in: level, at: now) }
            let outcome = cache.outcome(in: level, at: now) {
                try $0.set(key, HeldValue(envelope: envelope), in: level, lease: nil, at: now)
            }
            if outcome == .done { cache.counts[level.rawValue].stores += 1 }
            return outcome
        } distrust: { cache, level in
            cache.trust.distrust(key, in: level, before: envelope.created)
        }
    }

    /// Removes a key: at the origin first, then from every level.
    /// - Parameter store: removes it at the origin, by default there is none to be told.
    @discardableResult
    public mutating func remove(
        _ key: String, at now: Instant, store: () -> WriteOutcome = { .done }
    ) -> Written {
        let moment = trust.stamp(now)
        return write(placed: nil, store) { cache, level, _ in
            cache.invalidate(key, in: level, at: now)
        } distrust: { cache, level in
            cache.trust.distrust(key, in: level, before: moment)
        }
    }

    /// Removes all values that have a tag, from every level. The database drops them; elsewhere they are dropped when
    /// they are met.
    @discardableResult
    public mutating func remove(tagged tag: String, at now: Instant) -> Written {
        trust.distrust(tag: tag, before: trust.stamp(now))
        return write(placed: nil, { .done }) { cache, level, _ in
            guard level == .database else { return .done }
            return cache.outcome(in: level, at: now) { try $0.database?.remove(tagged: tag) }
        } distrust: { _, _ in
        }
    }

    mutating func invalidate(_ key: String, in level: Level, at now: Instant) -> WriteOutcome {
        outcome(in: level, at: now) { try $0.remove(key, from: level, at: now) }
    }

    /// Takes the steps of a write.
    /// - Parameter placed: the levels that the value is for; nil if there is none any more.
    private mutating func write(
        placed: Range<Int>?, _ store: () -> WriteOutcome,
        change: (inout LayeredCache, Level, LevelChange) -> WriteOutcome,
        distrust: (inout LayeredCache, Level) -> Void
    ) -> Written {
        let changes = levels.map { placed?.contains($0.rawValue) == true ? LevelChange.update : .invalidate }
        var run = WriteRun(WritePlan(settings.writing, .readYourWrites, isDelete: placed == nil, levels: changes))
        while let step = run.next {
            switch step {
            case .store, .enqueue: run.finish(store())
            case .level(let place, let kind): run.finish(change(&self, levels[place], kind))
            // Whoever runs the queue waits for it.
            case .awaitFlush: run.finish(.done)
            }
        }
        let disagreeing = run.disagreeing.map { levels[$0] }
        for level in disagreeing { distrust(&self, level) }
        return Written(failure: run.failure, disagreeing: disagreeing)
    }

    private mutating func outcome(
        in level: Level, at now: Instant, _ body: (inout LevelStores) throws -> Void
    ) -> WriteOutcome {
        do {
            try attempt(level, at: now, body)
            return .done
        } catch {
            return .failed(error is LevelStores.Refusal ? .rejected : .unavailable)
        }
    }
}
