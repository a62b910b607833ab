import Testing
import Timeline

@testable import Resilience

/// Vectors: resilience4j CircuitBreakerMetricsTest, SlidingTimeWindowMetricsTest and FixedSizeSlidingWindowMetricsTest
/// (R4J), failsafe-go stats_test (FG), Polly RollingHealthMetricsTests (PO).
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
        var window = TimeWindow(length: .seconds(5), buckets: 5)
        window.record(CallRecord(.failed, took: .milliseconds(100)), at: .zero)
        window.record(CallRecord([], took: .milliseconds(100)), at: .after(.milliseconds(100)))
        window.record(CallRecord([.failed, .slow], took: .seconds(1)), at: .after(.milliseconds(800)))
        #expect(window.tally.calls == 3)
        let later = window.tally(at: .after(.milliseconds(4_800)))
        #expect([later.calls, later.failed, later.slow, later.slowFailed] == [3, 2, 1, 1])
        #expect([later.totalTime, later.averageTime] == [.milliseconds(1_200), .milliseconds(400)])
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

    @Test("R4J: a window of 4 calls adds up their times, and takes out the oldest")
    func times() {
        var window = CallWindow(capacity: 4)
        for marks in [CallMarks.failed, [], [], [], []] {
            window.record(CallRecord(marks, took: .milliseconds(100)))
        }
        #expect(window.tally.calls == 4)
        #expect(window.tally.failed == 0)
        #expect(window.tally.totalTime == .milliseconds(400))
        #expect(window.tally.averageTime == .milliseconds(100))
    }

    @Test("R4J: a window of 2 calls tells slow failures from slow successes")
    func slowCalls() {
        var window = CallWindow(capacity: 2)
        var seen: [[Int]] = []
        for marks in [[.failed, .slow], .slow, [], []] as [CallMarks] {
            window.record(CallRecord(marks, took: .milliseconds(100)))
            let tally = window.tally
            seen.append([tally.calls, tally.slow, tally.slowSucceeded, tally.slowFailed, tally.failed])
        }
        #expect(seen == [[1, 1, 0, 1, 1], [2, 2, 1, 1, 1], [2, 1, 1, 0, 0], [2, 0, 0, 0, 0]])
    }

    @Test("R4J: a window of 5 s second by second")
    func secondBySecond() {
        var window = TimeWindow(length: .seconds(5), buckets: 5)
        var now = Instant.zero
        let steps: [(wait: Int64, failed: Bool, calls: Int, failures: Int)] = [
            (0, true, 1, 1), (100, false, 2, 1), (100, false, 3, 1), (1_000, false, 4, 1), (1_000, false, 5, 1),
            (1_000, true, 6, 2), (1_000, false, 7, 2), (1_000, false, 5, 1), (1_000, false, 5, 1),
            (5_000, false, 1, 0),
        ]
        for step in steps {
            now = now + .milliseconds(step.wait)
            window.record(CallRecord(step.failed ? .failed : [], took: .milliseconds(100)), at: now)
            #expect(window.tally.calls == step.calls)
            #expect(window.tally.failed == step.failures)
            #expect(window.tally.totalTime == .milliseconds(100) * Int64(step.calls))
        }
    }

    @Test("PO: a sampling duration of 10 s in 10 windows")
    func sampling() {
        var window = TimeWindow(length: .seconds(10), buckets: 10)
        var health: [[Int]] = []
        for second in stride(from: Int64(0), to: 12, by: 2) {
            if second < 10 {
                let now = Instant.after(.seconds(second))
                window.record(CallRecord(second < 4 ? .failed : [], took: .zero), at: now)
                window.record(CallRecord([], took: .zero), at: now)
            }
            let tally = window.tally(at: .after(.seconds(second + 2)))
            health.append([tally.calls, tally.failed])
        }
        #expect(health == [[2, 1], [4, 2], [6, 2], [8, 2], [8, 1], [6, 0]])
    }

    @Test("FG TestCountingStats: of a window of 100 calls a third of 50 is good, and of 100 more all are")
    func counting() {
        var window = CallWindow(capacity: 100)
        for index in 0..<50 { window.record(CallRecord(index % 3 == 0 ? [] : .failed, took: .zero)) }
        #expect([window.tally.succeeded, window.tally.failed, window.tally.calls] == [17, 33, 50])
        #expect(window.tally.failureRate == 0.66)
        for _ in 0..<100 { window.record(CallRecord([], took: .zero)) }
        #expect([window.tally.succeeded, window.tally.failed, window.tally.calls] == [100, 0, 100])
        #expect(window.tally.failureRate == 0)
    }

    @Test("FG: 4 buckets of 1 s, of which some are skipped")
    func skippedBuckets() {
        var window = TimeWindow(length: .seconds(4), buckets: 4)
        func record(_ count: Int, at milliseconds: Int64, succeeds: (Int) -> Bool) -> [Int] {
            for index in 0..<count {
                window.record(
                    CallRecord(succeeds(index) ? [] : .failed, took: .zero), at: .after(.milliseconds(milliseconds)))
            }
            return [window.tally.succeeded, window.tally.failed]
        }
        #expect(record(50, at: 900) { $0 % 5 == 0 } == [10, 40])
        #expect(record(10, at: 1_000) { _ in true } == [20, 40])
        #expect(record(20, at: 2_500) { _ in false } == [20, 60])
        #expect(record(25, at: 3_100) { $0 % 5 == 0 } == [25, 80])
        #expect(record(8, at: 5_400) { _ in true } == [13, 40])
        #expect(record(5, at: 7_300) { _ in false } == [8, 5])
        #expect(window.tally(at: .after(.milliseconds(22_500))) == CallTally())
        #expect(record(3, at: 23_100) { _ in true } == [3, 0])
    }

    @Test("the buckets of a window of time, oldest first, move on with the clock")
    func contents() throws {
        var script = BreakerScript(try .init(window: .time(.seconds(3), buckets: 3), failureRate: 1))
        script.play("FSF", every: .seconds(1))
        #expect(script.breaker.buckets(at: script.now).map(\.tally.failed) == [1, 0, 1])
        #expect(script.breaker.buckets(at: script.now).map(\.start.sinceZero) == [1, 2, 3].map(Duration.seconds))
        let later = script.breaker.buckets(at: .after(.seconds(5)))
        #expect(later.map(\.tally.failed) == [1, 0, 0])
        #expect(later.map(\.start.sinceZero) == [3, 4, 5].map(Duration.seconds))
    }

    @Test("running counts of a window of calls equal a recount", .tags(.property))
    func callsAgreeWithRecount() {
        for seed in UInt64(0)..<40 {
            var random = RandomStream(seed: seed, name: "window", purpose: "calls")
            var capacity = Int(random.below(20)) + 1
            var window = CallWindow(capacity: capacity)
            var history: [CallRecord] = []
            for _ in 0..<200 {
                if random.chance(0.02) {
                    capacity = Int(random.below(20)) + 1
                    window = window.resized(to: capacity)
                }
                let call = Self.call(&random)
                history = (history + [call]).suffix(capacity)
                window.record(call)
                guard window.tally == recount(history), window.calls == history else {
                    Issue.record("seed \(seed): \(window.calls) is not \(history)")
                    return
                }
            }
        }
    }

    @Test("running counts of a window of time equal a recount of its buckets", .tags(.property))
    func timeAgreesWithRecount() {
        for seed in UInt64(0)..<40 {
            var random = RandomStream(seed: seed, name: "window", purpose: "time")
            let length = Int64(random.below(1_000)) + 1
            let count = Int64(random.below(12)) + 1
            let bucket = (length + count - 1) / count
            var window = TimeWindow(length: .nanoseconds(length), buckets: Int(count))
            var history: [(bucket: Int64, call: CallRecord)] = []
            var now = Int64(random.below(2_000)) - 1_000
            for _ in 0..<200 {
                now += Int64(random.below(UInt64(random.chance(0.05) ? 3 * length : length / 8 + 2)))
                let number = Int64((Double(now) / Double(bucket)).rounded(.down))
                if random.chance(0.8) {
                    let call = Self.call(&random)
                    history.append((number, call))
                    window.record(call, at: Instant(nanoseconds: now))
                }
                let expected = recount(history.filter { $0.bucket > number - count }.map(\.call))
                let buckets = window.contents(at: Instant(nanoseconds: now)).map(\.tally)
                let parts = (0..<count).map { part in
                    recount(history.filter { $0.bucket == number - count + 1 + part }.map(\.call))
                }
                guard window.tally(at: Instant(nanoseconds: now)) == expected, buckets == parts else {
                    Issue.record("seed \(seed) at \(now) ns")
                    return
                }
            }
        }
    }

    @Test("a clock that steps back loses no call")
    func clockStepsBack() {
        var window = TimeWindow(length: .seconds(10), buckets: 10)
        window.record(CallRecord(.failed, took: .zero), at: .after(.seconds(100)))
        window.record(CallRecord(.failed, took: .zero), at: .after(.seconds(3)))
        #expect(window.tally.calls == 2)
        #expect(window.tally(at: .zero).calls == 2)
        #expect(window.tally(at: .after(.seconds(110))).calls == 0)
    }

    private static func call(_ random: inout RandomStream) -> CallRecord {
        CallRecord(CallMarks(rawValue: UInt8(random.below(4))), took: .nanoseconds(Int64(random.below(1_000))))
    }

    private func recount(_ history: [CallRecord]) -> CallTally {
        history.reduce(into: CallTally()) { $0.add($1) }
    }
}

extension Tag {
    /// Holds for random input: loops over seeds and names the failing one.
    @Tag static var property: Self
}
