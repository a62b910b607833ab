import Caching
import Testing
import Timeline

@Suite("Access patterns")
struct AccessPatternTests {
    private func at(_ minutes: Int64) -> Instant { .after(.minutes(minutes)) }

    /// What is known, at the last of these minutes, of a key that was used at each of them.
    private func pattern(_ minutes: [Int64], at end: Int64? = nil) throws -> AccessPattern {
        var history = try AccessHistory<String>(AccessHistorySettings(keys: 10))
        for minute in minutes { history.record("key", at: at(minute)) }
        return history.pattern(of: "key", at: at(end ?? minutes.last ?? 0))
    }

    @Test("a key that was never seen has no uses, and the longest recency there is")
    func unseen() throws {
        let pattern = try pattern([])
        #expect(pattern == .unseen && pattern.isNewcomer)
        #expect(pattern.recency == .maximum && pattern.frequency == 0)
    }

    @Test("a key used once is known, but has neither locality, season nor anything foretold")
    func once() throws {
        let pattern = try pattern([3], at: 5)
        #expect(pattern.frequency == 1 && pattern.recency == .minutes(2) && pattern.isNewcomer)
        #expect(pattern.locality == 0 && pattern.seasonality == 0 && pattern.predictability == 0)
        #expect(try !self.pattern([3, 4]).isNewcomer)
    }

    @Test(
        "locality is the share of uses within the close gap of the one before",
        arguments: [
            ("steady, each minute for an hour", Array(0..<60 as Range<Int64>), 59.0 / 60),
            ("steady, each 6 minutes", Array(stride(from: 0 as Int64, to: 60, by: 6)), 0),
            ("steady, each 5 minutes", Array(stride(from: 0 as Int64, to: 60, by: 5)), 11.0 / 12),
            ("one burst", [30, 30, 30, 30, 30, 30, 30, 30, 30, 30], 0.9),
            ("two bursts", [10, 10, 10, 10, 10, 40, 40, 40, 40, 40], 0.8),
            ("pairs", [0, 1, 20, 21, 40, 41], 0.5),
        ] as [(String, [Int64], Double)])
    func locality(name: String, minutes: [Int64], expected: Double) throws {
        #expect(try pattern(minutes).locality == expected, "\(name)")
    }

    @Test("the gap that counts as close can be set")
    func closeGap() throws {
        var history = try AccessHistory<Int>(AccessHistorySettings(keys: 1, closeGap: .minutes(6)))
        for minute in [0, 6, 12, 18] as [Int64] { history.record(1, at: at(minute)) }
        #expect(history.pattern(of: 1, at: at(18)).locality == 0.75)
    }

    @Test("uses at random have the locality that the formula says: 0.63 at 12 an hour and a gap of 5 minutes")
    func randomLocality() throws {
        var random = RandomStream(seed: 7, name: "key", purpose: "gaps")
        var history = try AccessHistory<Int>(AccessHistorySettings(keys: 1, window: .minutes(60_000), buckets: 1))
        var now = Instant.zero
        for _ in 0..<4_000 {
            now = now + Distribution.exponential(mean: .minutes(5)).sample(using: &random)
            history.record(1, at: now)
        }
        let pattern = history.pattern(of: 1, at: now)
        #expect(abs(pattern.locality - 0.632) < 0.02)
        #expect(pattern.predictability < 0.6)
    }

    @Test("the count falls to nothing as the window moves on, and the recency grows")
    func fading() throws {
        let minutes = Array(0..<60 as Range<Int64>)
        #expect(try pattern(minutes, at: 59).frequency == 60)
        #expect(try pattern(minutes, at: 60).frequency == 55)
        #expect(try pattern(minutes, at: 114).frequency == 5)
        let gone = try pattern(minutes, at: 115)
        #expect(gone.frequency == 0 && gone.locality == 0 && gone.recency == .minutes(56) && gone.accesses == 60)
    }

    @Test("a clock that steps back stands still")
    func stepBack() throws {
        var history = try AccessHistory<Int>(AccessHistorySettings(keys: 2))
        history.record(1, at: at(100))
        history.record(1, at: at(10))
        let pattern = history.pattern(of: 1, at: at(0))
        #expect(pattern.frequency == 2 && pattern.recency == .zero)
    }

    @Test("no moment of the clock traps, the first and the last included")
    func extremes() throws {
        var history = try AccessHistory<Int>(AccessHistorySettings(keys: 2, window: .milliseconds(1), buckets: 60))
        for nanoseconds in [.min, .min, -1, 0, .max, .max] as [Int64] {
            history.record(1, at: Instant(nanoseconds: nanoseconds))
            history.record(Int(truncatingIfNeeded: nanoseconds), at: Instant(nanoseconds: nanoseconds))
            _ = history.expectedInNextHour(2, at: Instant(nanoseconds: nanoseconds))
        }
        #expect(history.pattern(of: 1, at: .distantFuture).frequency == 2)
    }
}
