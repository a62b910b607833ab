import Resilience
import Testing
import Timeline

@Suite("Whatever happens to a concurrency limit")
struct ConcurrencyLimitTests {
    typealias Settings = ConcurrencyLimit.Settings

    private static func settings(_ number: Int) throws -> Settings {
        let window = ConcurrencyLimit.Window(minimumLength: .milliseconds(100), maximumLength: .milliseconds(300))
        switch number % 6 {
        case 0: return try .aimd(initial: 5, minimum: 2, maximum: 30)
        case 1: return try .vegas(initial: 5, minimum: 1, maximum: 30)
        case 2: return try .gradient(initial: 5, minimum: 2, maximum: 30, window: nil)
        case 3: return try .gradient(initial: 5, minimum: 2, maximum: 30, window: window)
        case 4:
            return try .vegas(
                .init(
                    alpha: .constant(1_000_000), beta: .constant(1_000_000), threshold: .share(0.9),
                    decrease: .share(0.999), smoothing: 1e-9, probeMultiplier: .max),
                initial: 1, maximum: 1_000_000_000, window: window)
        default: return try .aimd(.init(backoff: 0.5, timeout: .nanoseconds(1)), initial: 1, minimum: 1, maximum: 1)
        }
    }

    @Test(
        "the limit stays in its range, nothing is admitted at the limit, and in flight adds up",
        .tags(.property), arguments: [false, true])
    func traffic(_ extreme: Bool) throws {
        for seed in UInt64(0)..<120 {
            var random = RandomStream(seed: seed, name: "limit", purpose: "traffic")
            var chance = RandomStream(seed: seed, name: "limit", purpose: "probe")
            var limit = ConcurrencyLimit(try Self.settings(Int(seed)))
            var permits: [ConcurrencyLimit.Permit] = []
            var now = Instant.zero
            for _ in 0..<300 {
                now = Self.next(now, extreme, &random)
                let before = limit
                switch random.below(100) {
                case ..<55:
                    let admission = limit.acquire()
                    if (before.inFlight < before.limit) != (admission.permit != nil) { Issue.record("\(admission)") }
                    if let permit = admission.permit { permits.append(permit) }
                case 99:
                    limit.changeSettings(try Self.settings(Int(random.below(6))), at: now)
                default:
                    guard !permits.isEmpty else { continue }
                    let permit = permits.remove(at: Int(random.below(UInt64(permits.count))))
                    let change = limit.end(permit, Self.outcome(extreme, &random), at: now, using: &chance)
                    if (change?.to ?? before.limit) != limit.limit { Issue.record("\(limit)") }
                }
                let range = limit.settings.minimum...limit.settings.maximum
                let isSound = range.contains(limit.limit) && limit.inFlight == permits.count
                if !isSound || (limit.queueEstimate ?? 0) < 0 {
                    Issue.record("seed \(seed): \(limit), \(permits.count) in flight")
                    return
                }
            }
        }
    }

    private static func next(_ now: Instant, _ extreme: Bool, _ random: inout RandomStream) -> Instant {
        guard extreme, random.chance(0.1) else { return now + .milliseconds(Int64(random.below(30)) - 5) }
        return Instant(nanoseconds: random.chance(0.3) ? .max : Int64(bitPattern: random.next()))
    }

    private static func outcome(_ extreme: Bool, _ random: inout RandomStream) -> ConcurrencyLimit.Outcome {
        let ends: [Duration] = [.maximum, .zero, .nanoseconds(.min), .nanoseconds(1)]
        let took: Duration =
            extreme && random.chance(0.3)
            ? ends[Int(random.below(4))] : .milliseconds(Int64(random.below(random.chance(0.1) ? 10_000 : 20)))
        switch random.below(10) {
        case 0: return .ignored
        case 1: return .dropped(took: took)
        default: return .success(took: took)
        }
    }

    @Test("the end of a call when none is in flight is counted as stray and teaches nothing")
    func stray() throws {
        var random = RandomStream(seed: 1, name: "limit", purpose: "test")
        var limit = ConcurrencyLimit(try .aimd())
        let permit = try #require(limit.acquire().permit)
        limit.end(permit, .ignored, at: .zero, using: &random)
        #expect(limit.end(permit, .dropped(took: .zero), at: .zero, using: &random) == nil)
        #expect(limit.inFlight == 0)
        #expect(limit.limit == 20)
        #expect(limit.totals.stray == 1)
        #expect(limit.totals.ignored == 1)
        #expect(limit.totals.dropped == 0)
    }

    @Test("a permit is four bytes")
    func permitSize() {
        #expect(MemoryLayout<ConcurrencyLimit.Permit>.size == 4)
    }

    @Test("only Vegas draws")
    func draws() throws {
        for settings in [try Settings.aimd(), try .gradient(window: nil)] {
            var script = ConcurrencyLimitScript(settings)
            let before = script.random
            script.sample(.milliseconds(3), inFlight: 20)
            #expect(script.random == before)
        }
    }

