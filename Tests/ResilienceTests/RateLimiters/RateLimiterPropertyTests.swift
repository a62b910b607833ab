import Resilience
import Testing
import Timeline

@Suite("Whatever happens to a rate limiter", .tags(.property))
struct RateLimiterPropertyTests {
    typealias Algorithm = RateLimiter.Algorithm

    @Test(
        "no window holds more than its limit, retry-after is the truth, and what is there can be had",
        arguments: Algorithm.allCases)
    func randomTraffic(_ algorithm: Algorithm) throws {
        for seed in UInt64(0)..<30 {
            var traffic = try RateTraffic(algorithm, seed: seed)
            if let violation = traffic.run(steps: 100) {
                Issue.record("\(algorithm.rawValue), seed \(seed): \(violation)")
                return
            }
        }
    }

    @Test("random traffic meets every answer", arguments: Algorithm.allCases)
    func meetsEverything(_ algorithm: Algorithm) throws {
        var sums = (granted: 0, delayed: 0, rejected: 0, givenBack: 0)
        for seed in UInt64(0)..<20 {
            var traffic = try RateTraffic(algorithm, seed: seed)
            _ = traffic.run(steps: 100)
            let totals = traffic.limiter.totals
            sums.granted += totals.granted
            sums.delayed += totals.delayed
            sums.rejected += totals.rejected
            sums.givenBack += totals.givenBack
        }
        #expect(sums.granted > 100 && sums.delayed > 100 && sums.rejected > 100 && sums.givenBack > 10)
    }

    @Test("a long idle time fills it to the burst, and no further", arguments: Algorithm.allCases)
    func idle(_ algorithm: Algorithm) throws {
        var limiter = RateLimiter(try .init(algorithm, limit: 7, per: .seconds(1)))
        let burst = limiter.settings.burst
        for _ in 0..<10 { _ = limiter.acquire(at: .zero, maxWait: .seconds(20)) }
        for late in [Instant.after(.seconds(1_000_000)), .after(.maximum - .seconds(10))] {
            #expect(limiter.available(at: late) == burst)
            let granted = (0..<(burst * 2)).count { _ in limiter.acquire(at: late).wait != nil }
            #expect(granted == burst)
        }
    }

    @Test("clocks that jump, absurd requests and changes at any time break nothing", arguments: Algorithm.allCases)
    func extremes(_ algorithm: Algorithm) throws {
        for seed in UInt64(0)..<40 {
            var random = RandomStream(seed: seed, name: algorithm.rawValue, purpose: "extremes")
            var limiter = RateLimiter(try Self.extremeSettings(algorithm, &random))
            for _ in 0..<150 {
                let now = Self.extremeInstant(&random)
                let permits = Self.extremeCount(&random, isLog: algorithm == .slidingLog)
                switch random.below(6) {
                case 0: limiter.giveBack(permits, due: Self.extremeInstant(&random), at: now)
                case 1: limiter.drain(at: now)
                case 2: limiter.changeSettings(try Self.extremeSettings(algorithm, &random), at: now)
                default:
                    let decision = limiter.acquire(permits, at: now, maxWait: Self.extremeInstant(&random).sinceZero)
                    if case .rejected(let retryAfter) = decision, retryAfter <= .zero { Issue.record("\(decision)") }
                    if let wait = decision.wait, wait < .zero { Issue.record("\(decision)") }
                }
                let most = Rate.largestLimit
                if limiter.available(at: now) > most || limiter.reserved(at: now) < 0 { Issue.record("\(limiter)") }
                if let wait = limiter.wait(for: permits, at: now), wait < .zero { Issue.record("\(limiter)") }
            }
        }
    }

    private static func extremeSettings(
        _ algorithm: Algorithm, _ random: inout RandomStream
    ) throws -> RateLimiter.Settings {
        let per = [1, 7, 1_000_000_000, .max][Int(random.below(4))] as Int64
        // A log of a small limit, since it has a place for every permit.
        let largest = algorithm == .slidingLog ? 1_000 : Rate.largestLimit
        let most = Int(min(Int64(largest), per))
        let limit = [1, min(3, most), most][Int(random.below(3))]
        return try .init(
            algorithm, limit: limit, per: .nanoseconds(per),
            burst: algorithm == .tokenBucket ? [1, 5, Rate.largestLimit][Int(random.below(3))] : nil)
    }

    private static func extremeInstant(_ random: inout RandomStream) -> Instant {
        switch random.below(4) {
        case 0: Instant(nanoseconds: Int64(bitPattern: random.next()))
        case 1: Instant(nanoseconds: random.chance(0.5) ? .min : .max)
        default: Instant(nanoseconds: Int64(random.below(2_000)) - 1_000)
        }
    }

    private static func extremeCount(_ random: inout RandomStream, isLog: Bool) -> Int {
        [1, 1, 1, 3, 0, .min, .max, Rate.largestLimit, 900][Int(random.below(9))]
    }

    @Test("changing between kinds starts afresh; a change of numbers keeps what is promised")
    func changes() throws {
        for algorithm in Algorithm.allCases {
            var limiter = RateLimiter(try .init(algorithm, limit: 2, per: .seconds(1)))
            for _ in 0..<5 { _ = limiter.acquire(at: .zero, maxWait: .maximum) }
            let reserved = limiter.reserved(at: .zero)
            limiter.changeSettings(try .init(algorithm, limit: 4, per: .seconds(2)), at: .zero)
            #expect(limiter.totals.granted + limiter.totals.delayed == 5)
            #expect(limiter.reserved(at: .zero) == reserved, "\(algorithm)")
            let other: Algorithm = algorithm == .smooth ? .tokenBucket : .smooth
            limiter.changeSettings(try .init(other, limit: 2, per: .seconds(1)), at: .zero)
            #expect(limiter.totals.permits == 0)
        }
    }

    @Test("settings refuse a burst where there is none, and more than a log's limit")
    func settings() throws {
        let refused: [(String, () throws -> RateLimiter.Settings)] = [
            (
                "burst: 3 is out of range; allowed: none for smooth",
                { try .init(.smooth, limit: 1, per: .seconds(1), burst: 3) }
            ),
            (
                "burst: 0 is out of range; allowed: 1 to 1000000000 permits",
                { try .tokenBucket(limit: 1, per: .seconds(1), burst: 0) }
            ),
            (
                "limit: 2000000 is out of range; allowed: 1 to 1000000 for a log",
                { try .slidingLog(limit: 2_000_000, per: .seconds(1)) }
            ),
            ("per: 0s is out of range; allowed: more than 0s", { try .bursty(limit: 1, per: .zero) }),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
        }
        #expect(try RateLimiter.Settings.fixedWindow(limit: 2, per: .seconds(1)).burst == 2)
        #expect(try RateLimiter.Settings.slidingCounter(limit: 2, per: .seconds(1)).burst == 2)
        #expect(try RateLimiter.Settings.smooth(limit: 2, per: .seconds(1)).burst == 1)
        #expect(
            try RateLimiter.Settings.bursty(limit: 2, per: .seconds(1))
                == RateLimiter.Settings.fixedWindow(limit: 2, per: .seconds(1)))
    }
}
