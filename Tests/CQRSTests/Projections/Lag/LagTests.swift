import CQRS
import EventSourcing
import Testing
import Timeline

/// Vectors: Marten, `HealthChecks/*` of its daemon tests (MA); J numbers are those of the extracted list.
@Suite("Lag")
struct LagTests {
    @Test(
        "J1-J4: too far behind is more than the limit; at the limit is well, where Marten's code says not",
        arguments: [
            (nil, 0, 100, true), (100, 100, 0, true), (500, 500, 1, true), (500, 0, 1, false), (1_000, 899, 100, false),
            (1_000, 899, 101, true), (1_000, 900, 100, true), (1_000, 901, 101, true), (0, 0, 0, true),
            (5, 9, 0, true),
        ] as [(Int64?, Int64, Int64, Bool)])
    func limit(head: Int64?, position: Int64, most: Int64, isHealthy: Bool) throws {
        var check = try LagCheck(mostBehind: most)
        let health = check.check(position: Position(position), head: head.map { Position($0) }, at: .zero)
        #expect(health == (isHealthy ? .healthy : .behind(by: (head ?? 0) - position)))
    }

    @Test("one that has never moved is as far behind as the log is long; in Marten it is not looked at")
    func neverMoved() throws {
        var check = try LagCheck()
        #expect(check.check(position: nil, head: 500, at: .zero) == .behind(by: 500))
        #expect(check.check(position: nil, head: 100, at: .zero) == .healthy)
        #expect(check.check(position: nil, head: nil, at: .zero) == .healthy)
    }

    @Test("J5: with a time, it must not have moved for that long since it was first seen too far behind")
    func unmoved() throws {
        var check = try LagCheck(mostBehind: 1, unmovedFor: .seconds(30))
        #expect(check.check(position: 0, head: 500, at: .zero) == .healthy)
        let late = check.check(position: 0, head: 500, at: .ms(30_001))
        #expect(late == .stuck(behindBy: 500, for: .milliseconds(30_001)))
        #expect(check.check(position: 1, head: 500, at: .ms(30_002)) == .healthy)
        #expect(check.check(position: 1, head: 500, at: .ms(60_001)) == .healthy)
        #expect(check.check(position: 1, head: 500, at: .ms(60_002)) != .healthy)
    }

    @Test("J5: asking more often than the time does not start it anew, as it does in Marten")
    func askedOften() throws {
        var check = try LagCheck(mostBehind: 1, unmovedFor: .seconds(30))
        for second in 0..<30 as Range<Int64> {
            #expect(check.check(position: 5, head: 500, at: .ms(second * 1_000)) == .healthy)
        }
        for second in 30..<33 as Range<Int64> {
            let health = check.check(position: 5, head: 500, at: .ms(second * 1_000))
            #expect(health == .stuck(behindBy: 495, for: .seconds(second)))
        }
    }

    @Test("one that had nothing to do for an hour is not stuck in the moment when there is something")
    func idle() throws {
        var check = try LagCheck(mostBehind: 10, unmovedFor: .seconds(30))
        for minute in 0..<60 as Range<Int64> {
            #expect(check.check(position: 100, head: 100, at: .ms(minute * 60_000)) == .healthy)
        }
        #expect(check.check(position: 100, head: 900, at: .ms(3_600_000)) == .healthy)
        #expect(check.check(position: 100, head: 900, at: .ms(3_630_000)) != .healthy)
    }

    @Test("J6: the same for a high-water mark against what was drawn")
    func mark() throws {
        var check = try LagCheck(mostBehind: 0, unmovedFor: .seconds(30))
        #expect(check.check(position: 1, head: 10, at: .zero) == .healthy, "at first sight")
        #expect(check.check(position: 1, head: 10, at: .ms(60_000)) == .stuck(behindBy: 9, for: .seconds(60)))
        #expect(check.check(position: 10, head: 11, at: .ms(60_001)) == .healthy, "it has moved")
        #expect(check.check(position: 1, head: nil, at: .ms(99_000)) == .healthy, "nobody is interested")
    }

