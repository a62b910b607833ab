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
        #expect(standing.isOver == stage.saga.isOver)
        #expect(standing.needsOperator == stage.saga.needsOperator)
    }

    @Test("a saga that waits for its lock")
    func locking() throws {
        let lock = SagaDefinition.Isolation.semanticLock(.init(on: "item"))
        var stage = Stage(try .sketch("a", data: [SagaField("item", .identifier)], isolation: lock))
        stage.play("0 start")
        #expect(stage.saga.standing(under: stage.definition) == .locking)
    }

    @Test("a census counts each standing, and each alarm besides")
    func census() {
        var census = SagaCensus()
        for (_, _, standing) in Self.rows { census.count(standing) }
        for alarms in [[.stuck], [.stuck, .isOld], [.compensationFailed]] as [SagaMonitor.Alarms] {
            census.count(.running, alarms)
        }
        #expect(census.total == 17 && census.underWay == 11)
        #expect(census[.running] == 5 && census[.compensatedByHand] == 1 && census[.locking] == 0)
        let counts = SagaMonitor.Alarms.each.map { census[$0] }
        #expect(counts == [2, 0, 0, 1, 1] && census[[] as SagaMonitor.Alarms] == 0)
    }

    /// How many of a hundred sagas, which are 1 to 100 ms old, are counted, and their ages in milliseconds by share.
    private static let ages: [(count: Int, ages: [(share: Double, age: Int64)])] = [
        (100, [(0, 1), (0.01, 1), (0.5, 50), (0.95, 95), (0.951, 96), (1, 100), (9, 100), (-1, 1), (.nan, 1)]),
        (3, [(0, 1), (0.33, 1), (0.34, 2), (0.5, 2), (0.67, 3), (0.95, 3)]), (1, [(0, 1), (0.5, 1), (1, 1)]),
    ]

    @Test("ages are taken by nearest rank, in whatever order they come and however many are alike", arguments: 0..<4)
    func ages(seed: UInt64) {
        var random = RandomStream(seed: seed, name: "ages", purpose: "order")
        for (count, expected) in Self.ages {
            var ages = SagaAges()
            let shuffled = (1...Int64(count)).map { ($0, random.next()) }.sorted { $0.1 < $1.1 }
            for (age, _) in shuffled {
                for _ in 0...seed { ages.take(startedAt: .ms(1_000 - age), progressedAt: .ms(1_000 - age / 2)) }
            }
            #expect(ages.count == count * Int(seed + 1))
            #expect(ages.withoutProgress(at: .ms(1_000)) == .milliseconds(Int64(count) / 2))
            let shares = expected.map(\.share)
            #expect(ages.ages(at: shares, now: .ms(1_000)) == expected.map { .milliseconds($0.age) }, "\(count)")
        }
        #expect(SagaAges().ages(at: [0.5], now: .zero).isEmpty && SagaAges().withoutProgress(at: .zero) == nil)
    }
}
