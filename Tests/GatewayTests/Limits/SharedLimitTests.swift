import Gateway
import Resilience
import Testing
import Timeline

@Suite("A limit that gateways share")
struct SharedLimitTests {
    private static func settings(
        _ perSecond: Int, burst: Int, gateways: Int = 3, period: Duration = .zero, delay: Duration = .zero
    ) throws -> SharedLimit.Settings {
        try .init(
            .init(limit: perSecond, per: .seconds(1), burst: burst), gateways: gateways, period: period, delay: delay)
    }

    @Test("without delay all gateways together decide as one bucket does")
    func exact() throws {
        var (granted, rejected) = (0, 0)
        for seed in 0..<20 as Range<UInt64> {
            var news = try Gateways(seed: seed, isExact: true)
            var one = TokenBucket(news.settings.bucket)
            for step in 0..<500 {
                let decision = news.ask()
                #expect(decision == one.acquire(at: news.now), "seed \(seed), step \(step)")
            }
            granted += one.totals.granted
            rejected += one.totals.rejected
        }
        #expect(granted > 1_000 && rejected > 1_000)
    }

    @Test(
        "the excess stays within its bound in every time, debts are never forgotten, and the rate holds in the long run"
    )
    func bounded() throws {
        var most = 0.0
        for seed in 0..<60 as Range<UInt64> {
            var gateways = try Gateways(seed: seed, isExact: false)
            let settings = gateways.settings
            // Who has at most so much in any time, is never refused by a bucket of that burst.
            var bound = TokenBucket(
                try .init(rate: settings.bucket.rate, burst: settings.bucket.burst + settings.mostExcess))
            var least = Int.max
            for _ in 0..<1_500 {
                guard gateways.ask().wait != nil else { continue }
                guard bound.acquire(at: gateways.now).wait != nil else {
                    Issue.record("seed \(seed): more than the bound pass by \(gateways.now)")
                    return
                }
                least = min(least, bound.available(at: gateways.now))
            }
            #expect(gateways.forgets == false, "seed \(seed)")
            if settings.mostExcess > 0 {
                most = max(
                    most, Double(settings.bucket.burst + settings.mostExcess - least) / Double(settings.mostExcess))
            }
        }
        // The bound is not far above what happens.
        #expect(most > 0.5, "\(most)")
    }

    @Test("at the worst the bursts of all pass at once: nobody can have heard of the others")
    func reached() throws {
        let settings = try Self.settings(10, burst: 5, gateways: 4, period: .milliseconds(100))
        let passed = try (0..<4).reduce(0) { sum, number in
            var limit = try SharedLimit(settings, gateway: number, at: .zero)
            return sum + (0..<20).count { _ in limit.acquire(at: .zero).wait != nil }
        }
        #expect(passed == 20 && settings.mostExcess == 3 * (5 + 1))
    }

    @Test("a gateway whose others are idle has the whole limit")
    func alone() throws {
        var limit = try SharedLimit(
            Self.settings(10, burst: 5, period: .seconds(1), delay: .seconds(1)), gateway: 1, at: .zero)
        var bucket = TokenBucket(limit.settings.bucket)
        for step in 0..<100 {
            let now = millis(Int64(step) * 40)
            #expect(limit.acquire(at: now) == bucket.acquire(at: now))
        }
    }

    @Test("what is owed is earned before anything passes, and a refusal says how long that takes")
    func debt() throws {
        var limit = try SharedLimit(Self.settings(10, burst: 5, delay: .milliseconds(500)), gateway: 0, at: .zero)
        limit.hear(.init(from: 1, since: .zero, passed: 8), at: .zero)
        #expect(limit.available(at: .zero) == -3)
        #expect(limit.acquire(at: .zero) == .rejected(retryAfter: .milliseconds(400)))
        #expect(limit.acquire(at: millis(400)) == .granted(after: .zero))
    }

    @Test(
        "a report that is lost, comes twice or comes late is mended by the next; a gateway that begins anew counts anew"
    )
    func reports() throws {
        var limit = try SharedLimit(Self.settings(1, burst: 100, delay: .seconds(1)), gateway: 0, at: .zero)
        let heard: [(from: Int, since: Int64, passed: Int, left: Int)] = [
            (1, 0, 2, 98), (1, 0, 2, 98), (1, 0, 5, 95), (1, 0, 3, 95), (2, 0, 1, 94), (1, 7, 1, 93), (1, 0, 50, 93),
            (1, 7, 2, 92), (0, 0, 9, 92), (3, 0, 9, 92), (-1, 0, 9, 92), (1, 8, 0, 92), (1, 7, 9, 92), (1, 8, 1, 91),
        ]
        for (step, report) in heard.enumerated() {
            limit.hear(.init(from: report.from, since: millis(report.since), passed: report.passed), at: .zero)
            #expect(limit.available(at: .zero) == report.left, "step \(step)")
        }
    }

