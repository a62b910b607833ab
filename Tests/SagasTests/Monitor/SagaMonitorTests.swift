import Sagas
import Testing
import Timeline

@Suite("The monitor of sagas")
struct SagaMonitorTests {
    /// A saga, and the alarms that are raised (`+`) and cleared (`-`), each with its time in seconds.
    struct Patrol: Sendable, CustomTestStringConvertible {
        let rule: String
        let definition: @Sendable () throws -> SagaDefinition
        let script: String
        let alarms: String
        var oldAfter: Duration?
        var testDescription: String { rule }

        init(
            _ rule: String, _ definition: @escaping @Sendable () throws -> SagaDefinition, _ script: String,
            _ alarms: String, oldAfter: Duration? = nil
        ) {
            (self.rule, self.definition, self.script, self.alarms) = (rule, definition, script, alarms)
            self.oldAfter = oldAfter
        }
    }

    static let patrols = [
        Patrol(
            "stuck is raised once, ten minutes after the last step, and cleared when the saga gets on (S19)",
            { try .sketch("a b") }, "0 start > a\n5000 ok a > b\n4000000 ok b > completed", "605 +stuck, 4000 -stuck"),
        Patrol(
            "attempts that fail are no progress, and a second time is another alarm", { try .sketch("a:9 b") },
            """
            0       start   > a
            599000  fails a > a at 600000
            600000  time    > a#2
            700000  ok a    > b
            1400000 ok b    > completed
            """, "600 +stuck, 700 -stuck, 1300 +stuck, 1400 -stuck"),
        Patrol(
            "what is paused is not stuck, and its time begins anew when it goes on", { try .sketch("a b") },
            "0 start > a\n500000 pause > paused\n2000000 resume\n3000000 ok a > b", "2600 +stuck, 3000 -stuck"),
        Patrol(
            "a step that waits for an operator is reported at once, is not stuck, and has its time anew afterwards",
            { try .sketch("a*") },
            "0 start > a\n1000 fails a final > stalled a\n2000000 retry > a#2\n2700000 ok a > completed",
            "1 +waiting for an operator, 2000 -waiting for an operator, 2600 +stuck, 2700 -stuck"),
        Patrol(
            "a saga that too many crashes have stopped waits for an operator; one that was paused does not",
            { try .sketch("a", recoveries: 1) },
            """
            0 start     > a
            1000 pause  > paused
            2000 resume
            3000 recovered > a at 3000, a#2
            4000 recovered > a at 4000, paused after too many recoveries
            5000 resume > a#3
            """, "4 +waiting for an operator, 5 -waiting for an operator"),
        Patrol(
            "on its way back for too long, time on hold not counted", { try .sketch("a/x b/y c", limit: .minutes(60)) },
            """
            0      start    > a
            0      ok a     > b
            0      ok b     > c
            1000   fails c  > back, undo b
            100000 pause    > paused
            200000 undone b
            200000 resume   > undo a
            450000 pause    > paused
            460000 resume
            500000 undone a > compensated
            """, "401 +compensating for too long, 500 -compensating for too long"),
        Patrol(
            "a compensation that has failed is reported once, until it is dealt with (S18)",
            { try .sketch("a/x b", undo: 1, limit: .minutes(60)) },
            """
            0       start        > a
            0       ok a         > b
            0       fails b      > back, undo a
            1000    undo fails a > given up a, compensation failed
            9000000 retry compensation > undo a
            9001000 undo fails a > given up a, compensation failed
            9002000 resolve      > resolved a, compensated
            """,
            "1 +compensation failed, 9000 -compensation failed, 9001 +compensation failed, 9002 -compensation failed"),
        Patrol(
            "an undo that waits for an operator", { try .sketch("a/x b", undo: 1, whenExhausted: .waitsForOperator) },
            """
            0    start        > a
            0    ok a         > b
            0    fails b      > back, undo a
            0    undo fails a > stalled undo a
            9000 resolve      > resolved a, compensated
            """,
            "0 +waiting for an operator, 9 -waiting for an operator"),
        Patrol(
            "older than it should be", { try .sketch("a b") }, "7000 start > a\n20000 ok a > b\n30000 ok b > completed",
            "17 +old, 30 -old", oldAfter: .seconds(10)),
    ]

    @Test("alarms", arguments: patrols)
    func alarms(_ patrol: Patrol) throws {
        let monitor = try SagaMonitor(oldAfter: patrol.oldAfter)
        var stage = Stage(try patrol.definition())
        var (watch, log) = (SagaMonitor.Watch(), [String]())
        func look(at now: Instant) {
            let findings = monitor.check(stage.saga, &watch, under: stage.definition, at: now)
            for (sign, alarms) in [("-", findings.cleared), ("+", findings.raised)] where !alarms.isEmpty {
                log.append("\(now.nanoseconds / 1_000_000_000) \(sign)\(alarms)")
            }
        }
        for line in patrol.script.split(separator: "\n") {
            let time = Instant.ms(line.split(separator: " ").first.flatMap { Int64($0) } ?? 0)
            // It is looked at when it is due, and every 30 s besides: that raises nothing twice.
            while let due = monitor.due(stage.saga, watch, under: stage.definition), due <= time {
                look(at: due)
                for _ in 0..<3 { look(at: due) }
            }
            stage.play(String(line))
            look(at: time)
        }
        #expect(log.joined(separator: ", ") == patrol.alarms)
    }

