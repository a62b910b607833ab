import Resilience
import Sagas
import Testing
import Timeline

@Suite("A saga on its way forward")
struct SagaForwardTests {
    typealias Line = Stage.Line

    @Test("steps are called one after the other until all are done")
    func completes() throws {
        var stage = Stage(try .order())
        #expect(stage.saga.phase == .ready && stage.saga.waitsFor == .start && stage.saga.startedAt == nil)
        stage.play([
            Line(5, .start, .call(step: 0, attempt: 1)),
            Line(10, .ok(0), .call(step: 1, attempt: 1)),
            Line(20, .ok(1), .call(step: 2, attempt: 1)),
            Line(30, .ok(2), .call(step: 3, attempt: 1)),
            Line(40, .ok(3), .ended(.completed)),
        ])
        #expect(stage.saga.phase == .ended(.completed) && stage.saga.waitsFor == .nothing)
        #expect(stage.saga.startedAt == .ms(5) && stage.saga.retries == 0 && !stage.saga.isOverdue)
        #expect(stage.statuses == [.done, .done, .done, .done])
    }

    @Test("results and data can be read by later steps and by undos, and a key is the same for all attempts")
    func data() throws {
        var stage = Stage(try .order(charge: .attempts(try .everySecond(attempts: 2))))
        stage.play([
            Line(0, .start, .call(step: 0, attempt: 1)),
            Line(1, .ok(0, result: 77), .call(step: 1, attempt: 1)),
        ])
        #expect(stage.saga.result(of: 0) == 77 && stage.saga.result(of: 1) == nil)
        let key = stage.saga.idempotencyKey(of: 1)
        stage.play([
            Line(2, .fails(1), .wait(until: .ms(1_002))),
            Line(1_002, .resume, .call(step: 1, attempt: 2)),
        ])
        #expect(stage.saga.idempotencyKey(of: 1) == key && key != stage.saga.idempotencyKey(of: 0))
        #expect(key != Saga(id: 8, amountInCents: 1_999, key: 42).idempotencyKey(of: 1))
        stage.play([
            Line(1_003, .fails(1, attempt: 2), .undo(step: 1, attempt: 1)),
            Line(1_004, .undone(1), .undo(step: 0, attempt: 1)),
        ])
        #expect(stage.saga.result(of: 0) == 77 && stage.saga.idempotencyKey(of: 1) == key)
        #expect(stage.saga.amountInCents == 1_999 && stage.saga.key == 42)
    }

    @Test("attempts are numbered without gaps, the waits are the policy's, and a longer retry-after is kept")
    func retries() throws {
        let policy = try RetryPolicy(
            attempts: 4, backoff: .exponential(initial: .milliseconds(100), cap: .seconds(1)), jitter: .none)
        var stage = Stage(try .order(charge: .attempts(policy)))
        stage.play([
            Line(0, .start, .call(step: 0, attempt: 1)),
            Line(0, .ok(0), .call(step: 1, attempt: 1)),
            Line(0, .fails(1, .unknown), .wait(until: .ms(100))),
            Line(100, .resume, .call(step: 1, attempt: 2)),
            Line(100, .fails(1, attempt: 2, retryAfter: 5_000), .wait(until: .ms(5_100))),
        ])
        #expect(stage.saga.phase == .backingOff(step: 1, attempt: 2, until: .ms(5_100)))
        #expect(stage.saga.waitsFor == .time(until: .ms(5_100)))
        stage.play([
            Line(5_100, .resume, .call(step: 1, attempt: 3)),
            Line(5_100, .fails(1, attempt: 3, retryAfter: 10), .wait(until: .ms(5_500))),
            Line(5_500, .resume, .call(step: 1, attempt: 4)),
            Line(5_500, .ok(1, attempt: 4), .call(step: 2, attempt: 1)),
        ])
        #expect(stage.saga.retries == 3)
    }

