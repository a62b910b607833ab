import Sagas
import Testing
import Timeline

private let started = "0 start > a\n0 ok a > b\n"

@Suite("What an operator can do with a saga")
struct SagaOrderTests {
    static let plays = [
        Play(
            "cancel turns the saga back, even before its start", "a/x b/y c",
            started + "9 cancel > back, undo b\n10 undone b > undo a\n11 undone a > compensated\n12 start"),
        Play("a saga that never began is cancelled with nothing to do", "a/x", "3 cancel > back, compensated\n4 start"),
        Play(
            "kill ends it as it stands, and takes back nothing", "a/x b/y c", started + "9 kill > killed\n10 ok b",
            ends: "done unknown pending"),
        Play(
            "a cancellation is refused while the pivot is called, beyond it, on the way back and after the end",
            "a/x b! c*",
            """
            0 start  > a
            0 ok a   > b
            1 cancel > refused: the pivot b is being called; try again once it has replied
            2 ok b   > c
            3 cancel > refused: the saga has passed its point of no return, b
            4 ok c   > completed
            5 cancel > refused: the saga has ended
            6 kill   > refused: the saga has ended
            7 pause  > refused: the saga has ended
            """),
        Play(
            "what waits for its next attempt is called now", "a:3",
            """
            0    start   > a
            0    retry   > refused: nothing waits to be tried again: a is being called
            1    fails a > a at 1001
            2    retry   > a#2
            1001 time
            1002 ok a    > completed
            """),
        Play(
            "a paused saga takes replies in and calls nothing; its time stands still, and it goes on where it was",
            { try .sketch("a/x:3 b", timeLimit: 5_000) },
            """
            0     start   > a
            10    pause   > paused
            11    pause   > refused: the saga is paused; resume it
            12    retry   > refused: the saga is paused; resume it
            20    fails a > a at 1020
            1020  time
            9000  resume  > a#2
            9001  resume  > refused: the saga is not paused
            9002  ok a    > b
            13989 time
            13990 time    > back, undo a
            """),
        Play(
            "a step that fails for good while the saga is paused turns it back when it goes on", "a/x b",
            started + "1 pause > paused\n2 fails b\n3 resume > back, undo a"),
        Play(
            "a step is skipped with a result of its kind, whether it was called or not", "a$/x b c$",
            """
            0 start      > a
            0 skip a     > refused: a returns a number; give one
            0 skip a =5c > refused: a returns a number; give one
            0 skip b =5  > refused: b returns nothing; give no result
            0 skip d     > refused: there is no step 100
            0 skip a =5  > skipped a, b
            0 skip a =5  > refused: a has been dealt with already
            0 skip c =7  > skipped c
            1 ok b       > completed
            """, ends: "skipped done skipped"),
        Play(
            "a skipped call may have happened, and is undone with the others", "a/x b",
            "0 start > a\n0 skip a > skipped a, b\n1 fails b > back, undo a\n1 skip b > refused: the saga is compensating already"
        ),
        Play(
            "an undo that was given up is tried again, even after the end", { try .sketch("a/x b/y c", undo: 1) },
            """
            0 start            > a
            0 ok a             > b
            0 ok b             > c
            0 retry compensation > refused: no undo has been given up
            0 fails c          > back, undo b
            1 undo fails b     > given up b, undo a
            2 undone a         > compensation failed
            3 retry compensation > undo b
            4 undo fails b     > given up b, compensation failed
            5 retry compensation > undo b
            6 undone b         > compensated
            """, ends: "undone undone failed"),
        Play(
            "what was taken back by hand is recorded so, and never as undone", { try .sketch("a/x b", undo: 1) },
            """
            0 start        > a
            0 ok a         > b
            0 fails b      > back, undo a
            1 resolve      > refused: no undo has been given up
            1 undo fails a > given up a, compensation failed
            2 resolve      > resolved a, compensated
            """, ends: "resolved failed"),
        Play(
            "an undo that waits for an operator is resolved, and the next follows",
            { try .sketch("a/x b/y c", undo: 1, whenExhausted: .waitsForOperator) },
            """
            0 start        > a
            0 ok a         > b
            0 ok b         > c
            0 fails c      > back, undo b
            1 undo fails b > stalled undo b
            2 resolve      > resolved b, undo a
            3 undone a     > compensated
            """),
        Play(
            "an undo that found no time is resolved, or tried again, like one that was given up",
            { try .sketch("a/x b/y c", limit: .seconds(10)) },
            """
            0     start   > a
            0     ok a    > b
            0     ok b    > c
            0     fails c > back, undo b
            10000 time    > given up b, compensation failed
            11000 resolve > resolved a, resolved b, compensated
            """),
        Play(
            "tried again, it is the first in order", { try .sketch("a/x b/y c", limit: .seconds(10)) },
            """
            0     start              > a
            0     ok a               > b
            0     ok b               > c
            0     fails c            > back, undo b
            10000 time               > given up b, compensation failed
            11000 retry compensation > undo b
            11000 undone b           > undo a
            11000 undone a           > compensated
            """),
        Play(
            "the pivot is not skipped ahead of its turn, and skipping it after the time limit makes the saga overdue",
            { try .sketch("a/x b! c*", timeLimit: 100) },
            """
            0   start  > a
            1   skip b > refused: the steps before b are not done; skip those first
            2   ok a   > b
            100 time
            200 skip b > skipped b, overdue, c
            """),
        Play(
            "DBOS test_failures: more recoveries than allowed, and an operator has to look; resuming forgives them",
            { try .sketch("a", recoveries: 2) },
            """
            0 start     > a
            1 recovered > a at 1, a#2
            2 recovered > a at 2, a#3
            3 recovered > a at 3, paused after too many recoveries
            4 recovered
            5 resume    > a#4
            6 recovered > a at 6, a#5
            7 ok a      > completed
            """),
    ]