    @Test("the others are told once in a period, of what is new, and never twice")
    func periods() throws {
        var limit = try SharedLimit(Self.settings(100, burst: 9, period: .seconds(1)), gateway: 2, at: .zero)
        _ = limit.acquire(at: .zero)
        #expect(limit.report(at: millis(999)) == nil && limit.nextReport == millis(1_000))
        #expect(limit.report(at: millis(1_000)) == .init(from: 2, since: .zero, passed: 1))
        #expect(limit.report(at: millis(1_000)) == nil && limit.report(at: millis(2_000)) == nil)
        #expect(limit.nextReport == millis(3_000))
        _ = limit.acquire(at: millis(2_500))
        // Called too late, it goes on from there.
        #expect(limit.report(at: millis(9_500))?.passed == 2)
        #expect(limit.nextReport == millis(9_500))
    }

    @Test("settings out of their ranges are refused by name")
    func ranges() throws {
        #expect(throws: SettingError.self) { try Self.settings(1, burst: 1, gateways: 0) }
        #expect(throws: SettingError.self) { try Self.settings(1, burst: 1, period: .nanoseconds(-1)) }
        #expect(throws: SettingError.self) { try Self.settings(1, burst: 1, delay: .minutes(2)) }
        #expect(throws: SettingError.self) { try SharedLimit(Self.settings(1, burst: 1), gateway: 3, at: .zero) }
        // The largest that can be set: nothing overflows.
        let largest = try SharedLimit.Settings(
            .init(limit: 1_000_000_000, per: .seconds(1)), gateways: 1_000, period: .minutes(1), delay: .minutes(1))
        var limit = try SharedLimit(largest, gateway: 0, at: .distantFuture)
        limit.hear(.init(from: 1, since: .zero, passed: .max), at: .distantFuture)
        #expect(limit.available(at: .distantFuture) < 0)
    }
}

/// Several gateways under more load than their limit, and the news on their way among them.
private struct Gateways {
    let settings: SharedLimit.Settings
    var now = Instant.zero
    private(set) var forgets = false
    private var parts: [SharedLimit]
    /// Each with the same debits, and any debt.
    private var unbounded: [TokenBucket]
    private var heard: [[Int]]
    private var news: [(at: Instant, report: SharedLimit.Report)] = []
    private var random: RandomStream
    private let pause: Duration
    private let favourite: Double

    init(seed: UInt64, isExact: Bool) throws {
        random = RandomStream(seed: seed, name: "gateways", purpose: "shared limit")
        let count = 2 + Int(random.below(5))
        let perSecond = 5 + Int(random.below(200))
        let period: Duration = isExact ? .zero : .milliseconds(Int64(random.below(300)))
        let delay: Duration = isExact ? .zero : .milliseconds(Int64(random.below(300)))
        settings = try SharedLimit.Settings(
            .init(limit: perSecond, per: .seconds(1), burst: 1 + Int(random.below(20))), gateways: count,
            period: period,
            delay: delay)
        let shared = settings
        parts = try (0..<count).map { try SharedLimit(shared, gateway: $0, at: .zero) }
        unbounded = parts.map { _ in TokenBucket(shared.bucket) }
        heard = Array(repeating: Array(repeating: 0, count: count), count: count)
        // From a load of a third of the limit to eight times it.
        pause = Duration(seconds: 1 / (Double(perSecond) * (0.3 + 8 * random.uniform())))
        favourite = random.chance(0.5) ? 0.8 : 0
    }

    /// A request comes to one of them.
    mutating func ask() -> RateDecision {
        let next = now + pause * (2 * random.uniform())
        pass(to: next)
        let part = random.chance(favourite) ? 0 : Int(random.below(UInt64(parts.count)))
        let decision = parts[part].acquire(at: now)
        if decision != unbounded[part].acquire(at: now) { forgets = true }
        if settings.period == .zero { tell(part) }
        return decision
    }

    /// Lets the time pass with its reports and news, in their order.
    private mutating func pass(to end: Instant) {
        while true {
            let report = parts.indices.min { parts[$0].nextReport < parts[$1].nextReport } ?? 0
            let reportAt = settings.period == .zero ? .distantFuture : parts[report].nextReport
            let newsAt = news.first?.at ?? .distantFuture
            guard min(reportAt, newsAt) <= end else { break }
            now = min(reportAt, newsAt)
            if newsAt <= reportAt { hear() } else { tell(report) }
        }
        now = end
        if settings.delay == .zero { while news.first.map({ $0.at <= now }) == true { hear() } }
    }

    private mutating func tell(_ part: Int) {
        guard let report = parts[part].report(at: now) else { return }
        news.append((now + settings.delay, report))
        if settings.delay == .zero { hear() }
    }

    private mutating func hear() {
        let report = news.removeFirst().report
        for part in parts.indices where part != report.from {
            parts[part].hear(report, at: now)
            unbounded[part].debit(report.passed - heard[part][report.from], at: now, mostDebt: .max)
            heard[part][report.from] = report.passed
            if parts[part].available(at: now) != unbounded[part].available(at: now) { forgets = true }
        }
    }
}
