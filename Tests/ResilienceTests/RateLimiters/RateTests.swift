import Resilience
import Testing
import Timeline

@Suite("Rates")
struct RateTests {
    @Test("a rate per second becomes whole numbers in their lowest terms")
    func perSecond() throws {
        let rows: [(Double, Int, Duration)] = [
            (10, 10, .seconds(1)), (2.5, 5, .seconds(2)), (0.1, 1, .seconds(10)), (1e9, 1_000_000_000, .seconds(1)),
            (1e-9, 1, .seconds(1_000_000_000)), (0.7692307692307693, 769_230_769, .seconds(1_000_000_000)),
            (999_999_999.9, 1_000_000_000, .seconds(1)), (123_456.789, 123_456_789, .seconds(1_000)),
        ]
        for (perSecond, limit, per) in rows {
            let rate = try Rate(perSecond: perSecond)
            #expect(rate.limit == limit)
            #expect(rate.per == per)
        }
    }

    @Test("TestEvery of Go's x/time/rate: a permit every so often, in permits per second")
    func every() throws {
        let rows: [(Duration, Double)] = [
            (.nanoseconds(1), 1e9), (.microseconds(1), 1e6), (.milliseconds(1), 1_000), (.milliseconds(10), 100),
            (.milliseconds(100), 10), (.seconds(1), 1), (.seconds(2), 0.5), (.milliseconds(2_500), 0.4),
            (.seconds(4), 0.25), (.seconds(10), 0.1), (.maximum, 1e9 / Double(Int64.max)),
        ]
        for (every, perSecond) in rows {
            #expect(abs(try Rate(limit: 1, per: every).perSecond / perSecond - 1) < 1e-12)
        }
        // There they are infinite.
        for every in [Duration.zero, .nanoseconds(-1)] {
            #expect(throws: SettingError.self) { try Rate(limit: 1, per: every) }
        }
    }

    @Test("a value out of range is refused by name, with the range")
    func refusals() {
        let refused: [(String, () throws -> Rate)] = [
            ("limit: 0 is out of range; allowed: 1 to 1000000000 per 1s", { try Rate(limit: 0, per: .seconds(1)) }),
            ("limit: -1 is out of range; allowed: 1 to 1000000000 per 1s", { try Rate(limit: -1, per: .seconds(1)) }),
            ("limit: 4 is out of range; allowed: 1 to 3 per 3ns", { try Rate(limit: 4, per: .nanoseconds(3)) }),
            ("per: 0s is out of range; allowed: more than 0s", { try Rate(limit: 1, per: .zero) }),
            ("per: -1s is out of range; allowed: more than 0s", { try Rate(limit: 1, per: .seconds(-1)) }),
            ("perSecond: 0.0 is out of range; allowed: 0.000000001 to 1000000000", { try Rate(perSecond: 0) }),
            ("perSecond: nan is out of range; allowed: 0.000000001 to 1000000000", { try Rate(perSecond: .nan) }),
            ("perSecond: inf is out of range; allowed: 0.000000001 to 1000000000", { try Rate(perSecond: .infinity) }),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
        }
        for burst in [0, -1, Rate.largestLimit + 1] {
            let error = #expect(throws: SettingError.self) {
                try TokenBucket.Settings(limit: 1, per: .seconds(1), burst: burst)
            }
            #expect(error?.setting == "burst")
        }
    }

    @Test("the burst is one period's permits unless it is given")
    func burst() throws {
        #expect(try TokenBucket.Settings(limit: 7, per: .seconds(1)).burst == 7)
    }
}