    @Test("orders", arguments: plays)
    func orders(_ play: Play) throws { try play.run() }

    @Test("a resolved undo is told apart from one that was done")
    func byHand() throws {
        var stage = Stage(try .sketch("a/x b", undo: 1))
        stage.play(
            "0 start > a\n0 ok a > b\n0 fails b > back, undo a\n1 undo fails a > given up a, compensation failed\n2 resolve > resolved a, compensated"
        )
        #expect(stage.saga.phase == .ended(.compensated(.stepFailed, byHand: Saga.StepSet([0]))))
    }

    @Test("run again from a step on: earlier steps keep results and keys, and nothing that stands happens twice")
    func rerun() throws {
        let definition = try SagaDefinition.sketch("a$/x b/y c d")
        var stage = Stage(definition)
        stage.play("0 start > a\n1 ok a =5 > b\n2 ok b > c\n3 kill > killed")
        var events: [Saga.Event] = []
        #expect(throws: Saga.OrderRefusal.wouldRepeat(step: "b")) {
            try stage.saga.rerun(from: 1, as: 9, at: .ms(4), under: definition, into: &events)
        }
        var again = Stage(definition)
        again.saga = try stage.saga.rerun(from: 2, as: 9, at: .ms(4), under: definition, into: &events)
        #expect(again.statuses == [.done, .done, .calling, .pending] && again.saga.rerunOf == 7)
        #expect(again.saga.result(of: 0, under: definition) == .number(5))
        #expect(again.saga.idempotencyKey(of: 0) == stage.saga.idempotencyKey(of: 0))
        #expect(again.saga.idempotencyKey(of: 2) != stage.saga.idempotencyKey(of: 2))
        var replayed = Saga(id: 9)
        for event in events { replayed.evolve(event, under: definition) }
        #expect(Portrait(replayed, definition) == Portrait(again.saga, definition))
    }

    @Test("a saga is not run again before it has ended, nor on steps that were taken back")
    func rerunRefused() throws {
        let definition = try SagaDefinition.sketch("a/x b")
        var stage = Stage(definition)
        stage.play("0 start > a\n1 ok a > b")
        #expect(stage.saga.rerunRefusal(from: 1, under: definition) == .notEnded)
        stage.play("2 fails b > back, undo a\n3 undone a > compensated")
        #expect(stage.saga.rerunRefusal(from: 1, under: definition) == .notDone(step: "a"))
        #expect(stage.saga.rerunRefusal(from: 0, under: definition) == nil)
        #expect(stage.saga.rerunRefusal(from: 2, under: definition) == .noSuchStep(2))
    }
}
