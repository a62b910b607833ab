import Caching
import Simulation
import Timeline

extension Compiler {
    /// Reads a service's cache.
    mutating func cachePlan(_ tree: Tree) -> CachePlan {
        let reader = SectionReader(tree, CacheKeys.section, &findings)
        let levels = tree["levels"] == nil ? nearLevels(reader) : namedLevels(reader)
        var cache = CachePlan(levels: levels)
        cache.sizes = reader.value(CacheKeys.valueSize, &findings)
        reader.read(CacheKeys.placement, into: &cache.placement, &findings)
        reader.read(CacheKeys.inclusion, into: &cache.inclusion, &findings)
        reader.read(CacheKeys.promotion, into: &cache.promotion, &findings)
        reader.read(CacheKeys.promotedLife, into: &cache.renewsLives, &findings)
        reader.read(CacheKeys.afterFailure, into: &cache.deletesAfterFailure, &findings)
        reader.read(CacheKeys.onWrite, into: &cache.writing, &findings)
        if let count = reader.value(CacheKeys.existing, &findings) {
            cache.existing = count.map(UInt32.init(clamping:))
        }
        if let count = reader.value(CacheKeys.tags, &findings) { cache.tags = count.map(UInt32.init(clamping:)) }
        if let warming = tree["warming"] { cache.warming = warmingPlan(warming.value) }
        cache.sharesFlights = reader.value(CacheKeys.singleFlight, &findings) == .ofAll
        if let coherence = tree["coherence"] { cache.coherence = coherencePlan(coherence.value) }
        do throws(SettingError) {
            cache.reading = try reading(reader)
        } catch {
            findings.add(Self.inFile(error), in: tree)
        }
        return cache
    }

    private mutating func warmingPlan(_ tree: Tree) -> WarmingPlan? {
        let keys = CacheKeys.WarmingKeys.self
        let reader = SectionReader(tree, keys.section, &findings)
        let choice = reader.value(keys.keys, &findings) ?? nil
        do throws(SettingError) {
            let settings = try CacheWarmerSettings(
                concurrency: reader.value(keys.concurrency, &findings) ?? 8,
                rate: reader.value(keys.rate, &findings) ?? nil,
                timeout: reader.value(keys.timeout, &findings) ?? .minutes(1))
            let clock = try DayClock(day: reader.value(keys.day, &findings) ?? .minutes(24 * 60))
            guard let choice else { return nil }
            var warming = WarmingPlan(choice, settings: settings)
            warming.clock = clock
            return warming
        } catch {
            findings.add(error, in: tree)
            return nil
        }
    }

    private mutating func coherencePlan(_ tree: Tree) -> CoherencePlan {
        let reader = SectionReader(tree, CacheKeys.CoherenceKeys.section, &findings)
        var coherence = CoherencePlan(latency: .constant(.milliseconds(1)))
        reader.read(CacheKeys.CoherenceKeys.latency, into: &coherence.latency, &findings)
        reader.read(CacheKeys.CoherenceKeys.loss, into: &coherence.loss, &findings)
        reader.read(CacheKeys.CoherenceKeys.recovery, into: &coherence.recovery, &findings)
        let strategy = reader.value(CacheKeys.CoherenceKeys.strategy, &findings) ?? .immediate
        let patterns = reader.items("patterns", pattern: "[{keys: price:*, strategy: lazy}, ...]", &findings)
        do throws(SettingError) {
            var rules: [InvalidationPattern] = []
            for item in patterns {
                if let pattern = try pattern(item) { rules.append(pattern) }
            }
            coherence.rules = try InvalidationRules(rules, otherwise: strategy, .others)
        } catch {
            findings.add(error, in: tree)
        }
        return coherence
    }

    private mutating func pattern(_ tree: Tree) throws(SettingError) -> InvalidationPattern? {
        let keys = CacheKeys.PatternKeys.self
        let reader = SectionReader(tree, keys.section, &findings)
        let strategy = reader.value(keys.strategy, &findings) ?? .immediate
        let propagation = reader.value(keys.tell, &findings) ?? .others
        guard let pattern = reader.required(keys.keys, &findings) else { return nil }
        return try InvalidationPattern(pattern, strategy, propagation)
    }

    /// Reads how the writes of a service's cache reach their store, now that everything has a name.
    mutating func readWriteBehind(of service: Int, _ tree: Tree?) {
        guard let tree = tree?["write behind"]?.value else { return }
        let reader = SectionReader(tree, CacheKeys.WriteBehindKeys.section, &findings)
        let settings = writeBehindSettings(reader)
        guard let target = reader.required(CacheKeys.WriteBehindKeys.call, &findings),
            let call = resolve(
                target, from: .service(service), at: reader.place(of: CacheKeys.WriteBehindKeys.call.name)),
            let settings
        else { return }
        plan.services[service].cache?.behind = WriteBehindPlan(settings: settings, call: call)
    }

