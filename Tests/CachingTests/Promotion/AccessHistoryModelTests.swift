import Caching
import Testing
import Timeline

@Suite("Access history against a list")
struct AccessHistoryModelTests {
    @Test("the counts of the window, recency, locality and the keys known agree with those of a list of all uses")
    func agrees() throws {
        for seed in 0..<30 as Range<UInt64> {
            var run = try Run(seed: seed)
            for step in 0..<300 {
                guard run.step() else {
                    Issue.record("seed \(seed), use \(step)")
                    break
                }
            }
        }
    }

    /// Random uses of few keys, some of them after long pauses.
    struct Run {
        var random: RandomStream
        var now: Instant
        var history: AccessHistory<UInt64>
        var model: NaiveHistory
        let drawn: UInt64

        init(seed: UInt64) throws {
            random = RandomStream(seed: seed, name: "history", purpose: "uses")
            let settings = try AccessHistorySettings(
                keys: 1 + Int(random.below(8)), window: .milliseconds(1 + Int64(random.below(50))),
                buckets: 1 + Int(random.below(7)), closeGap: .microseconds(1 + Int64(random.below(3_000))))
            history = AccessHistory(settings)
            model = NaiveHistory(settings)
            drawn = 1 + random.below(12)
            now = Instant(nanoseconds: Int64(random.below(100_000_000)) - 50_000_000)
        }

        mutating func step() -> Bool {
            let longest: UInt64 = random.chance(0.05) ? 100_000_000 : 2_000_000
            now = now + .nanoseconds(Int64(random.below(longest)))
            let key = random.below(drawn)
            history.record(key, at: now)
            model.record(key, at: now)
            let later = now + .nanoseconds(Int64(random.below(longest)))
            guard history.count <= history.settings.keys else { return false }
            guard history.keysByRecency == model.keysByRecency else { return false }
            return (0..<drawn).allSatisfy { isSame($0, at: later) }
        }

        private func isSame(_ key: UInt64, at later: Instant) -> Bool {
            let pattern = history.pattern(of: key, at: later)
            let uses = model.uses[key] ?? []
            guard let last = uses.last else { return pattern == .unseen }
            let counts = model.counts(key, at: later)
            let window = history.settings.window
            let inWindow = uses.count { later - $0.at < window }
            let isRight = pattern.frequency == counts.all && pattern.recency == later - last.at
            let locality = counts.all == 0 ? 0 : Double(counts.close) / Double(counts.all)
            return isRight && pattern.accesses == uses.count && pattern.locality == locality
                && pattern.frequency <= inWindow && isUnit(pattern.seasonality) && isUnit(pattern.predictability)
        }

        private func isUnit(_ value: Double) -> Bool { value >= 0 && value <= 1 }
    }
}

/// A history that is slow and obviously right: a list of all uses of each key that is known.
struct NaiveHistory {
    struct Use {
        var at: Instant
        var isClose: Bool
    }

    let settings: AccessHistorySettings
    var uses: [UInt64: [Use]] = [:]
    /// The last used first.
    var keysByRecency: [UInt64] = []

    init(_ settings: AccessHistorySettings) { self.settings = settings }

    mutating func record(_ key: UInt64, at now: Instant) {
        let isClose = uses[key]?.last.map { now - $0.at <= settings.closeGap } ?? false
        keysByRecency.removeAll { $0 == key }
        if keysByRecency.count == settings.keys, let oldest = keysByRecency.popLast() { uses[oldest] = nil }
        keysByRecency.insert(key, at: 0)
        uses[key, default: []].append(Use(at: now, isClose: isClose))
    }

    /// The uses in the bucket of that moment and in those before it, as many as there are buckets.
    func counts(_ key: UInt64, at now: Instant) -> (all: Int, close: Int) {
        let present = bucket(now)
        let counted = (uses[key] ?? []).filter { bucket($0.at) > present - settings.buckets }
        return (counted.count, counted.count { $0.isClose })
    }

    private func bucket(_ moment: Instant) -> Int {
        let width = settings.window.nanoseconds / Int64(settings.buckets)
        return Int((Double(moment.nanoseconds) / Double(width)).rounded(.down))
    }
}
