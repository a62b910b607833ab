import Resilience
import Sagas
import Testing
import Timeline

@Suite("A saga's limits and its cancellation")
struct SagaLimitTests {
    typealias Line = Stage.Line

    private static let toCharge = [
        Line(0, .start, .call(step: 0, attempt: 1)), Line(0, .ok(0), .call(step: 1, attempt: 1)),
    ]
    private static let toConfirm = toCharge + [Line(0, .ok(1), .call(step: 2, attempt: 1))]
    private static let toNotify = toConfirm + [Line(0, .ok(2), .call(step: 3, attempt: 1))]

    private func stage(_ lines: [Line], confirm: RetryPolicy = .once) throws -> Stage {
        var stage = Stage(try .order(timeLimit: .seconds(5), confirm: .attempts(confirm)))
        stage.play(lines)
        return stage
    }

    @Test("before the point of no return the time limit turns the saga back at once, the outstanding call included")
    func limitBefore() throws {
        var stage = try stage(Self.toCharge)
        #expect(stage.saga.deadline(under: stage.definition) == .ms(5_000))
        stage.play([
            Line(4_999, .deadline, .none),
            Line(5_000, .deadline, .undo(step: 1, attempt: 1)),
            Line(5_001, .ok(1, result: 3), .none),
            Line(5_002, .deadline, .none),
            Line(5_003, .undone(1), .undo(step: 0, attempt: 1)),
            Line(5_004, .undone(0), .ended(.compensated(.timeLimitPassed))),
        ])
        #expect(!stage.saga.isOverdue && stage.saga.result(of: 1) == nil)
    }

    @Test("a step that is abandoned, with nothing to undo, is of unknown outcome")
    func abandoned() throws {
        let definition = try SagaDefinition(
            name: "s", steps: [.init(name: "a", undo: "x"), .init(name: "query")], timeLimit: .seconds(5))
        var stage = Stage(definition)
        stage.play([
            Line(0, .start, .call(step: 0, attempt: 1)),
            Line(0, .ok(0), .call(step: 1, attempt: 1)),
            Line(5_000, .deadline, .undo(step: 0, attempt: 1)),
        ])
        #expect(stage.statuses == [.undoing, .unknown])
    }

    @Test("beyond the point of no return the time limit makes the saga overdue, once, and never compensates it")
    func limitBeyond() throws {
        var stage = try stage(Self.toNotify)
        stage.play([Line(5_000, .deadline, .none)])
        #expect(stage.saga.isOverdue && stage.saga.deadline(under: stage.definition) == nil)
        stage.play([
            Line(5_001, .deadline, .none),
            Line(5_002, .fails(3), .wait(until: .ms(6_002))),
            Line(6_002, .resume, .call(step: 3, attempt: 2)),
            Line(6_003, .ok(3, attempt: 2), .ended(.completed)),
        ])
        #expect(stage.saga.isOverdue)
    }

    @Test("entering the first retriable step is the point of no return where there is no pivot")
    func limitAtEntry() throws {
        let definition = try SagaDefinition(
            name: "s",
            steps: [.init(name: "a", undo: "x"), .init(name: "b", retry: .untilDone(.constant(.seconds(1)), .none))],
            timeLimit: .seconds(5))
        var stage = Stage(definition)
        stage.play([
            Line(0, .start, .call(step: 0, attempt: 1)),
            Line(0, .ok(0), .call(step: 1, attempt: 1)),
            Line(5_000, .deadline, .none),
        ])
        #expect(stage.saga.isOverdue)
        #expect(throws: Saga.CancelRefusal.beyondPointOfNoReturn(step: "b")) {
            try stage.saga.cancel(at: .ms(5_001), under: definition)
        }
    }

    @Test(
        "a time limit that passes while the pivot is called waits for its reply",
        arguments: [
            (.ok(2), .call(step: 3, attempt: 1), true),
            (.fails(2, .unknown), .wait(until: .ms(6_001)), true),
            (.fails(2, .notExecuted), .undo(step: 1, attempt: 1), false),
        ] as [(Stage.Input, Saga.Directive, Bool)])
    func limitDuringPivot(reply: Stage.Input, directive: Saga.Directive, isOverdue: Bool) throws {
        var stage = try stage(Self.toConfirm, confirm: .everySecond(attempts: 3))
        stage.play([Line(5_000, .deadline, .none)])
        #expect(!stage.saga.isOverdue)
        stage.play([Line(5_001, reply, directive)])
        #expect(stage.saga.isOverdue == isOverdue)
        if !isOverdue { #expect(stage.saga.turnedBack?.because == .timeLimitPassed) }
    }

    @Test("between two attempts of a pivot that certainly did not happen, the saga can still turn back")
    func limitBetweenPivotAttempts() throws {
        var stage = try stage(Self.toConfirm, confirm: .everySecond(attempts: 9))
        stage.play([
            Line(4_500, .fails(2), .wait(until: .ms(5_500))),
            Line(5_000, .deadline, .undo(step: 1, attempt: 1)),
            Line(5_500, .resume, .none),
        ])
    }

    @Test("an operator can cancel before the point of no return, even before the start")
    func cancel() throws {
        var running = try stage(Self.toCharge)
        running.play([
            Line(9, .cancel, .undo(step: 1, attempt: 1)),
            Line(10, .undone(1), .undo(step: 0, attempt: 1)),
            Line(11, .undone(0), .ended(.compensated(.cancelled))),
        ])
        var ready = try stage([])
        ready.play([Line(3, .cancel, .ended(.compensated(.cancelled))), Line(4, .start, .none)])
    }

    @Test("otherwise cancelling is refused, with the reason, and changes nothing")
    func refusedCancel() throws {
        let cases: [([Line], Saga.CancelRefusal)] = [
            (Self.toConfirm, .pivotOutstanding(step: "confirm")),
            (
                Self.toConfirm + [Line(0, .fails(2, .unknown, retryAfter: 9_000), .wait(until: .ms(9_000)))],
                .beyondPointOfNoReturn(step: "confirm")
            ),
            (Self.toNotify, .beyondPointOfNoReturn(step: "confirm")),
            (Self.toCharge + [Line(0, .fails(1), .undo(step: 1, attempt: 1))], .alreadyCompensating),
            (Self.toNotify + [Line(0, .ok(3), .ended(.completed))], .alreadyEnded),
        ]
        for (lines, refusal) in cases {
            var stage = try stage(lines)
            let (phase, statuses) = (stage.saga.phase, stage.statuses)
            #expect(stage.saga.cancelRefusal(under: stage.definition) == refusal)
            #expect(throws: refusal) { try stage.saga.cancel(at: .ms(1), under: stage.definition) }
            #expect(stage.saga.phase == phase && stage.statuses == statuses && !refusal.description.isEmpty)
        }
    }
}
