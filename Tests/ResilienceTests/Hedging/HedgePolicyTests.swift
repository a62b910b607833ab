import Resilience
import Testing
import Timeline

@Suite("Hedge policy")
struct HedgePolicyTests {
    @Test("R4J AveragePlusResponseTimeCutoffTest: a factor of the mean, or some time more")
    func averages() throws {
        let double = try HedgePolicy(delay: .observed(factor: 2))
        var average = try RecentAverage(capacity: 100)
        #expect(double.delay(observed: average.mean()) == nil)
        average.record(.milliseconds(1_000))
        average.record(.milliseconds(100))
        #expect(average.mean() == .milliseconds(550))
        #expect(double.delay(observed: average.mean()) == .milliseconds(1_100))
        let plus = try HedgePolicy(delay: .observed(plus: .milliseconds(100)))
        #expect(plus.delay(observed: .milliseconds(1_000)) == .milliseconds(1_100))
    }

    @Test("FG: an observed time counts from twenty samples on")
    func samples() throws {
        var average = try RecentAverage()
        for _ in 0..<19 { average.record(.milliseconds(5)) }
        #expect(average.mean(ofAtLeast: 20) == nil)
        average.record(.milliseconds(5))
        #expect(average.mean(ofAtLeast: 20) == .milliseconds(5))
    }

    @Test("the mean is that of the last times", .tags(.property))
    func window() throws {
        var random = RandomStream(seed: 1, name: "average", purpose: "times")
        for capacity in [1, 2, 7] {
            var average = try RecentAverage(capacity: capacity)
            var times: [Int64] = []
            for _ in 0..<200 {
                let time = Int64(random.below(1_000)) - 100
                average.record(.nanoseconds(time))
                times.append(max(0, time))
                let last = times.suffix(capacity)
                #expect(average.mean() == .nanoseconds(last.reduce(0, +) / Int64(last.count)))
            }
            #expect(average.count == capacity)
        }
    }

    @Test("the longest times there are do not overflow the mean")
    func longest() throws {
        var average = try RecentAverage(capacity: 1_000)
        for _ in 0..<2_000 { average.record(.maximum) }
        #expect((average.mean() ?? .zero) > .minutes(100_000))
    }

    @Test("a fixed delay is itself, and without a timed hedge there is none")
    func delays() throws {
        #expect(try HedgePolicy(delay: .fixed(.seconds(2))).delay(observed: nil) == .seconds(2))
        #expect(try HedgePolicy(delay: .afterFailure).delay(observed: .seconds(1)) == nil)
        #expect(try HedgePolicy(delay: .never).delay(observed: .seconds(1)) == nil)
        #expect(try HedgePolicy(delay: .observed(factor: 1e300)).delay(observed: .maximum) == .maximum)
        #expect(try HedgePolicy(delay: .observed()).delay(observed: .seconds(-1)) == .zero)
    }

    @Test("settings out of range are refused by name")
    func refusals() {
        let refused: [(String, HedgePolicy.Delay, Int)] = [
            ("delay.fixed", .fixed(.nanoseconds(-1)), 1), ("delay.factor", .observed(factor: -1), 1),
            ("delay.factor", .observed(factor: .nan), 1), ("delay.factor", .observed(factor: .infinity), 1),
            ("delay.plus", .observed(plus: .seconds(-1)), 1), ("maxHedges", .never, 0), ("maxHedges", .never, 11),
        ]
        for (setting, delay, maxHedges) in refused {
            let error = #expect(throws: SettingError.self) { try HedgePolicy(delay: delay, maxHedges: maxHedges) }
            #expect(error?.setting == setting)
        }
        for capacity in [0, 1_001] {
            let error = #expect(throws: SettingError.self) { try RecentAverage(capacity: capacity) }
            #expect(error?.setting == "capacity")
        }
    }
}
