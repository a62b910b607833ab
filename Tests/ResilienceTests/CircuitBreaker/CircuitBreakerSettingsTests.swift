import Resilience
import Testing
import Timeline

@Suite("Breaker settings")
struct CircuitBreakerSettingsTests {
    typealias Settings = CircuitBreaker.Settings

    @Test("a value out of range is refused by name, with the range")
    func refusals() {
        let refused: [(String, () throws -> Settings)] = [
            ("window: 0 calls is out of range; allowed: 1 to 1000000 calls", { try .init(window: .calls(0)) }),
            (
                "window: 1000001 calls is out of range; allowed: 1 to 1000000 calls",
                { try .init(window: .calls(1_000_001)) }
            ),
            ("window: 0s is out of range; allowed: more than 0s", { try .init(window: .time(.zero)) }),
            ("minimumCalls: 0 is out of range; allowed: 1 or more", { try .init(minimumCalls: 0) }),
            (
                "failureRate: 0.0 is out of range; allowed: a share of more than 0 and at most 1",
                { try .init(failureRate: 0) }
            ),
            (
                "failureRate: 1.5 is out of range; allowed: a share of more than 0 and at most 1",
                { try .init(failureRate: 1.5) }
            ),
            (
                "failureRate: nan is out of range; allowed: a share of more than 0 and at most 1",
                { try .init(failureRate: .nan) }
            ),
            (
                "slowCalls.limit: -1s is out of range; allowed: 0s or more",
                { try .init(slowCalls: .init(over: .seconds(-1), rate: 1)) }
            ),
            (
                "slowCalls.rate: -0.1 is out of range; allowed: a share of more than 0 and at most 1",
                { try .init(slowCalls: .init(over: .zero, rate: -0.1)) }
            ),
            ("openTime: 0s is out of range; allowed: more than 0s", { try .init(openTime: .zero) }),
            ("probes: 0 is out of range; allowed: 1 or more", { try .init(probes: 0) }),
            (
                "failureRate: inf is out of range; allowed: a share of more than 0 and at most 1",
                { try .init(failureRate: .infinity) }
            ),
            (
                "window.buckets: 0 is out of range; allowed: 1 to 10000",
                { try .init(window: .time(.seconds(1), buckets: 0)) }
            ),
            ("window: -1s is out of range; allowed: 0s or more", { try .init(window: .interval(.seconds(-1))) }),
            (
                "window.buckets: 10001 is out of range; allowed: 1 to 10000",
                { try .init(window: .interval(.seconds(1), buckets: 10_001)) }
            ),
            (
                "window.buckets: 2 is out of range; allowed: 1",
                { try .init(window: .interval(.zero, buckets: 2)) }
            ),
            (
                "tripRule.consecutive: 0 is out of range; allowed: 1 or more",
                { try .init(tripRule: .consecutive(0)) }
            ),
            (
                "tripRule.failures: 0 is out of range; allowed: 1 or more",
                { try .init(window: .time(.seconds(1)), tripRule: .failures(0)) }
            ),
            (
                "tripRule.failures: 4 is out of range; allowed: 1 to 3, the window",
                { try .init(window: .calls(3), tripRule: .failures(4)) }
            ),
            (
                "growth.factor: 0.5 is out of range; allowed: 1 or more",
                { try .init(growth: .init(factor: 0.5, cap: .maximum)) }
            ),
            (
                "growth.factor: nan is out of range; allowed: 1 or more",
                { try .init(growth: .init(factor: .nan, cap: .maximum)) }
            ),
            (
                "growth.factor: inf is out of range; allowed: 1 or more",
                { try .init(growth: .init(factor: .infinity, cap: .maximum)) }
            ),
            (
                "growth.cap: 1s is out of range; allowed: 5s, the open time, or more",
                { try .init(openTime: .seconds(5), growth: .init(factor: 2, cap: .seconds(1))) }
            ),
            (
                "probeRule.successes: 0 is out of range; allowed: 1 to 10, the probes",
                { try .init(probeRule: .successes(0)) }
            ),
            (
                "probeRule.successes: 3 is out of range; allowed: 1 to 2, the probes",
                { try .init(probes: 2, probeRule: .successes(3)) }
            ),
            (
                "halfOpenLimit: -5ms is out of range; allowed: more than 0s",
                {
                    try .init(halfOpenLimit: .milliseconds(-5))
                }
            ),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
        }
    }

    @Test("the minimum defaults to a full window of calls and is capped to it; a window of time needs 20")
    func minimum() throws {
        #expect(try Settings(window: .calls(30)).minimumCalls == 30)
        #expect(try Settings(window: .calls(30), minimumCalls: 50).minimumCalls == 30)
        #expect(try Settings(window: .calls(30), minimumCalls: 5).minimumCalls == 5)
        #expect(try Settings(window: .time(.seconds(10))).minimumCalls == 20)
        #expect(try Settings(window: .time(.seconds(10)), minimumCalls: 50).minimumCalls == 50)
    }

    @Test("the half-open limit defaults to the open time")
    func limit() throws {
        #expect(try Settings(openTime: .seconds(7)).halfOpenLimit == .seconds(7))
        #expect(try Settings(openTime: .seconds(7), halfOpenLimit: .seconds(2)).halfOpenLimit == .seconds(2))
    }

    @Test("a permit is four bytes")
    func permitSize() {
        #expect(MemoryLayout<CircuitBreaker.Permit>.size == 4)
    }
}