    @Test("new settings keep the limit within their range, and what the same algorithm has learnt")
    func changes() throws {
        var script = ConcurrencyLimitScript(try .vegas(initial: 50, maximum: 100))
        script.sample(.milliseconds(7), inFlight: 50)
        let change = script.limit.changeSettings(try .vegas(initial: 20, maximum: 30), at: script.now)
        #expect(change?.from == 50)
        #expect(change?.to == 30)
        #expect(change?.reason == .settings)
        #expect(script.limit.unloadedTime == .milliseconds(7))
        #expect(script.limit.changeSettings(try .gradient(), at: script.now) == nil)
        #expect(script.limit.limit == 30)
        #expect(script.limit.unloadedTime == nil)
    }

    /// Ten at a time take 10 ms each; more wait their turn.
    private static func load(_ script: inout ConcurrencyLimitScript, calls: Int) {
        for _ in 0..<calls {
            let inFlight = script.limit.limit
            script.sample(.milliseconds(10) * max(1, Double(inFlight) / 10), inFlight: inFlight)
        }
    }

    @Test("with a server of ten at a time Vegas comes to rest a short queue above ten, until it measures anew")
    func vegasFinds() throws {
        var script = ConcurrencyLimitScript(try .vegas(.init(probeMultiplier: 1_000), initial: 5, maximum: 200))
        Self.load(&script, calls: 2_000)
        #expect((10...20).contains(script.limit.limit), "\(script.limit)")
    }

    @Test("with a server of ten at a time the gradient gets used to its queue: the long average follows")
    func gradientDrifts() throws {
        var script = ConcurrencyLimitScript(try .gradient(initial: 5, minimum: 2, window: nil))
        Self.load(&script, calls: 30)
        #expect((15...35).contains(script.limit.limit), "\(script.limit)")
        Self.load(&script, calls: 2_000)
        #expect(script.limit.limit == 200)
    }

    @Test("a value out of range is refused by name, with the range")
    func refusals() {
        let refused: [(String, () throws -> Settings)] = [
            ("minimum: 0 is out of range; allowed: 1 or more", { try .aimd(minimum: 0) }),
            ("maximum: 19 is out of range; allowed: 20 to 1000000000", { try .aimd(maximum: 19) }),
            ("initial: 10 is out of range; allowed: 20 to 200", { try .aimd(initial: 10) }),
            ("backoff: 1.0 is out of range; allowed: 0.5 or more and less than 1", { try .aimd(.init(backoff: 1)) }),
            ("backoff: nan is out of range; allowed: 0.5 or more and less than 1", { try .aimd(.init(backoff: .nan)) }),
            ("timeout: 0s is out of range; allowed: more than 0s", { try .aimd(.init(timeout: .zero)) }),
            ("alpha: -1 is out of range; allowed: 0 to 1000000", { try .vegas(.init(alpha: .constant(-1))) }),
            (
                "decrease: 1.0 is out of range; allowed: a share of 0 or more and less than 1",
                { try .vegas(.init(decrease: .share(1))) }
            ),
            (
                "smoothing: 0.0 is out of range; allowed: a share of more than 0 and at most 1",
                { try .vegas(.init(smoothing: 0)) }
            ),
            ("probeMultiplier: 0 is out of range; allowed: 1 or more", { try .vegas(.init(probeMultiplier: 0)) }),
            ("queueSize: -1 is out of range; allowed: 0 to 1000000", { try .gradient(.init(queueSize: -1)) }),
            ("tolerance: 0.9 is out of range; allowed: 1 or more", { try .gradient(.init(tolerance: 0.9)) }),
            ("tolerance: inf is out of range; allowed: 1 or more", { try .gradient(.init(tolerance: .infinity)) }),
            (
                "smoothing: nan is out of range; allowed: a share of more than 0 and at most 1",
                { try .gradient(.init(smoothing: .nan)) }
            ),
            ("longWindow: 0 is out of range; allowed: 1 to 1000000000", { try .gradient(.init(longWindow: 0)) }),
            (
                "window.minimumLength: 99ms is out of range; allowed: 100ms or more",
                { try .gradient(window: .init(minimumLength: .milliseconds(99))) }
            ),
            (
                "window.maximumLength: 500ms is out of range; allowed: 1s or more",
                { try .gradient(window: .init(maximumLength: .milliseconds(500))) }
            ),
            (
                "window.minimumCalls: 9 is out of range; allowed: 10 or more",
                { try .gradient(window: .init(minimumCalls: 9)) }
            ),
            (
                "window.minimumTime: -1ns is out of range; allowed: 0s or more",
                { try .gradient(window: .init(minimumTime: .nanoseconds(-1))) }
            ),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
        }
    }
}
