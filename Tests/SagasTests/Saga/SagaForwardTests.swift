import Resilience
import Sagas
import Testing
import Timeline

private let order = "reserve/release charge/refund confirm! notify*"

@Suite("A saga on its way forward")
struct SagaForwardTests {
    static let plays = [
        Play(
            "steps are called one after another until all are done", order,
            """
            5  start      > reserve
            10 ok reserve > charge
            20 ok charge  > confirm
            30 ok confirm > notify
            40 ok notify  > completed
            """, ends: "done done done done"),
        Play(
            "attempts are numbered without gaps, and the waits are the policy's, or a longer retry-after", "a b:4",
            """
            0    start              > a
            0    ok a               > b
            0    fails b unknown    > b at 1000
            999  time
            1000 time               > b#2
            1000 fails b after 5000 > b at 6000
            6000 time               > b#3
            6000 fails b after 10   > b at 7000
            7000 time               > b#4
            7000 ok b               > completed
            """),
        Play(
            "a failure that is not retryable is the last, whatever the policy says (S8)", "a/x b:9",
            """
            0 start         > a
            0 ok a          > b
            0 fails b final > back, undo a
            0 undone a      > compensated
            """, ends: "undone failed"),
        Play(
            "a pivot that failed for certain turns the saga back", "a/x b! c*",
            """
            0 start    > a
            0 ok a     > b
            0 fails b  > back, undo a
            0 undone a > compensated
            """, ends: "undone failed pending"),
        Play(
            "a pivot that may have happened is retried until it succeeds, whatever its policy says", "a/x b! c*",
            """
            0    start           > a
            0    ok a            > b
            0    fails b unknown > b at 1000
            1000 time            > b#2
            1000 fails b         > b at 2000
            2000 time            > b#3
            2000 ok b            > c
            """),
        Play(
            "a reply that nobody waits for changes nothing", order,
            """
            0   ok reserve
            0   start        > reserve
            0   start
            0   ok reserve#2
            0   ok charge
            0   ok nobody
            0   undone reserve
            0   time
            0   locked
            0   ok reserve   > charge
            0   ok reserve
            0   fails reserve
            """),
        Play(
            "the late success of an earlier attempt is one, since all have one key", "a:3 b",
            """
            0    start           > a
            0    fails a unknown > a at 1000
            1    ok a#1          > b
            2    ok a#1
            """),
        Play(
            "the members of a group are called once each, together, and the saga goes on when all are done (S4)",
            "a ( b c d ) e",
            """
            0 start > a
            0 ok a  > b, c, d
            1 ok c
            2 ok b
            3 ok d  > e
            4 ok e  > completed
            """),
        Play(
            "members of a group are retried each for itself, and one that is done is not called again", "( a:2 b:2 c )",
            """
            0    start   > a, b, c
            10   fails a > a at 1010
            20   ok b
            30   ok c
            1010 time    > a#2
            1011 ok a    > completed
            """),
        Play(
            "a critical member that fails turns the saga back, with what the others may have done", "( a/x b/y ) c",
            """
            0 start    > a, b
            1 fails a  > back, undo b
            2 ok b
            3 undone b > undo a
            4 undone a > compensated
            """, ends: "undone undone pending"),
        Play(
            "a step that is not critical is left out when it fails (S13)", "a/x pay! ( mail? stock* )",
            """
            0    start       > a
            0    ok a        > pay
            0    ok pay      > mail, stock
            1    fails mail
            2    fails stock > stock at 1002
            1002 time        > stock#2
            1003 ok stock    > completed
            """, ends: "done done failed done"),
        Play(
            "a retriable step that says that it never will is for an operator to look at", "a! b*",
            """
            0 start         > a
            0 ok a          > b
            0 fails b final > stalled b
            9 cancel        > refused: the saga has passed its point of no return, a
            9 retry         > b#2
            9 ok b          > completed
            """),
        Play(
            "a result of another kind is no success, though the step has happened", "a$/x b",
            """
            0 start       > a
            0 ok a =5c    > back, undo a
            0 undone a    > compensated
            """),
        Play(
            "an attempt that takes too long has an unknown outcome, and the next one all its time (S6)", "a/x:2~500",
            """
            0    start    > a
            499  time
            500  time     > a at 1500
            1500 time     > a#2
            1999 time
            2000 time     > back, undo a
            """),
        Play(
            "all attempts together have a limit of their own", "a/x:9~500^1800",
            """
            0    start    > a
            500  time     > a at 1500
            1500 time     > a#2
            1800 time     > back, undo a
            """),
        Play(
            "no attempt begins after that limit", "a/x:9^1800",
            """
            0    start   > a
            900  fails a > back, undo a
            """),
    ]

    @Test("the way forward", arguments: plays)
    func forward(_ play: Play) throws { try play.run() }

    @Test("a retriable step is tried until it is done, even with no back-off at all, and the clock moves on")
    func retriable() throws {
        var stage = Stage(
            try SagaDefinition(name: "s", steps: [.init(name: "a", retry: .untilDone(.constant(.zero), .none))]))
        stage.play("0 start > a")
        for attempt in 1...100 {
            stage.play("\(attempt - 1) fails a > a at \(attempt)\n\(attempt) time > a#\(attempt + 1)")
        }
        stage.play("100 ok a > completed")
    }

    @Test("a saga is a trivial value of 512 bytes, and an event of 32")
    func size() {
        #expect(MemoryLayout<Saga>.stride == 512 && MemoryLayout<Saga.Event>.stride == 32)
        #expect(_isPOD(Saga.self) && _isPOD(Saga.Event.self))
    }

    @Test("steps and undos are told data and earlier results, and a key is the same for all attempts (S11, S12)")
    func arguments() throws {
        let amount = SagaParameter("amount", .cents, from: .result(of: "validate"))
        let definition = try SagaDefinition(
            name: "s", data: [SagaField("customer", .identifier)],
            steps: [
                .init(name: "validate", result: .cents),
                .init(
                    name: "charge",
                    undo: .init(
                        "refund", parameters: [SagaParameter("transaction", .number, from: .result(of: "charge"))]),
                    parameters: [
                        amount, SagaParameter("customer", .identifier, from: .data("customer")),
                        SagaParameter("times", .number, from: .constant(.number(1))),
                    ], result: .number),
                .init(name: "ship"),
            ])
        var stage = Stage(definition, data: SagaData([.identifier(42)]))
        stage.play("0 start > validate\n0 ok validate =1999c > charge")
        #expect(stage.saga.arguments(of: 1, under: definition) == [.cents(1_999), .identifier(42), .number(1)])
        #expect(stage.saga.undoArguments(of: 1, under: definition) == [nil])
        let key = stage.saga.idempotencyKey(of: 1)
        stage.play("0 ok charge =77 > ship\n0 fails ship > back, undo charge")
        #expect(stage.saga.undoArguments(of: 1, under: definition) == [.number(77)])
        #expect(stage.saga.idempotencyKey(of: 1) == key && key != stage.saga.idempotencyKey(of: 0))
        #expect(key != Saga(id: 8).idempotencyKey(of: 1))
    }
}
