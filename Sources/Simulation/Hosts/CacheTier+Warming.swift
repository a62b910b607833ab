import Caching
import Timeline

extension CacheTier {
    /// What a cache's settings need in order to know which keys are worth a level, or a load ahead.
    mutating func prepareWarming() {
        let isKept = plan.promotion != .always || plan.placement != .everywhere || plan.warming != nil
        if history == nil, isKept {
            let clock = plan.warming?.clock ?? .ordinary
            history = (try? AccessHistorySettings(keys: Self.keysHeardOf, clock: clock)).map { AccessHistory($0) }
        }
        if let warming = plan.warming, warmers.first?.settings != warming.settings {
            warmers = Array(repeating: CacheWarmer(warming.settings), count: levels.nodes)
        }
    }

    /// Begins to warm a node with what its plan chooses; returns how many keys that are.
    mutating func beginWarming(node: Int, at now: Instant) -> Int {
        let strategy: WarmingStrategy<UInt64>
        switch plan.warming?.choice {
        case .popular(let count, _): strategy = .popular(count)
        case .comingHour(let count, let likelihood): strategy = .comingHour(count: count, likelihood: likelihood)
        case .first(let count, _):
            strategy = .listed((0..<UInt64(count)).flatMap { number in readers.map { Self.key(number + 1, $0) } })
        case .next, nil: return 0
        }
        return warm(node, by: strategy, at: now)
    }

    /// Begins to warm a node with what usually follows a key, if that is chosen and the node warms nothing else; returns
    /// whether it has.
    mutating func foresee(from key: UInt64, node: Int, at now: Instant) -> Bool {
        guard case .next(let count, let confidence)? = plan.warming?.choice, warmers[node].givesUpAt == nil
        else { return false }
        return warm(node, by: .successors(of: key, count: count, confidence: confidence), at: now) > 0
    }

    private mutating func warm(_ node: Int, by strategy: WarmingStrategy<UInt64>, at now: Instant) -> Int {
        guard let keys = history.map({ strategy.keys(from: $0, at: now) }), !keys.isEmpty else { return 0 }
        warmers[node].start(keys, at: now)
        return keys.count
    }

    /// What a node's warmer does next. What a level behind the nearest has goes up without a load.
    mutating func nextWarming(node: Int, at now: Instant) -> CacheWarmer<UInt64>.Step {
        var warmer = warmers[node]
        let step = warmer.next(at: now) { key in bringUp(key, node: node, at: now) }
        warmers[node] = warmer
        return step
    }

    /// Whether some level has a key fresh for a node; from there it goes up as if it had been asked for.
    private mutating func bringUp(_ key: UInt64, node: Int, at now: Instant) -> Bool {
        for level in plan.levels.indices {
            guard let held = freshValue(of: key, level: level, node: node, at: now) else { continue }
            let finding = Levels.Finding(level: level, held: held)
            levels.promote(
                key, finding, to: targets(of: key, foundAt: level, at: now), node: node, weight: weight(of: held, key),
                at: now)
            return true
        }
        return false
    }
}
