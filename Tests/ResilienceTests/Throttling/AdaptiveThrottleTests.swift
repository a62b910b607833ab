import Resilience
import Testing
import Timeline

/// Vectors: failsafe-go, adaptivethrottler/adaptivethrottler_test.go.
@Suite("Adaptive throttle")
struct AdaptiveThrottleTests {
    private static func throttle(
        _ requests: Int, accepted: Int, _ settings: AdaptiveThrottle.Settings
    ) -> AdaptiveThrottle {
        var throttle = AdaptiveThrottle(settings)
        for number in 0..<requests { throttle.record(accepted: number < accepted, at: .zero) }
        return throttle
    }

    private static func stream(_ seed: UInt64 = 1) -> RandomStream {
        RandomStream(seed: seed, name: "throttle", purpose: "test")
    }

    @Test("TestComputeRejectionRate")
    func rates() throws {
        let settings = try AdaptiveThrottle.Settings(maximumRejection: 0.8, minimumRequests: 1)
        func rate(_ requests: Int, _ accepted: Int) -> Double {
            Self.throttle(requests, accepted: accepted, settings).rejectionProbability(at: .zero)
        }
        #expect(rate(100, 95) == 0)
        #expect(abs(rate(120, 90) - 20.0 / 121) < 1e-12)
        #expect((0.7..<0.8).contains(rate(200, 50)))
        #expect(rate(1_000, 10) == 0.8)
        #expect(rate(0, 0) == 0)
        #expect(rate(100, 0) == 0.8)
        #expect(rate(100, 90) == 0)
        #expect(rate(100, 70) > 0)
        #expect(rate(100, 50) > rate(100, 70))
    }

    @Test("TestAdaptiveThrottler_AcquirePermit: one failure of one is a half; few requests and the cap")
    func acquire() throws {
        #expect(Self.throttle(1, accepted: 0, try .init()).rejectionProbability(at: .zero) == 0.5)
        #expect(Self.throttle(20, accepted: 0, try .init(maximumRejection: 0.5)).rejectionProbability(at: .zero) == 0.5)
        let two = try AdaptiveThrottle.Settings(minimumRequests: 2)
        #expect(Self.throttle(1, accepted: 0, two).rejectionProbability(at: .zero) == 0)
        #expect(Self.throttle(2, accepted: 0, two).rejectionProbability(at: .zero) > 0)

        var throttle = Self.throttle(50, accepted: 0, try .init(maximumRejection: 1))
        var random = Self.stream()
        let rejected = (0..<50).count { _ in throttle.ask(at: .zero, using: &random) != .allowed }
        #expect(rejected > 40)
    }

    @Test("it rejects with the probability that it tells, and draws nothing while that is zero")
    func probability() throws {
        var random = Self.stream()
        let untouched = random
        var healthy = Self.throttle(100, accepted: 95, try .init())
        #expect(healthy.ask(at: .zero, using: &random) == .allowed)
        #expect(random == untouched)

        var throttle = Self.throttle(200, accepted: 50, try .init())
        let probability = throttle.rejectionProbability(at: .zero)
        let rejected = (0..<10_000).count { _ in
            throttle.ask(at: .zero, using: &random) == .rejected(probability: probability)
        }
        #expect(abs(Double(rejected) / 10_000 - probability) < 0.02)
        #expect(throttle.totals.rejected == rejected)
        #expect(throttle.totals.allowed == 10_000 - rejected)
        #expect(throttle.totals.refused == 150)
    }

    @Test("failures are forgotten after the window, and another window starts empty")
    func forgets() throws {
        var throttle = Self.throttle(100, accepted: 0, try .init())
        #expect(throttle.counts(at: .after(.seconds(59))).requests == 100)
        #expect(throttle.counts(at: .after(.seconds(60))).requests == 0)
        #expect(throttle.rejectionProbability(at: .after(.seconds(60))) == 0)
        throttle.changeSettings(try .init(threshold: 0.5))
        #expect(throttle.counts(at: .zero).requests == 100)
        throttle.changeSettings(try .init(window: .seconds(10)))
        #expect(throttle.counts(at: .zero).requests == 0)
    }

    @Test("the probability stays within 0 and the maximum, whatever the clock does", .tags(.property))
    func bounds() throws {
        for seed in UInt64(0)..<50 {
            var random = Self.stream(seed)
            let settings = try AdaptiveThrottle.Settings(
                threshold: random.positiveUniform(), maximumRejection: random.uniform(),
                minimumRequests: Int(random.below(5)), window: .nanoseconds(Int64(random.below(1_000)) + 1))
            var throttle = AdaptiveThrottle(settings)
            var now = Instant.zero
            for _ in 0..<200 {
                now =
                    random.chance(0.02)
                    ? Instant(nanoseconds: Int64(bitPattern: random.next()))
                    : now + .nanoseconds(Int64(random.below(100)) - 20)
                if throttle.ask(at: now, using: &random) == .allowed {
                    throttle.record(accepted: random.chance(0.5), at: now)
                }
                let counts = throttle.counts(at: now)
                let probability = throttle.rejectionProbability(at: now)
                if !(0...settings.maximumRejection).contains(probability) || counts.accepted > counts.requests {
                    Issue.record("seed \(seed): \(probability), \(counts)")
                    return
                }
            }
        }
    }

    @Test("a value out of range is refused by name, with the range")
    func refusals() {
        typealias Settings = AdaptiveThrottle.Settings
        let share = "a share of more than 0 and at most 1"
        let refused: [(String, () throws -> Settings)] = [
            ("threshold: 0.0 is out of range; allowed: \(share)", { try Settings(threshold: 0) }),
            ("threshold: nan is out of range; allowed: \(share)", { try Settings(threshold: .nan) }),
            ("threshold: inf is out of range; allowed: \(share)", { try Settings(threshold: .infinity) }),
            ("maximumRejection: 1.5 is out of range; allowed: 0 to 1", { try Settings(maximumRejection: 1.5) }),
            ("maximumRejection: nan is out of range; allowed: 0 to 1", { try Settings(maximumRejection: .nan) }),
            ("minimumRequests: -1 is out of range; allowed: 0 or more", { try Settings(minimumRequests: -1) }),
            ("window: 0s is out of range; allowed: more than 0s", { try Settings(window: .zero) }),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
        }
    }
}
