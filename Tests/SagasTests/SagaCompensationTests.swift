import Resilience
import Sagas
import Testing
import Timeline

@Suite("A saga on its way back")
struct SagaCompensationTests {
    typealias Line = Stage.Line

    /// Reserved, and the charge has failed.
    private static let chargeFailed = [
        Line(0, .start, .call(step: 0, attempt: 1)), Line(0, .ok(0), .call(step: 1, attempt: 1)),
        Line(0, .fails(1), .undo(step: 1, attempt: 1)),
    ]

    private func stage(_ lines: [Line] = chargeFailed) throws -> Stage {
        var stage = Stage(try .order(compensationLimit: .seconds(60)))
        stage.play(lines)
        return stage
    }

    @Test("the undo of a step is registered before its first call")
    func registration() throws {
        var stage = try stage([])
        #expect(stage.saga.undoStackDepth == 0)
        stage.play([Line(0, .start, .call(step: 0, attempt: 1))])
        #expect(stage.saga.undoStackDepth == 1)
        stage.play([Line(0, .ok(0), .call(step: 1, attempt: 1))])
        #expect(stage.saga.undoStackDepth == 2)
        stage.play([Line(0, .ok(1), .call(step: 2, attempt: 1))])
        #expect(stage.saga.undoStackDepth == 2)
    }

    @Test("undos run in reverse order, the failed step's own first, and each step says where it stands")
    func reverse() throws {
        var stage = try stage()
        #expect(stage.statuses == [.done, .undoing, .pending, .pending] && stage.saga.undoStackDepth == 2)
        #expect(stage.saga.phase == .compensating(step: 1, attempt: 1) && stage.saga.waitsFor == .undoReply(step: 1))
        stage.play([Line(1, .undone(1), .undo(step: 0, attempt: 1))])
        #expect(stage.statuses == [.undoing, .undone, .pending, .pending] && stage.saga.undoStackDepth == 1)
        stage.play([Line(2, .undone(0), .ended(.compensated(.stepFailed)))])
        #expect(stage.statuses == [.undone, .undone, .pending, .pending] && stage.saga.undoStackDepth == 0)
    }

    @Test("a first step that fails with nothing to undo ends the saga")
    func nothingToUndo() throws {
        var stage = Stage(try SagaDefinition(name: "s", steps: [.init(name: "a")]))
        stage.play([
            Line(0, .start, .call(step: 0, attempt: 1)), Line(0, .fails(0), .ended(.compensated(.stepFailed))),
        ])
        #expect(stage.statuses == [.failed])
    }

    @Test("an undo is retried by the policy")
    func undoRetries() throws {
        var stage = try stage()
        stage.play([Line(0, .undoFails(1, .unknown), .wait(until: .ms(1_000)))])
        #expect(stage.saga.phase == .compensationBackingOff(step: 1, attempt: 1, until: .ms(1_000)))
        stage.play([
            Line(1_000, .resume, .undo(step: 1, attempt: 2)),
            Line(1_000, .undone(1, attempt: 2), .undo(step: 0, attempt: 1)),
        ])
        #expect(stage.saga.retries == 1)
    }

    @Test("an open breaker is waited out: its retry-after is kept and uses up no attempt")
    func openBreaker() throws {
        var stage = try stage()
        for attempt in 1...9 {
            let time = Int64(attempt - 1) * 5_000
            stage.play([
                Line(time, .undoFails(1, attempt: attempt, retryAfter: 5_000), .wait(until: .ms(time + 5_000))),
                Line(time + 5_000, .resume, .undo(step: 1, attempt: attempt + 1)),
            ])
        }
        stage.play([
            Line(45_000, .undoFails(1, attempt: 10), .wait(until: .ms(46_000))),
            Line(46_000, .resume, .undo(step: 1, attempt: 11)),
            Line(46_000, .undone(1, attempt: 11), .undo(step: 0, attempt: 1)),
        ])
    }

    @Test("undos that are tried without end move the clock on even with no back-off, until the limit")
    func endlessUndo() throws {
        let endless = try RetryPolicy(attempts: RetryPolicy.unlimited, backoff: .constant(.zero), jitter: .none)
        var stage = Stage(try .order(undo: endless))
        stage.play(Self.chargeFailed)
        for attempt in 1...100 {
            let time = Int64(attempt)
            stage.play([
                Line(time - 1, .undoFails(1, attempt: attempt), .wait(until: .ms(time))),
                Line(time, .resume, .undo(step: 1, attempt: attempt + 1)),
            ])
        }
    }

