import Caching
import Testing
import Timeline

@Suite("What is warmed, and when")
struct WarmingStrategyTests {
    /// Three days on which 1 is used at 9 with 2 after it, and 3 most of all.
    private func history() throws -> AccessHistory<Int> {
        var history = try AccessHistory<Int>(AccessHistorySettings(keys: 9))
        for day in 0..<3 as Range<Int64> {
            for (key, hour) in [(1, 9), (2, 9), (1, 9), (2, 9), (3, 12), (3, 12), (3, 12), (4, 12)] as [(Int, Int64)] {
                history.record(key, at: .after(.minutes((day * 24 + hour) * 60)))
            }
        }
        return history
    }

    @Test(
        "each strategy names its keys",
        arguments: [
            (.listed([9, 8]), 12, [9, 8]), (.popular(2), 12, [3, 4]), (.popular(1), 12, [3]), (.popular(9), 14, []),
            (.successors(of: 1, count: 4, confidence: 0.3), 12, [2]),
            (.successors(of: 1, count: 4, confidence: 1), 12, []),
            (.comingHour(count: 5, likelihood: 0.5), 32, [2, 1]), (.comingHour(count: 5, likelihood: 0.9), 32, []),
        ] as [(WarmingStrategy<Int>, Int64, [Int])])
    func strategies(strategy: WarmingStrategy<Int>, hour: Int64, keys: [Int]) throws {
        let now = Instant.after(.minutes((48 + hour) * 60))
        #expect(strategy.keys(from: try history(), at: now) == keys)
    }

    @Test("what is scheduled is due once a day, at its time, and once for all the days that nobody looked")
    func schedule() throws {
        var schedule = try WarmingSchedule<Int>(
            [.init(time: .minutes(540), strategy: .popular(5)), .init(time: .minutes(60), strategy: .listed([1]))],
            at: .after(.minutes(120)))
        #expect(schedule.nextDue == .after(.minutes(540)))
        #expect(schedule.takeDue(at: .after(.minutes(539))).isEmpty)
        #expect(schedule.takeDue(at: .after(.minutes(540))) == [.popular(5)])
        #expect(schedule.takeDue(at: .after(.minutes(540))).isEmpty)
        #expect(schedule.nextDue == .after(.minutes(1_500)))
        #expect(schedule.takeDue(at: .after(.minutes(5 * 1_440))) == [.popular(5), .listed([1])])
        #expect(schedule.nextDue == .after(.minutes(5 * 1_440 + 60)))
    }

    @Test("a time that no day has is refused by its entry, and an empty schedule is never due")
    func checks() throws {
        let clock = try DayClock(day: .minutes(24))
        let error = #expect(throws: SettingError.self) {
            try WarmingSchedule<Int>([.init(time: .minutes(24), strategy: .popular(1))], clock: clock, at: .zero)
        }
        #expect(error?.setting == "entries[0].time")
        #expect(try WarmingSchedule<Int>([], at: .zero).nextDue == nil)
    }
}
