import Caching
import Testing
import Timeline

@Suite("Seasons and forecasts")
struct SeasonTests {
    private func at(day: Int64, hour: Int64, minute: Int64 = 0) -> Instant {
        .after(.minutes((day * 24 + hour) * 60 + minute))
    }

    /// A history of a key that was used thrice in each of these hours, day after day.
    private func history(hours: [Int64], days: Int64, clock: DayClock = .ordinary) throws -> AccessHistory<Int> {
        var history = try AccessHistory<Int>(AccessHistorySettings(keys: 4, clock: clock))
        for day in 0..<days {
            for hour in hours {
                for minute in [0, 1, 20] as [Int64] { history.record(1, at: at(day: day, hour: hour, minute: minute)) }
            }
        }
        return history
    }

    @Test(
        "seasonality is high for one hour a day, lower for office hours, and nothing for all hours or one burst",
        arguments: [
            (Array(9...9), 1, 0.0...0.0), (Array(9...9), 2, 0.5...0.5), (Array(9...9), 10, 0.9...0.9),
            (Array(9...16), 1, 0...0), (Array(9...16), 10, 0.34...0.35), (Array(0...23), 10, 0...1e-9),
            ([3, 12], 10, 0.73...0.731), (Array(9...9), 300, 0.99...1),
        ] as [([Int64], Int64, ClosedRange<Double>)])
    func seasonality(hours: [Int64], days: Int64, expected: ClosedRange<Double>) throws {
        let history = try history(hours: hours, days: days)
        let found = history.pattern(of: 1, at: at(day: days, hour: 0)).seasonality
        #expect(expected.contains(found), "\(found)")
    }

    @Test("a key of a certain hour is expected in the hour before it from the third day on, and in no other")
    func expected() throws {
        for days in 1...40 as ClosedRange<Int64> {
            let history = try history(hours: [9, 17], days: days)
            for hour in 0..<24 as Range<Int64> {
                let keys = history.expectedInNextHour(5, at: at(day: days, hour: hour, minute: 59))
                #expect(keys == (days > 1 && (hour == 8 || hour == 16) ? [1] : []), "day \(days), \(hour) h")
            }
        }
    }

    @Test("a habit of more than a year is as sure as one of a month")
    func longHabit() throws {
        let history = try history(hours: [9], days: 400)
        #expect(history.expectedInNextHour(1, likelihood: 0.95, at: at(day: 400, hour: 8)) == [1])
    }

    @Test("a habit that was given up is forgotten day by day")
    func givenUp() throws {
        let history = try history(hours: [9], days: 10)
        #expect(history.expectedInNextHour(5, at: at(day: 18, hour: 8)) == [1])
        #expect(history.expectedInNextHour(5, at: at(day: 19, hour: 8)).isEmpty)
    }

    @Test("the likelier key is expected first, and only as many as were asked for")
    func order() throws {
        var history = try AccessHistory<Int>(AccessHistorySettings(keys: 4))
        for day in 0..<6 as Range<Int64> {
            history.record(1, at: at(day: day, hour: 9))
            if day != 2 { history.record(2, at: at(day: day, hour: 9)) }
            history.record(3, at: at(day: day, hour: 9))
            if day < 2 { history.record(4, at: at(day: day, hour: 9)) }
        }
        let now = at(day: 6, hour: 8)
        #expect(history.expectedInNextHour(9, at: now) == [3, 1, 2])
        #expect(history.expectedInNextHour(2, at: now) == [3, 1] && history.expectedInNextHour(-1, at: now).isEmpty)
        #expect(history.expectedInNextHour(9, likelihood: 0.2, at: now) == [3, 1, 2, 4])
    }

    @Test("the time of day can begin at any hour, and days can be short")
    func clocks() throws {
        let clock = try DayClock(day: .minutes(24), timeAtZero: .minutes(20))
        #expect(clock.hourOfDay(at: .zero) == 20 && clock.hourOfDay(at: .after(.minutes(4))) == 0)
        #expect(clock.timeOfDay(at: .after(.minutes(5))) == .minutes(1))
        #expect(clock.hourOfDay(at: .after(.minutes(-21))) == 23)
        #expect(clock.next(.minutes(9), after: .zero) == .after(.minutes(13)))
        #expect(clock.next(.minutes(9), after: .after(.minutes(13))) == .after(.minutes(37)))
    }
}
