import Sagas
import Testing
import Timeline

@Suite("How sagas stand")
struct SagaStandingTests {
    private static let back = "0 start > a\n0 ok a > b\n0 fails b > back, undo a\n"

    static let rows: [(sketch: String, script: String, standing: Saga.Standing)] = [
        ("a", "", .ready),
        ("a", "0 start > a", .running),
        ("( a:2 b )", "0 start > a, b\n0 fails a > a at 1000", .running),
        ("a:2", "0 start > a\n0 fails a > a at 1000", .backingOff),
        ("( a* b* )", "0 start > a, b\n0 fails a final > stalled a", .waitingForOperator),
        ("a", "0 start > a\n0 pause > paused", .paused),
        ("a/x b", back, .compensating),
        ("a/x b", back + "0 undo fails a > undo a at 1000", .compensationWaits),
        ("a", "0 start > a\n0 ok a > completed", .completed),
        ("a? b", "0 start > a\n0 fails a > b\n0 ok b > completed", .leftStepsOut),
        ("a/x b", back + "0 undone a > compensated", .compensated),
        ("a/x b", back + "0 undo fails a final > given up a, compensation failed", .compensationFailed),
        (
            "a/x b",
            back + "0 undo fails a final > given up a, compensation failed\n0 resolve > resolved a, compensated",
            .compensatedByHand
        ),
        ("a", "0 start > a\n0 kill > killed", .killed),
    ]

    @Test("in a word", arguments: rows)
    func standings(_ sketch: String, _ script: String, _ standing: Saga.Standing) throws {
        var stage = Stage(try .sketch(sketch))
        stage.play(script)
        #expect(stage.saga.standing(under: stage.definition) == standing)
    }

    @Test("a saga that waits for its lock, and one that the monitor calls stuck")
    func lockedAndStuck() throws {
        let definition = try SagaDefinition.sketch(
            "a", data: [SagaField("item", .identifier)], isolation: .semanticLock(.init(on: "item")))
        let monitor = try SagaMonitor()
        var (stage, watch) = (Stage(definition), SagaMonitor.Watch())
        stage.play("0 start")
        _ = monitor.check(stage.saga, &watch, under: definition, at: .zero)
        #expect(monitor.standing(of: stage.saga, watch, under: definition) == .locking)
        _ = monitor.check(stage.saga, &watch, under: definition, at: .after(.minutes(10)))
        #expect(monitor.standing(of: stage.saga, watch, under: definition) == .stuck)
        stage.play("600000 locked > a\n600001 ok a > completed")
        #expect(monitor.standing(of: stage.saga, watch, under: definition) == .completed)
    }

    @Test("a census counts each standing, and takes the ages of those under way by nearest rank")
    func census() throws {
        var sagas: [(saga: Saga, standing: Saga.Standing)] = []
        for (sketch, script, standing) in Self.rows {
            var stage = Stage(try .sketch(sketch))
            stage.play(script)
            sagas.append((stage.saga, stage.saga.standing(under: stage.definition)))
            #expect(sagas.last?.standing == standing)
        }
        for start in 1...93 as ClosedRange<Int64> {
            var stage = Stage(try .sketch("a"))
            stage.play("\(start) start > a")
            sagas.append((stage.saga, .stuck))
        }
        let census = SagaCensus(of: sagas, at: .ms(100))
        // Seven of the rows are under way since 0, and 93 sagas since 1 to 93 ms.
        #expect(census.total == 107 && census.underWay == 100 && census[.stuck] == 93)
        #expect(census[.running] == 2 && census[.compensatedByHand] == 1 && census[.locking] == 0)
        let shares: [(Double, Int64)] = [
            (0, 7), (0.01, 7), (0.5, 56), (0.93, 99), (0.94, 100), (1, 100), (9, 100), (.nan, 7),
        ]
        for (share, age) in shares { #expect(census.age(at: share) == .milliseconds(age), "\(share)") }
        #expect(SagaCensus(of: [], at: .zero).age(at: 0.5) == nil)
    }
}