    @Test("for each alarm that is raised it says since when and by which limit, time on hold left out")
    func reasons() throws {
        let monitor = try SagaMonitor(stuckAfter: .seconds(60), compensatingAfter: .seconds(30), oldAfter: .seconds(5))
        var stage = Stage(try .sketch("a/x b", limit: .minutes(60)))
        var watch = SagaMonitor.Watch()
        for line in [
            "0 start > a", "1000 ok a > b", "2000 fails b > back, undo a", "3000 pause > paused", "13000 resume",
        ] {
            stage.play(line)
            _ = monitor.check(
                stage.saga, &watch, under: stage.definition, at: .ms(Int64(line.prefix { $0 != " " }) ?? 0))
        }
        #expect(monitor.reasons(for: stage.saga, watch, under: stage.definition).map(\.alarm) == [.isOld])
        _ = monitor.check(stage.saga, &watch, under: stage.definition, at: .ms(90_000))
        let reasons = monitor.reasons(for: stage.saga, watch, under: stage.definition)
        #expect(reasons.map(\.alarm) == [.stuck, .compensatesTooLong, .isOld])
        #expect(reasons.map(\.limit) == [.seconds(60), .seconds(30), .seconds(5)])
        // A watch keeps its moment in units of 256 ns.
        let since = reasons.map { ($0.since.nanoseconds + 999_999) / 1_000_000 }
        #expect(since == [13_000, 12_000, 0])
    }

    @Test("who looks when it is due finds what one finds who looks every millisecond, and never the same twice")
    func dueIsEnough() throws {
        let monitor = try SagaMonitor(
            stuckAfter: .milliseconds(60), compensatingAfter: .milliseconds(40), waitingAfter: .milliseconds(5),
            oldAfter: .milliseconds(300))
        var seen: SagaMonitor.Alarms = []
        for seed in 0..<300 as Range<UInt64> {
            var driver = try ChaosDriver(seed: seed)
            driver.run()
            var lazy = Lookout(monitor, driver.definition, saga: Saga(id: seed))
            var eager = lazy
            for event in driver.events {
                lazy.wait(until: event.time)
                while eager.now < event.time { eager.look(at: min(eager.now + .milliseconds(1), event.time)) }
                lazy.take(event)
                eager.take(event)
            }
            #expect(lazy.log == eager.log, "seed \(seed)")
            for entry in lazy.log { seen.formUnion(entry.findings.raised) }
        }
        #expect(seen.rawValue == 31)
    }

    @Test("settings out of their range are refused")
    func settings() throws {
        for limit in [Duration.zero, .seconds(-1)] {
            #expect(throws: SettingError.self) { try SagaMonitor(stuckAfter: limit) }
            #expect(throws: SettingError.self) { try SagaMonitor(compensatingAfter: limit) }
            #expect(throws: SettingError.self) { try SagaMonitor(oldAfter: limit) }
        }
        let error = #expect(throws: SettingError.self) { try SagaMonitor(waitingAfter: .seconds(-1)) }
        #expect(error?.description == "waitingAfter: -1s is out of range; allowed: 0s or more")
        let monitor = try SagaMonitor()
        #expect(monitor.stuckAfter == .minutes(10) && monitor.compensatingAfter == .minutes(5))
        #expect(MemoryLayout<SagaMonitor.Watch>.size == 8)
    }
}

/// Somebody who looks after a saga, and writes down what is new.
struct Lookout {
    let monitor: SagaMonitor
    let definition: SagaDefinition
    var saga: Saga
    var watch = SagaMonitor.Watch()
    var now = Instant.zero
    var log: [Entry] = []

    /// What was new, and when.
    struct Entry: Equatable {
        let at: Instant
        let findings: SagaMonitor.Findings
    }

    init(_ monitor: SagaMonitor, _ definition: SagaDefinition, saga: Saga) {
        (self.monitor, self.definition, self.saga) = (monitor, definition, saga)
    }

    mutating func look(at time: Instant) {
        now = time
        let findings = monitor.check(saga, &watch, under: definition, at: now)
        if !findings.isEmpty { log.append(Entry(at: now, findings: findings)) }
    }

    /// Looks whenever it is due.
    mutating func wait(until time: Instant) {
        while let due = monitor.due(saga, watch, under: definition), due <= time { look(at: due) }
        now = time
    }

    mutating func take(_ event: Saga.Event) {
        saga.evolve(event, under: definition)
        look(at: event.time)
    }
}
