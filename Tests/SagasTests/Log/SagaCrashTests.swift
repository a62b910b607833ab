import Sagas
import Testing

@Suite("An orchestrator that crashes")
struct SagaCrashTests {
    /// A call that is crashed around, in a saga that goes well or is turned back at its pivot.
    struct Row: Sendable, CustomTestStringConvertible {
        let point: SagaRunner.CrashPoint
        let call: String
        let goesWell: Bool
        var testDescription: String { "\(point) \(call), \(goesWell ? "all goes well" : "the pivot fails")" }
    }

    /// Conductor's failure matrix, DBOS's debug triggers: each point around each call, and the same in each undo.
    static let rows = SagaRunner.CrashPoint.allCases.flatMap { point in
        ["reserve", "charge", "confirm", "notify", "archive"].map { Row(point: point, call: $0, goesWell: true) }
            + ["reserve", "charge", "confirm", "refund", "release"].map { Row(point: point, call: $0, goesWell: false) }
    }

    @Test("a crash at any point: every effect happens exactly once under its key, and the saga ends", arguments: rows)
    func crashes(_ row: Row) throws {
        let definition = try SagaDefinition.sketch("reserve/release charge/refund confirm! ( notify* archive* )")
        var executors: [String: SagaRunner.Executor] = [:]
        for name in ["reserve", "charge", "confirm", "notify", "archive"] {
            executors[name] = { ledger, key in ledger.call(name, key) }
        }
        for name in ["release", "refund"] { executors[name] = { ledger, key in ledger.undo(name, key) } }
        if !row.goesWell {
            executors["confirm"] = { _, _ in .failure(Saga.Failure(.unspecified, .notExecuted, isRetryable: false)) }
        }
        // The refund is decided on with the pivot's refusal: if that is not stored, the pivot was interrupted.
        let isInDoubt = !row.goesWell && row.call == (row.point == .beforeIntent ? "refund" : "confirm")
        var runner = SagaRunner(try SagaLog([definition]), executors)
        runner.crash = (row.point, row.call)
        let phase = try runner.run(7, named: "s")
        if row.goesWell {
            #expect(phase == .ended(.completed(without: Saga.StepSet())))
            // The members of the group may come in another order after a crash, for neither waits for the other.
            #expect(runner.ledger.effects.prefix(3) == ["reserve", "charge", "confirm"])
            #expect(runner.ledger.effects.dropFirst(3).sorted() == ["archive", "notify"])
        } else if isInDoubt {
            // The attempt that was interrupted may have happened: the saga must not turn back, and asks an operator.
            #expect(runner.ledger.effects == ["reserve", "charge"] && phase == .forward)
        } else {
            #expect(phase == .ended(.compensated(.stepFailed, byHand: Saga.StepSet())))
            #expect(runner.ledger.effects == ["reserve", "charge", "refund", "release"])
        }
        guard row.goesWell || row.call != "confirm", !isInDoubt else { return }
        let isRepeated = row.point == .afterSend || row.point == .afterReply
        #expect(runner.ledger.deliveries.count { $0 == row.call } == (isRepeated ? 2 : 1))
    }
}
