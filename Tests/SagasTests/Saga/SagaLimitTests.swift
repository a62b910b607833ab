import Sagas
import Testing
import Timeline

private let order = "reserve/release charge/refund confirm! notify*"
private let toConfirm = "0 start > reserve\n0 ok reserve > charge\n0 ok charge > confirm\n"
private let amount = [SagaField("item", .number), SagaField("amount", .cents)]
private let fromTenDollars = SagaDefinition.SemanticLock.Threshold(field: "amount", least: .cents(1_000))

/// A saga that locks its item, if it is worth ten dollars.
private func locking() throws -> SagaDefinition {
    try .sketch(
        "a/x b", timeLimit: 5_000, data: amount,
        isolation: .semanticLock(.init(on: "item", threshold: fromTenDollars)))
}

@Suite("A saga's limits, its lock, and its recovery")
struct SagaLimitTests {
    static let plays = [
        Play(
            "before the point of no return the time limit turns the saga back at once",
            { try .sketch(order, timeLimit: 5_000) },
            """
            0    start          > reserve
            0    ok reserve     > charge
            4999 time
            5000 time           > back, undo charge
            5001 ok charge
            5003 undone charge  > undo reserve
            5004 undone reserve > compensated
            """),
        Play(
            "a step that is abandoned, with nothing to undo, is of unknown outcome",
            { try .sketch("a/x query", timeLimit: 5_000) }, "0 start > a\n0 ok a > query\n5000 time > back, undo a",
            ends: "undoing unknown"),
        Play(
            "beyond the point of no return the time limit makes the saga overdue, once, and never compensates it",
            { try .sketch(order, timeLimit: 5_000) },
            toConfirm + """
                0    ok confirm    > notify
                5000 time          > overdue
                5001 time
                5002 fails notify  > notify at 6002
                6002 time          > notify#2
                6003 ok notify     > completed
                """),
        Play(
            "entering the first retriable step is the point of no return where there is no pivot",
            { try .sketch("a/x b*", timeLimit: 5_000) },
            """
            0    start  > a
            0    ok a   > b
            5000 time   > overdue
            5001 cancel > refused: the saga has passed its point of no return, b
            """),
        Play(
            "a time limit that passes while the pivot is called waits for its reply: done",
            { try .sketch(order, timeLimit: 5_000) }, toConfirm + "5000 time\n5001 ok confirm > overdue, notify"),
        Play(
            "unknown", { try .sketch("a/x b!:3", timeLimit: 5_000) },
            "0 start > a\n0 ok a > b\n5000 time\n5001 fails b unknown > b at 6001, overdue"),
        Play(
            "or certainly not", { try .sketch("a/x b!:3", timeLimit: 5_000) },
            "0 start > a\n0 ok a > b\n5000 time\n5001 fails b > back, undo a"),
        Play(
            "between two attempts of a pivot that certainly did not happen, the saga can still turn back",
            { try .sketch("a/x b!:9", timeLimit: 5_000) },
            """
            0    start   > a
            0    ok a    > b
            4500 fails b > b at 5500
            5000 time    > back, undo a
            5500 time
            """),
        Play(
            "a saga asks for its lock before its first step", locking,
            """
            0    start
            1    ok a
            2    locked   > a
            3    locked
            5000 time     > back, undo a
            """, data: SagaData([.number(3), .cents(1_000)])),
        Play(
            "without the lock it ends before its first step", locking, "0 start\n2 refused > back, compensated",
            ends: "pending pending", data: SagaData([.number(3), .cents(1_000)])),
        Play(
            "it can run out of time, or be cancelled, while it waits for the lock", locking,
            "0 start\n5000 time > back, compensated\n5001 locked", data: SagaData([.number(3), .cents(1_000)])),
        Play(
            "by value: what is worth less is not locked", locking, "0 start > a",
            data: SagaData([.number(3), .cents(999)])),
        Play(
            "after a crash, calls whose replies were waited for are made again, and nothing else is",
            "a/x ( b:2 c:2 ) d",
            """
            0    start     > a
            0    ok a      > b, c
            1    ok c
            2    fails b   > b at 1002
            3    recovered
            1002 time      > b#2
            1003 recovered > b at 1003, b#3
            1004 ok b      > d
            """),
        Play(
            "a single attempt that was interrupted is not the last", "a/x",
            """
            0 start           > a
            1 recovered       > a at 1, a#2
            2 fails a unknown > back, undo a
            3 recovered       > undo a at 3, undo a#2
            4 undone a        > compensated
            """),
        Play(
            "an interrupted pivot may have happened: there is no way back any more", "a/x b!",
            """
            0 start       > a
            0 ok a        > b
            1 recovered   > b at 1, b#2
            2 cancel      > refused: the saga has passed its point of no return, b
            3 fails b     > b at 1003
            """),
        Play(
            "unless the service says that it has refused the key for good", "a/x b!",
            """
            0 start               > a
            0 ok a                > b
            1 recovered           > b at 1, b#2
            3 fails b never final > back, undo a
            """, ends: "undoing failed"),
        Play(
            "a time limit that passed before an interrupted pivot makes the saga overdue",
            { try .sketch("a/x b!", timeLimit: 100) },
            "0 start > a\n0 ok a > b\n100 time\n200 recovered > b at 200, overdue, b#2"),
    ]

    @Test("limits", arguments: plays)
    func limits(_ play: Play) throws { try play.run() }

    @Test("a saga says when it is to be handed the time: the earliest of its waits and limits, and nothing more")
    func due() throws {
        var stage = Stage(try .sketch("( a:2~500 b:2 ) c", timeLimit: 5_000))
        #expect(stage.saga.due(under: stage.definition) == nil)
        stage.play("0 start > a, b")
        #expect(stage.saga.due(under: stage.definition) == .ms(500))
        stage.play("100 fails b > b at 1100\n200 ok a")
        #expect(stage.saga.due(under: stage.definition) == .ms(1_100))
        stage.play("1100 time > b#2\n1200 ok b > c")
        #expect(stage.saga.due(under: stage.definition) == .ms(5_000))
        stage.play("1300 ok c > completed")
        #expect(stage.saga.due(under: stage.definition) == nil)
    }
}
