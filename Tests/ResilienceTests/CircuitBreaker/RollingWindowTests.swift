import Testing
import Timeline

@testable import Resilience

/// Vectors: resilience4j CircuitBreakerMetricsTest and SlidingTimeWindowMetricsTest.
@Suite("Rolling windows")
struct RollingWindowTests {
    @Test("R4J: a window of 10 calls forgets the oldest, and has no rate before it is full")
    func countWindow() throws {
        var script = BreakerScript(try .init(window: .calls(10), failureRate: 1))
        script.play("SSFF")
        #expect(script.tally.calls == 4)
        #expect(script.breaker.failureRate(at: script.now) == nil)
        script.play("FFFFSSSS")
        #expect(script.tally.calls == 10)
        #expect(script.tally.failed == 6)
        #expect(script.breaker.failureRate(at: script.now) == 0.6)
        script.play("SSS")
        #expect(script.breaker.failureRate(at: script.now) == 0.3)
    }

    @Test("R4J: a window of 5 s forgets whole buckets")
    func timeWindow() {
        var window = RollingWindow(.time(.seconds(5)))
        _ = window.record(.failed, at: .zero)
        _ = window.record([], at: .after(.milliseconds(100)))
        let third = window.record([.failed, .slow], at: .after(.milliseconds(800)))
        #expect(third.calls == 3)
        let later = window.tally(at: .after(.milliseconds(4_800)))
        #expect([later.calls, later.failed, later.slow] == [3, 2, 1])
        #expect(window.tally(at: .after(.milliseconds(5_800))) == CallTally())
    }

    @Test("recent calls are listed oldest to newest")
    func recentCalls() throws {
        var script = BreakerScript(
            try .init(window: .calls(3), failureRate: 1, slowCalls: .init(over: .zero, rate: 1)))
        #expect(script.breaker.recentCalls.isEmpty)
        script.play("F")
        script.play("S", took: .seconds(1))
        #expect(script.breaker.recentCalls == [.failed, .slow])
        script.play("SSF")
        #expect(script.breaker.recentCalls == [[], [], .failed])
    }

    @Test("running counts of a window of calls equal a recount", .tags(.property))
    func callsAgreeWithRecount() {
        for seed in UInt64(0)..<100 {
            var random = RandomStream(seed: seed, name: "window", purpose: "calls")
            var capacity = Int(random.below(20)) + 1
            var window = RollingWindow(.calls(capacity))
            var history: [CallMarks] = []
            for _ in 0..<200 {
                if random.chance(0.02) {
                    capacity = Int(random.below(20)) + 1
                    window.reshape(to: .calls(capacity))
                }
                let marks = CallMarks(rawValue: UInt8(random.below(4)))
                history = (history + [marks]).suffix(capacity)
                let tally = window.record(marks, at: .zero)
                guard tally == recount(history), window.marks == history else {
                    Issue.record("seed \(seed): \(window.marks) is not \(history)")
                    return
                }
            }
        }
    }

    @Test("running counts of a window of time equal a recount of its buckets", .tags(.property))
    func timeAgreesWithRecount() {
        for seed in UInt64(0)..<100 {
            var random = RandomStream(seed: seed, name: "window", purpose: "time")
            let length = Int64(random.below(1_000)) + 1
            let bucket = (length + 9) / 10
            var window = RollingWindow(.time(.nanoseconds(length)))
            var history: [(bucket: Int64, marks: CallMarks)] = []
            var now = Int64(random.below(2_000)) - 1_000
            for _ in 0..<200 {
                now += Int64(random.below(UInt64(random.chance(0.05) ? 3 * length : length / 8 + 2)))
                let number = Int64((Double(now) / Double(bucket)).rounded(.down))
                if random.chance(0.8) {
                    let marks = CallMarks(rawValue: UInt8(random.below(4)))
                    history.append((number, marks))
                    _ = window.record(marks, at: Instant(nanoseconds: now))
                }
                let expected = recount(history.filter { $0.bucket > number - 10 }.map(\.marks))
                guard window.tally(at: Instant(nanoseconds: now)) == expected else {
                    Issue.record("seed \(seed) at \(now) ns")
                    return
                }
            }
        }
    }

    @Test("a clock that steps back loses no call")
    func clockStepsBack() {
        var window = RollingWindow(.time(.seconds(10)))
        _ = window.record(.failed, at: .after(.seconds(100)))
        let tally = window.record(.failed, at: .after(.seconds(3)))
        #expect(tally.calls == 2)
        #expect(window.tally(at: .zero).calls == 2)
        #expect(window.tally(at: .after(.seconds(110))).calls == 0)
    }

    private func recount(_ history: [CallMarks]) -> CallTally {
        history.reduce(into: CallTally()) { $0.add($1) }
    }
}

extension Tag {
    /// Holds for random input: loops over seeds and names the failing one.
    @Tag static var property: Self
}
