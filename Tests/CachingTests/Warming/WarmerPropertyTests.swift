import Caching
import Testing
import Timeline

@Suite("Cache warmer under random settles")
struct WarmerPropertyTests {
    @Test("every key is loaded, failed, skipped or unfinished once, and neither concurrency nor rate is exceeded")
    func conservation() throws {
        for seed in 0..<200 as Range<UInt64> {
            var run = try Run(seed: seed)
            let complaint = run.play()
            #expect(complaint == nil, "seed \(seed)")
        }
    }

    /// A few warmings one after the other, with sources that fail, come late, or never answer.
    struct Run {
        var random: RandomStream
        var warmer: CacheWarmer<Int>
        var now = Instant.zero
        /// What runs, by whether it belongs to the present warming.
        var running: [(load: CacheWarmer<Int>.Load, isPresent: Bool)] = []
        var begunAt: [Instant] = []
        var fates: [Int: String] = [:]
        var avoidedUntil: [Instant]

        init(seed: UInt64) throws {
            random = RandomStream(seed: seed, name: "warmer", purpose: "settles")
            let settings = try CacheWarmerSettings(
                sources: 1 + Int(random.below(4)), concurrency: 1 + Int(random.below(6)),
                rate: random.chance(0.5) ? 1 + 300 * random.uniform() : nil,
                timeout: .milliseconds(1 + Int64(random.below(1_000))),
                avoidance: .milliseconds(Int64(random.below(200))), failuresKept: Int(random.below(5)))
            warmer = CacheWarmer(settings)
            avoidedUntil = [Instant](repeating: Instant(nanoseconds: .min), count: settings.sources)
        }

        /// Returns what is wrong, or nil.
        mutating func play() -> String? {
            for _ in 0..<4 {
                let keys = (0..<random.below(30)).map { _ in Int(random.below(40)) }
                warmer.start(keys, at: now)
                fates = [:]
                for place in running.indices { running[place].isPresent = false }
                if let complaint = warm(Set(keys)) { return complaint }
            }
            return nil
        }

        private mutating func warm(_ keys: Set<Int>) -> String? {
            for _ in 0..<2_000 {
                var skipped: [Int] = []
                let step = warmer.next(at: now) { key in
                    if key % 5 == 0 { skipped.append(key) }
                    return key % 5 == 0
                }
                for key in skipped where fates.updateValue("skipped", forKey: key) != nil {
                    return "\(key) skipped twice"
                }
                switch step {
                case .load(let load):
                    if let complaint = begin(load) { return complaint }
                case .wait(let until):
                    guard until > now else { return "wait until \(until) at \(now)" }
                    wait(until)
                case .done(let report): return judge(report, keys)
                }
            }
            return "no end"
        }

        private mutating func begin(_ load: CacheWarmer<Int>.Load) -> String? {
            guard fates.updateValue("begun", forKey: load.key) == nil else { return "\(load.key) begun twice" }
            guard avoidedUntil[load.source] <= now else { return "source \(load.source) was to be avoided" }
            let free = avoidedUntil.indices.filter { avoidedUntil[$0] <= now }
            guard inFlight(load.source) == free.map(inFlight).min() else { return "source \(load.source) is busier" }
            running.append((load, true))
            begunAt.append(now)
            guard running.count <= warmer.settings.concurrency else { return "\(running.count) at once" }
            guard running.count == warmer.inFlight else { return "\(running.count) run, not \(warmer.inFlight)" }
            guard let rate = warmer.settings.rate, begunAt.count > 1 else { return nil }
            let gap = (now - begunAt[begunAt.count - 2]).seconds
            return gap * rate >= 1 - 1e-12 ? nil : "\(gap) s between loads"
        }

        private func inFlight(_ source: Int) -> Int { running.count { $0.load.source == source } }

        /// Some time passes, or a load ends before it does.
        private mutating func wait(_ until: Instant) {
            guard !running.isEmpty, random.chance(0.8) else {
                now = until
                return
            }
            now = min(until, now + .microseconds(Int64(random.below(20_000))))
            let (load, isPresent) = running.remove(at: Int(random.below(UInt64(running.count))))
            let hasFailed = random.chance(0.3)
            let isCounted = warmer.settle(load, hasFailed ? .failed : .loaded, at: now)
            avoidedUntil[load.source] =
                hasFailed ? now + warmer.settings.avoidance : Instant(nanoseconds: .min)
            if isCounted { fates[load.key] = !isPresent ? "former" : hasFailed ? "failed" : "loaded" }
        }

        private func judge(_ report: WarmingReport<Int>, _ keys: Set<Int>) -> String? {
            guard report.asked == keys.count, keys.isSuperset(of: fates.keys) else { return "other keys" }
            let counts = ["loaded", "failed", "skipped"].map { fate in fates.values.count { $0 == fate } }
            guard counts == [report.loaded, report.failed, report.skipped] else { return "\(report), not \(counts)" }
            guard fates.values.allSatisfy({ $0 != "former" }) else { return "a former load was counted" }
            let rest = keys.count - counts.reduce(0, +)
            guard report.unfinished == rest else { return "\(report.unfinished) unfinished, not \(rest)" }
            let timeout = warmer.settings.timeout
            guard let end = report.endedAt, end - report.startedAt <= timeout else { return "too long" }
            guard report.unfinished == 0 || end - report.startedAt == timeout else { return "given up too early" }
            let kept = min(report.failed, warmer.settings.failuresKept)
            return report.failures.count == kept ? nil : "\(report.failures.count) failures"
        }
    }
}
