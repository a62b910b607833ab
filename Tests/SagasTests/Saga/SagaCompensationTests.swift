import Resilience
import Sagas
import Testing
import Timeline

private let order = "reserve/release charge/refund confirm! notify*"
private let chargeFailed = """
    0 start        > reserve
    0 ok reserve   > charge
    0 fails charge > back, undo charge

    """

@Suite("A saga on its way back")
struct SagaCompensationTests {
    static let plays = [
        Play(
            "undos run in reverse order, the failed step's own first", order,
            chargeFailed + "1 undone charge > undo reserve\n2 undone reserve > compensated",
            ends: "undone undone pending pending"),
        Play(
            "a first step that fails with nothing to undo ends the saga", "a",
            "0 start > a\n0 fails a > back, compensated",
            ends: "failed"),
        Play(
            "an undo is retried by the policy", order,
            chargeFailed + """
                0    undo fails charge unknown > undo charge at 1000
                1000 time                      > undo charge#2
                1000 undone charge             > undo reserve
                """),
        Play(
            "undos that are exhausted do not stop the others, and the saga never counts as compensated (S3)", order,
            chargeFailed + """
                0    undo fails charge > undo charge at 1000
                1000 time              > undo charge#2
                1000 undo fails charge > given up charge, undo reserve
                1000 undone reserve    > compensation failed
                """, ends: "undone undoFailed pending pending"),
        Play(
            "where an operator is waited for, the exhausted undo holds up those behind it, until it is tried again",
            { try .sketch(order, whenExhausted: .waitsForOperator) },
            chargeFailed + """
                0    undo fails charge > undo charge at 1000
                1000 time              > undo charge#2
                1000 undo fails charge > stalled undo charge
                5000 retry             > undo charge#3
                5000 undo fails charge > undo charge at 6000
                6000 time              > undo charge#4
                6000 undone charge     > undo reserve
                6000 undone reserve    > compensated
                """, ends: "undone undone pending pending"),
        Play(
            "an undo that says that it never will is not tried again", order,
            chargeFailed + "0 undo fails charge final > given up charge, undo reserve"),
        Play(
            "in parallel all undos are called at once, and one that fails keeps no other",
            { try .sketch("a/x b/y c/z d", order: .parallel) },
            """
            0    start         > a
            0    ok a          > b
            0    ok b          > c
            0    ok c          > d
            0    fails d       > back, undo c, undo b, undo a
            1    undo fails b  > undo b at 1001
            2    undone a
            3    undone c
            1001 time          > undo b#2
            1002 undone b      > compensated
            """),
        Play(
            "in declared order an undo waits for those that it names",
            {
                var steps = try Sketch("a/x b/y c/z d").steps
                steps[2].undo?.after = ["a"]
                return try SagaDefinition(name: "s", steps: steps, compensation: .init(order: .declared))
            },
            """
            0 start    > a
            0 ok a     > b
            0 ok b     > c
            0 ok c     > d
            0 fails d  > back, undo b, undo a
            1 undone a > undo c
            2 undone b
            3 undone c > compensated
            """),
        Play(
            "the compensation's own limit ends the saga, with everything that is left reported as not undone",
            { try .sketch(order, limit: .seconds(60)) },
            chargeFailed + """
                0     undo fails charge after 90000 > undo charge at 90000
                59999 time
                60000 time                          > given up charge, compensation failed
                90000 time
                90000 undone charge
                """, ends: "done undoFailed pending pending"),
        Play(
            "where an operator is waited for, that limit leaves the undo to the operator",
            { try .sketch("a/x b", limit: .seconds(60), whenExhausted: .waitsForOperator) },
            """
            0     start       > a
            0     ok a        > b
            0     fails b     > back, undo a
            60000 time        > stalled undo a
            70000 retry       > undo a#2
            70000 undone a    > compensated
            """),
        Play(
            "compensation counts its time from when the saga turned back, not from its start (S2)",
            { try .sketch("a/x b", timeLimit: 5_000, limit: .seconds(60)) },
            """
            0     start > a
            5000  time  > back, undo a
            64999 time
            65000 time  > given up a, compensation failed
            """),
        Play(
            "a late success of an undo is one, during a wait, during another attempt, and after it was given up", order,
            chargeFailed + """
                0    undo fails charge unknown  > undo charge at 1000
                1    undone charge#1            > undo reserve
                2    undo fails reserve unknown > undo reserve at 1002
                1002 time                       > undo reserve#2
                1003 undone reserve#1           > compensated
                """, ends: "undone undone pending pending"),
        Play(
            "a success after the undo was given up still counts",
            { try .sketch("a/x b/y c", undo: 1) },
            """
            0 start              > a
            0 ok a               > b
            0 ok b               > c
            0 fails c            > back, undo b
            1 undo fails b       > given up b, undo a
            2 undone b#1
            3 undone a           > compensated
            """),
        Play(
            "an undo that is registered after success only leaves what happened without a reply (S10, by choice)",
            "a/x+ b",
            """
            0 start           > a
            0 fails a unknown > back, compensated
            """, ends: "unknown pending"),
        Play(
            "after the end nothing is taken in any more", "a/x b",
            """
            0 start    > a
            0 ok a     > b
            0 fails b  > back, undo a
            0 undone a > compensated
            1 undone a
            1 ok b
            1 time
            1 start
            1 recovered
            """),
    ]

    @Test("the way back", arguments: plays)
    func back(_ play: Play) throws { try play.run() }

    @Test("an open breaker is waited out: its retry-after is kept and uses up no attempt")
    func openBreaker() throws {
        var stage = Stage(try .sketch(order))
        stage.play(chargeFailed)
        for attempt in 1...9 {
            let time = (attempt - 1) * 5_000
            stage.play(
                """
                \(time) undo fails charge after 5000 > undo charge at \(time + 5_000)
                \(time + 5_000) time > undo charge#\(attempt + 1)
                """)
        }
        stage.play("45000 undo fails charge > undo charge at 46000\n46000 time > undo charge#11")
        #expect(stage.saga.phase == .compensating)
    }

    @Test("undos that are tried without end move the clock on even with no back-off")
    func endlessUndo() throws {
        let endless = try RetryPolicy(attempts: RetryPolicy.unlimited, backoff: .constant(.zero), jitter: .none)
        var stage = Stage(
            try SagaDefinition(name: "s", steps: Sketch("a/x b").steps, compensation: .init(retry: endless)))
        stage.play("0 start > a\n0 ok a > b\n0 fails b > back, undo a")
        for time in 1...50 {
            stage.play("\(time - 1) undo fails a > undo a at \(time)\n\(time) time > undo a#\(time + 1)")
        }
    }

    @Test("an ending says what is left, and what went wrong last")
    func ending() throws {
        var stage = Stage(try .sketch("a/x b/y c", undo: 1))
        stage.play(
            "0 start > a\n0 ok a > b\n0 ok b > c\n0 fails c > back, undo b\n5 undo fails b unknown > given up b, undo a"
        )
        stage.play("6 undone a > compensation failed")
        #expect(stage.saga.phase == .ended(.compensationFailed(.stepFailed, notUndone: Saga.StepSet([1]))))
        #expect(stage.saga.lastError?.step == 1 && stage.saga.lastError?.isUndo == true)
        #expect(stage.saga.lastError?.time == .ms(5))
    }
}
