import Resilience
import Testing
import Timeline

@Suite("Deadlines")
struct DeadlineTests {
    private let now = Instant.after(.seconds(10))

    @Test("from the moment of the deadline on, a call is late")
    func passing() {
        let deadline = Deadline(.seconds(2), after: now)
        #expect(!deadline.hasPassed(at: .after(.milliseconds(11_999))))
        #expect(deadline.hasPassed(at: .after(.seconds(12))))
        #expect(deadline.remaining(at: now) == .seconds(2))
        #expect(deadline.remaining(at: .after(.seconds(20))) == .zero)
        #expect(deadline.late(at: .after(.seconds(20))) == .seconds(8))
        #expect(deadline.late(at: now) == .zero)
    }

    @Test("no deadline stays none, whatever is taken off, and never passes")
    func never() {
        #expect(!Deadline.never.hasPassed(at: .distantFuture))
        #expect(Deadline.never.leaving(.seconds(5)) == .never)
        #expect(Deadline.never.remaining(at: now) == .maximum)
        #expect(Deadline.never.leavesTime(for: .maximum, at: now))
        #expect(Deadline(.maximum, after: now) == .never)
    }

    @Test("what is handed on is the earlier of both, and may leave time for the way back")
    func handingOn() {
        let callers = Deadline(.seconds(30), after: now)
        #expect(callers.limited(to: .milliseconds(500), from: now) == Deadline(.milliseconds(500), after: now))
        #expect(callers.limited(to: .seconds(60), from: now) == callers)
        #expect(callers.leaving(.seconds(1)) == Deadline(.seconds(29), after: now))
        #expect(callers.leaving(.seconds(-1)) == callers)
        #expect(Deadline(.after(.seconds(-1))).leaving(.maximum).hasPassed(at: .after(.seconds(-1))))
    }

    @Test("a wait must end before the deadline to be worth while")
    func waiting() {
        let deadline = Deadline(.seconds(2), after: now)
        #expect(deadline.leavesTime(for: .milliseconds(1_999), at: now))
        #expect(!deadline.leavesTime(for: .seconds(2), at: now))
    }
}

@Suite("Timeouts of a call with several attempts")
struct CallTimeoutsTests {
    private let now = Instant.after(.seconds(10))

    @Test("a caller's deadline of 30 s does not override a limit of 500 ms; an expired one fails at once (R3)")
    func ladder() throws {
        let timeouts = try CallTimeouts(attempt: .milliseconds(500))
        let callers = Deadline(.seconds(30), after: now)
        #expect(
            timeouts.startAttempt(at: now, deadline: timeouts.deadline(from: now, callersDeadline: callers))
                == .run(until: now + .milliseconds(500), boundBy: .limit))
        #expect(
            timeouts.startAttempt(at: now + .seconds(31), deadline: callers) == .expired(late: .seconds(1)))
        let limit = try TimeLimit(.milliseconds(500))
        #expect(limit.deadline(from: now, callersDeadline: callers) == Deadline(.milliseconds(500), after: now))
        #expect(limit.start(at: now, callersDeadline: callers) == limit.start(at: now))
        #expect(limit.start(at: now, callersDeadline: .never) == limit.start(at: now))
    }

    @Test("attempts end by their own limit or by that of the whole call, whichever comes first")
    func attempts() throws {
        let timeouts = try CallTimeouts(attempt: .seconds(1), overall: .milliseconds(2_500))
        let deadline = timeouts.deadline(from: now)
        #expect(deadline == Deadline(.milliseconds(2_500), after: now))
        #expect(timeouts.startAttempt(at: now, deadline: deadline) == .run(until: now + .seconds(1), boundBy: .limit))
        #expect(
            timeouts.startAttempt(at: now + .seconds(2), deadline: deadline)
                == .run(until: now + .milliseconds(2_500), boundBy: .caller))
        #expect(
            timeouts.startAttempt(at: now + .seconds(3), deadline: deadline) == .expired(late: .milliseconds(500)))
    }

    @Test("each limit may be left out")
    func partial() throws {
        let overall = try CallTimeouts(overall: .seconds(2))
        let deadline = overall.deadline(from: now, callersDeadline: Deadline(.seconds(1), after: now))
        #expect(deadline == Deadline(.seconds(1), after: now))
        #expect(overall.startAttempt(at: now, deadline: deadline) == .run(until: now + .seconds(1), boundBy: .caller))
        #expect(try CallTimeouts().deadline(from: now) == .never)
        #expect(
            try CallTimeouts().startAttempt(at: now, deadline: .never)
                == .run(until: .distantFuture, boundBy: .caller))
    }

    @Test("a limit must be more than zero")
    func refusals() {
        for make in [{ try CallTimeouts(attempt: .zero) }, { try CallTimeouts(overall: .seconds(-1)) }] {
            #expect(throws: SettingError.self) { try make() }
        }
    }
}