    @Test("a retriable step is tried until it is done, even with no back-off at all")
    func retriable() throws {
        let definition = try SagaDefinition(
            name: "s", steps: [.init(name: "a", retry: .untilDone(.constant(.zero), .none))])
        var stage = Stage(definition)
        stage.play([Line(0, .start, .call(step: 0, attempt: 1))])
        for attempt in 1...500 {
            let time = Int64(attempt - 1)
            let outcome: Saga.Outcome = attempt % 2 == 0 ? .unknown : .notExecuted
            stage.play([
                Line(time, .fails(0, attempt: attempt, outcome), .wait(until: .ms(time + 1))),
                Line(time + 1, .resume, .call(step: 0, attempt: attempt + 1)),
            ])
        }
        stage.play([Line(500, .ok(0, attempt: 501), .ended(.completed))])
    }

    @Test("a pivot that failed for certain turns the saga back")
    func pivotFails() throws {
        var stage = Stage(try .order(confirm: .attempts(try .everySecond(attempts: 2))))
        stage.play([
            Line(0, .start, .call(step: 0, attempt: 1)),
            Line(0, .ok(0), .call(step: 1, attempt: 1)),
            Line(0, .ok(1), .call(step: 2, attempt: 1)),
            Line(0, .fails(2), .wait(until: .ms(1_000))),
            Line(1_000, .resume, .call(step: 2, attempt: 2)),
            Line(1_000, .fails(2, attempt: 2), .undo(step: 1, attempt: 1)),
            Line(1_000, .undone(1), .undo(step: 0, attempt: 1)),
            Line(1_000, .undone(0), .ended(.compensated(.stepFailed))),
        ])
        #expect(stage.statuses == [.undone, .undone, .failed, .pending])
    }

    @Test("a pivot that may have happened is retried until it succeeds, whatever its policy says")
    func pivotInDoubt() throws {
        var stage = Stage(try .order(confirm: .attempts(try .everySecond(attempts: 1))))
        stage.play([
            Line(0, .start, .call(step: 0, attempt: 1)),
            Line(0, .ok(0), .call(step: 1, attempt: 1)),
            Line(0, .ok(1), .call(step: 2, attempt: 1)),
            Line(0, .fails(2, .unknown), .wait(until: .ms(1_000))),
            Line(1_000, .resume, .call(step: 2, attempt: 2)),
            Line(1_000, .fails(2, attempt: 2, .notExecuted), .wait(until: .ms(2_000))),
            Line(2_000, .resume, .call(step: 2, attempt: 3)),
            Line(2_000, .ok(2, attempt: 3), .call(step: 3, attempt: 1)),
        ])
    }

    @Test("a reply to anything but the last attempt of the present step changes nothing")
    func staleReplies() throws {
        var stage = Stage(try .order(charge: .attempts(try .everySecond(attempts: 3))))
        stage.play([
            Line(0, .ok(0), .none),
            Line(0, .start, .call(step: 0, attempt: 1)),
            Line(0, .start, .none),
            Line(0, .ok(0, attempt: 2), .none),
            Line(0, .ok(1), .none),
            Line(0, .ok(-1), .none),
            Line(0, .ok(99), .none),
            Line(0, .undone(0), .none),
            Line(0, .undone(-1), .none),
            Line(0, .resume, .none),
            Line(0, .compensationDeadline, .none),
            Line(0, .ok(0, result: 5), .call(step: 1, attempt: 1)),
            Line(0, .ok(0, result: 6), .none),
            Line(0, .fails(1, .unknown), .wait(until: .ms(1_000))),
            Line(1, .ok(1, result: 8), .none),
            Line(999, .resume, .none),
            Line(1_000, .resume, .call(step: 1, attempt: 2)),
            Line(1_000, .resume, .none),
            Line(1_001, .ok(1, result: 8), .none),
            Line(1_002, .ok(1, attempt: 2, result: 9), .call(step: 2, attempt: 1)),
        ])
        #expect(stage.saga.result(of: 0) == 5 && stage.saga.result(of: 1) == 9)
    }

    @Test("a saga is a trivial value of 320 bytes")
    func size() {
        #expect(MemoryLayout<Saga>.stride == 320)
        #expect(_isPOD(Saga.self))
    }
}