    private mutating func writeBehindSettings(_ reader: SectionReader) -> WriteBehindSettings? {
        let keys = CacheKeys.WriteBehindKeys.self
        do throws(SettingError) {
            return try WriteBehindSettings(
                capacity: reader.value(keys.queue, &findings) ?? 1_000,
                batchSize: reader.value(keys.batch, &findings) ?? 100,
                maxDelay: reader.value(keys.delay, &findings) ?? .seconds(1),
                concurrency: reader.value(keys.batches, &findings) ?? 1,
                coalescing: reader.value(keys.coalesce, &findings) ?? true,
                attempts: reader.value(keys.attempts, &findings) ?? 5)
        } catch {
            let names = ["batchSize": keys.batch.name, "maxDelay": keys.delay.name]
            findings.add(
                SettingError(names[error.setting] ?? error.setting, given: error.given, allowed: error.allowed),
                in: reader.tree)
            return nil
        }
    }

    /// The levels by number, without those at the far end that hold nothing; the first two always are there.
    private mutating func nearLevels(_ reader: SectionReader) -> [CachePlan.Level] {
        var levels: [CachePlan.Level] = []
        let isSized = reader.tree[CacheKeys.valueSize.name] != nil
        for (number, near) in CacheKeys.near.enumerated() {
            var level = CachePlan.Level(number: number, capacity: 0)
            level.capacity = capacity(near.size, reader, inBytes: isSized)
            reader.read(near.latency, into: &level.latency, &findings)
            reader.read(near.policy, into: &level.policy, &findings)
            levels.append(level)
        }
        while levels.count > 2, levels.last?.capacity == 0 { levels.removeLast() }
        return levels
    }

    private mutating func namedLevels(_ reader: SectionReader) -> [CachePlan.Level] {
        let pairs = reader.pairs("levels", of: "levels", &findings)
        if pairs.isEmpty || pairs.count > CachePlan.levelLimit {
            findings.add(
                "\(pairs.count) levels are out of range; allowed: 1 to \(CachePlan.levelLimit)",
                at: reader.place(of: "levels"))
        }
        let isSized = reader.tree[CacheKeys.valueSize.name] != nil
        return pairs.prefix(CachePlan.levelLimit).map { pair in
            check(level: pair)
            let keys = SectionReader(pair.value, CacheKeys.LevelKeys.section, &findings)
            var level = CachePlan.Level(name: pair.key, capacity: 0)
            level.capacity = capacity(CacheKeys.LevelKeys.size, keys, inBytes: isSized)
            keys.read(CacheKeys.LevelKeys.latency, into: &level.latency, &findings)
            keys.read(CacheKeys.LevelKeys.policy, into: &level.policy, &findings)
            keys.read(CacheKeys.LevelKeys.shared, into: &level.isShared, &findings)
            return level
        }
    }

    /// The capacity of a level, in the unit in which all levels of its cache are measured.
    private mutating func capacity(
        _ key: Key<LevelSizeNotation>, _ reader: SectionReader, inBytes isSized: Bool
    ) -> Int {
        switch reader.value(key, &findings) {
        case nil, .entries(0), .bytes(0): return 0
        case .entries(let count):
            if !isSized { return count }
            findings.add(
                "\(count) entries, while \(CacheKeys.valueSize.name) is set; write how much memory, such as 64 MB",
                at: reader.place(of: key.name))
        case .bytes(let bytes):
            if isSized { return (bytes - 1) / 1_000 + 1 }
            findings.add(
                "a level of so much memory needs \(CacheKeys.valueSize.name), such as constant 2kB; or write how many entries",
                at: reader.place(of: key.name))
        }
        return 0
    }

    private mutating func check(level pair: Tree.Pair) {
        check(name: pair)
        let length = pair.key.utf8.count
        if length > LevelSettings.nameLengths.upperBound {
            findings.add(
                "a level's name of \(length) bytes is out of range; allowed: 1 to \(LevelSettings.nameLengths.upperBound)",
                at: pair.place)
        }
    }

    private mutating func reading(_ reader: SectionReader) throws(SettingError) -> ReadSettings {
        let failSafe = reader.value(CacheKeys.failSafe, &findings) ?? nil
        let pause = reader.value(CacheKeys.failSafePause, &findings) ?? .seconds(1)
        return try ReadSettings(
            lifetime: reader.value(CacheKeys.timeToLive, &findings) ?? nil,
            absence: reader.value(CacheKeys.absence, &findings) ?? nil,
            isSingleFlight: (reader.value(CacheKeys.singleFlight, &findings) ?? .none) != .none,
            failSafe: failSafe.map { limit throws(SettingError) in
                try ReadSettings.FailSafe(limit: limit, pause: pause)
            },
            softTimeout: reader.value(CacheKeys.softTimeout, &findings) ?? nil,
            hardTimeout: reader.value(CacheKeys.hardTimeout, &findings) ?? nil,
            refresh: reader.value(CacheKeys.refresh, &findings) ?? .none)
    }

    /// What the library has against a setting, by its name in files.
    private static func inFile(_ error: SettingError) -> SettingError {
        let names = ["softTimeout": CacheKeys.softTimeout.name, "hardTimeout": CacheKeys.hardTimeout.name]
        guard let name = names[error.setting] else { return error }
        return SettingError(name, given: error.given, allowed: error.allowed)
    }
}