    @Test("an undo that is exhausted does not stop the others, and the saga never counts as compensated")
    func exhausted() throws {
        var stage = try stage()
        stage.play([
            Line(0, .undoFails(1), .wait(until: .ms(1_000))),
            Line(1_000, .resume, .undo(step: 1, attempt: 2)),
            Line(1_000, .undoFails(1, attempt: 2), .undo(step: 0, attempt: 1)),
        ])
        #expect(stage.statuses == [.undoing, .undoFailed, .pending, .pending])
        let ending = Saga.Ending.compensationFailed(.stepFailed, notUndone: Saga.StepSet([1]))
        stage.play([Line(1_000, .undone(0), .ended(ending))])
        #expect(stage.saga.phase == .ended(ending))
    }

    @Test("the compensation's own limit ends the saga, with everything that is left reported as not undone")
    func compensationLimit() throws {
        var stage = try stage()
        #expect(stage.saga.compensationDeadline(under: stage.definition) == .ms(60_000))
        let ending = Saga.Ending.compensationFailed(.stepFailed, notUndone: Saga.StepSet([0, 1]))
        stage.play([
            Line(0, .undoFails(1, retryAfter: 90_000), .wait(until: .ms(90_000))),
            Line(59_999, .compensationDeadline, .none),
            Line(60_000, .compensationDeadline, .ended(ending)),
            Line(90_000, .resume, .none),
        ])
        #expect(stage.statuses == [.done, .undoFailed, .pending, .pending])
    }

    @Test("compensation counts its time from when the saga turned back, not from its start")
    func freshLimit() throws {
        var stage = Stage(try .order(timeLimit: .seconds(5), compensationLimit: .seconds(60)))
        stage.play([
            Line(0, .start, .call(step: 0, attempt: 1)),
            Line(5_000, .deadline, .undo(step: 0, attempt: 1)),
            Line(64_999, .compensationDeadline, .none),
            Line(65_000, .compensationDeadline, .ended(.compensationFailed(.timeLimitPassed, notUndone: .init([0])))),
        ])
    }

    @Test("a late success of an undo during its back-off is kept, and the next undo follows when the wait is over")
    func lateSuccessInBackOff() throws {
        var stage = try stage()
        stage.play([
            Line(0, .undoFails(1, .unknown), .wait(until: .ms(1_000))),
            Line(1, .undone(1), .none),
            Line(1_000, .resume, .undo(step: 0, attempt: 1)),
            Line(1_000, .undone(0), .ended(.compensated(.stepFailed))),
        ])
    }

    @Test("a late success of an undo outweighs the failure of a later attempt, or of all of them")
    func lateSuccessOutweighs() throws {
        let toSecondAttempt =
            Self.chargeFailed + [
                Line(0, .undoFails(1, .unknown), .wait(until: .ms(1_000))),
                Line(1_000, .resume, .undo(step: 1, attempt: 2)),
            ]
        var during = try stage(toSecondAttempt)
        during.play([
            Line(1_001, .undone(1, attempt: 1), .none),
            Line(1_002, .undoFails(1, attempt: 2), .undo(step: 0, attempt: 1)),
            Line(1_003, .undone(0), .ended(.compensated(.stepFailed))),
        ])
        var after = try stage(toSecondAttempt)
        after.play([
            Line(1_001, .undoFails(1, attempt: 2, .unknown), .undo(step: 0, attempt: 1)),
            Line(1_002, .undone(1, attempt: 3), .none),
            Line(1_002, .undone(1, attempt: 1), .none),
            Line(1_003, .undone(0), .ended(.compensated(.stepFailed))),
        ])
    }

    @Test("once an undo is known to have succeeded, the failure of a later attempt is not waited out")
    func lateSuccessSavesWaiting() throws {
        var stage = Stage(try .order(undo: .everySecond(attempts: 5)))
        stage.play(
            Self.chargeFailed + [
                Line(0, .undoFails(1, .unknown), .wait(until: .ms(1_000))),
                Line(1_000, .resume, .undo(step: 1, attempt: 2)),
                Line(1_001, .undone(1, attempt: 1), .none),
                Line(1_002, .undoFails(1, attempt: 2), .undo(step: 0, attempt: 1)),
            ])
    }

    @Test("after the end nothing is taken in any more")
    func afterTheEnd() throws {
        let ending = Saga.Ending.compensationFailed(.stepFailed, notUndone: Saga.StepSet([0, 1]))
        var stage = try stage(Self.chargeFailed + [Line(60_000, .compensationDeadline, .ended(ending))])
        stage.play([
            Line(60_001, .undone(1), .none), Line(60_001, .ok(1), .none), Line(60_001, .resume, .none),
            Line(60_001, .deadline, .none), Line(60_001, .compensationDeadline, .none), Line(60_001, .start, .none),
        ])
        #expect(stage.saga.phase == .ended(ending))
    }
}