    @Test("settings out of their ranges are refused")
    func settings() {
        #expect(throws: SettingError.self) { try LagCheck(mostBehind: -1) }
        #expect(throws: SettingError.self) { try LagCheck(unmovedFor: .seconds(-1)) }
        #expect(throws: SettingError.self) { try LagMeter(window: .milliseconds(9)) }
    }

    @Test("the lag counts positions and time; it grows with other people's events too")
    func meter() throws {
        var meter = try LagMeter(window: .seconds(9))
        #expect(meter.lag(at: .zero).events == 0)
        #expect(meter.lag(at: .zero).timeToCatchUp == .zero)
        for second in 0...9 as ClosedRange<Int64> {
            meter.note(
                position: Position(second * 100), head: Position(1_000 + second * 60),
                oldestUnprocessed: .ms(second * 1_000 - 700), at: .ms(second * 1_000))
        }
        let lag = meter.lag(at: .ms(9_000))
        #expect(lag.events == 640)
        #expect(lag.age == .milliseconds(700))
        #expect(lag.rate == 100)
        #expect(lag.growth == 60)
        #expect(lag.timeToCatchUp == .seconds(16), "640 behind, 40 a second nearer")
    }

    @Test("one that is not getting nearer will never have caught up, and one that stands still gets no credit")
    func noGain() throws {
        var meter = try LagMeter(window: .seconds(9))
        for second in 0...9 as ClosedRange<Int64> {
            meter.note(
                position: Position(second * 50), head: Position(1_000 + second * 60), oldestUnprocessed: nil,
                at: .ms(second * 1_000))
        }
        #expect(meter.lag(at: .ms(9_000)).timeToCatchUp == nil)
        #expect(meter.lag(at: .ms(9_000)).age == nil)
        #expect(meter.lag(at: .ms(90_000)).rate == 5, "450 in 90 s")
    }

    @Test("rates are those of the last stretch of time; one that starts anew begins to measure anew")
    func window() throws {
        var meter = try LagMeter(window: .seconds(9))
        for second in 0...40 as ClosedRange<Int64> {
            let position = second < 20 ? second * 1_000 : 20_000 + (second - 20)
            meter.note(position: Position(position), head: 30_000, oldestUnprocessed: nil, at: .ms(second * 1_000))
        }
        #expect(meter.lag(at: .ms(40_000)).rate == 1)
        meter.note(position: 0, head: 30_000, oldestUnprocessed: nil, at: .ms(41_000))
        meter.note(position: 500, head: 30_000, oldestUnprocessed: nil, at: .ms(42_000))
        #expect(meter.lag(at: .ms(42_000)).rate == 500)
        #expect(meter.lag(at: .ms(42_000)).events == 29_500)
    }

    @Test("notes that are far apart count no longer than the window")
    func sparse() throws {
        var meter = try LagMeter(window: .seconds(9))
        for minute in 0..<8 as Range<Int64> {
            let position = minute < 6 ? minute * 6_000 : 36_000
            meter.note(position: Position(position), head: 50_000, oldestUnprocessed: nil, at: .ms(minute * 60_000))
        }
        #expect(meter.lag(at: .ms(420_000)).rate == 0)
    }

    @Test("numbers at the ends of their range do not trap")
    func extremes() throws {
        var meter = try LagMeter()
        meter.note(position: Position(.min), head: Position(.max), oldestUnprocessed: .distantFuture, at: .zero)
        meter.note(position: Position(.max), head: Position(.max), oldestUnprocessed: nil, at: .distantFuture)
        #expect(meter.lag(at: .distantFuture).events == 0)
        var check = try LagCheck()
        #expect(check.check(position: Position(.min), head: Position(.max), at: .zero) == .behind(by: .max))
    }
}
