import Resilience
import Testing
import Timeline

@Suite("Breaker presets")
struct CircuitBreakerPresetTests {
    typealias Settings = CircuitBreaker.Settings

    @Test("each has the defaults of its library")
    func defaults() {
        #expect(
            CircuitBreaker.Preset.allCases.map(\.rawValue) == [
                "gobreaker", "resilience4j", "polly", "hystrix", "failsafe",
            ])
        let resilience4j = CircuitBreaker.Preset.resilience4j.settings
        #expect(resilience4j.window == .calls(100))
        #expect(resilience4j.minimumCalls == 100)
        #expect(resilience4j.failureRate == 0.5)
        #expect(resilience4j.slowCalls == .init(over: .seconds(60), rate: 1))
        #expect(resilience4j.openTime == .seconds(60))
        #expect(resilience4j.probes == 10)
        let polly = CircuitBreaker.Preset.polly.settings
        #expect(polly.window == .time(.seconds(30), buckets: 10))
        #expect([polly.minimumCalls, polly.probes] == [100, 1])
        #expect(polly.failureRate == 0.1)
        #expect(polly.openTime == .seconds(5))
        let hystrix = CircuitBreaker.Preset.hystrix.settings
        #expect(hystrix.window == .time(.seconds(10), buckets: 10))
        #expect([hystrix.minimumCalls, hystrix.probes] == [20, 1])
        #expect(hystrix.openTime == .seconds(5))
        let gobreaker = CircuitBreaker.Preset.gobreaker.settings
        #expect(gobreaker.window == .interval(.zero))
        #expect(gobreaker.tripRule == .consecutive(6))
        #expect(gobreaker.openTime == .seconds(60))
        let failsafe = CircuitBreaker.Preset.failsafe.settings
        #expect(failsafe.tripRule == .failures(1))
        #expect(failsafe.openTime == .seconds(60))
    }

    @Test("every preset passes its own check, and has a limit on half-open that follows the open time")
    func valid() throws {
        for preset in CircuitBreaker.Preset.allCases {
            #expect(try Settings(from: preset.settings) == preset.settings)
            #expect(preset.settings.halfOpenLimit == preset.settings.openTime)
            let quick = try Settings(from: preset.settings, openTime: .seconds(1))
            #expect(quick.halfOpenLimit == .seconds(1))
            #expect(try Settings(from: quick, halfOpenLimit: .seconds(7)).halfOpenLimit == .seconds(7))
        }
    }

    @Test("single settings are changed and the rest stays, with what depends on them worked out anew")
    func overrides() throws {
        let small = try Settings(from: .resilience4j, window: .calls(10))
        #expect(small.minimumCalls == 10)
        #expect(try Settings(from: small, window: .calls(500)).minimumCalls == 100)
        #expect(try Settings(from: small, window: .time(.seconds(60), buckets: 60)).minimumCalls == 100)
        #expect(try Settings(from: .resilience4j, slowCalls: .never).slowCalls == nil)
        #expect(try Settings(from: .gobreaker, probes: 3).probeRule == .consecutive)
        #expect(throws: SettingError.self) { try Settings(from: .failsafe, probeRule: .successes(2)) }
        #expect(throws: SettingError.self) { try Settings(from: .failsafe, tripRule: .failures(2)) }
        #expect(try Settings(from: .failsafe, window: .calls(3), tripRule: .failures(2)).openTime == .seconds(60))
    }

    @Test("the same traffic opens each at another call")
    func sameTraffic() {
        // One call in three fails, ten calls a second.
        let opened = CircuitBreaker.Preset.allCases.map { preset -> Int in
            var script = BreakerScript(preset.settings)
            for call in 1...400 {
                let transitions = script.play(call % 3 == 0 ? "F" : "S", every: .milliseconds(100))
                if !transitions.isEmpty { return call }
            }
            return 0
        }
        #expect(opened == [0, 0, 102, 0, 3])
    }
}
