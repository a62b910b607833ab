internal import Resilience
public import Timeline

extension Saga {
    /// Where a saga that goes forward stands relative to its point of no return.
    enum Position {
        /// It can turn back.
        case before
        /// The pivot is being called and may succeed at this moment: it can stand on either side.
        case inDoubt
        /// It can only go forward.
        case beyond
    }

    /// Where the saga stands, while it goes forward.
    func position(under definition: SagaDefinition) -> Position {
        guard let point = definition.pointOfNoReturn else { return .before }
        let record = records[point.step]
        switch (record.status, point) {
        case (.pending, _): return .before
        case (.done, _), (.skipped, _), (_, .entry): return .beyond
        case (.calling, .pivot): return record.has(.mayHaveHappened) ? .beyond : .inDoubt
        case (_, .pivot): return record.has(.mayHaveHappened) ? .beyond : .before
        }
    }

    /// When to hand it ``Input/timePassed`` next; nil if it waits for a reply or an operator alone.
    public func due(under definition: SagaDefinition) -> Instant? {
        var due = Instant.distantFuture
        if !isPaused {
            if let limit = deadline(under: definition) { due = min(due, limit) }
            if let limit = compensationDeadline(under: definition) { due = min(due, limit) }
        }
        for step in definition.steps.indices {
            if let own = stepDue(step, definition) { due = min(due, own) }
        }
        return due == .distantFuture ? nil : due
    }

    /// When the time limit of the whole passes; nil if it does not matter, or not any more.
    public func deadline(under definition: SagaDefinition) -> Instant? {
        guard timeLimitState == .open, course == .forward || course == .locking else { return nil }
        return definition.timeLimit.map { startTime + pausedFor + $0 }
    }

    /// When the time limit of the way back passes; nil unless the saga is on it.
    public func compensationDeadline(under definition: SagaDefinition) -> Instant? {
        guard course == .back, !isCompensationOverdue else { return nil }
        return turnTime + pausedFor + definition.compensation.timeLimit
    }

    /// When all attempts of a step together have taken too long; nil if there is no such limit.
    func stepDeadline(_ step: Int, _ definition: SagaDefinition) -> Instant? {
        definition.steps[step].timeLimit.map { Instant(nanoseconds: records[step].word) + $0 }
    }

    /// When an attempt has taken too long; nil if none is under way, or it has no limit.
    func attemptDeadline(_ step: Int, _ definition: SagaDefinition) -> Instant? {
        switch records[step].status {
        case .undoing: return definition.steps[step].attemptLimit.map { records[step].since + $0 }
        case .calling:
            let limit = definition.steps[step].attemptLimit.map { records[step].since + $0 }
            guard let whole = stepDeadline(step, definition) else { return limit }
            return min(limit ?? whole, whole)
        case .pending, .backingOff, .stalled, .done, .skipped, .failed, .unknown, .undoBackingOff, .undoStalled,
            .undone, .undoFailed, .resolved:
            return nil
        }
    }

    /// When something becomes of a step by itself.
    private func stepDue(_ step: Int, _ definition: SagaDefinition) -> Instant? {
        let status = records[step].status
        if status == .backingOff || status == .undoBackingOff { return isPaused ? nil : records[step].wakesAt }
        return attemptDeadline(step, definition)
    }

    /// Whatever is due by now happens; earlier than it is due nothing does.
    mutating func timePassed(
        at now: Instant, _ definition: SagaDefinition, _ random: inout RandomStream, _ events: inout [Event]
    ) {
        if !isPaused, let limit = deadline(under: definition), now >= limit {
            limitPassed(at: now, definition, &events)
        }
        if !isPaused, let limit = compensationDeadline(under: definition), now >= limit {
            compensationLimitPassed(at: now, definition, &events)
        }
        for step in definition.steps.indices {
            if let limit = attemptDeadline(step, definition), now >= limit {
                attemptTimedOut(step, at: now, definition, &random, &events)
            }
            if !isPaused { wake(step, at: now, definition, &events) }
        }
    }

    /// The time limit of the whole has passed.
    ///
    /// Before the point of no return the saga turns back at once; calls that are outstanding then are abandoned.
    /// Beyond it the saga is overdue and goes on. While the pivot is being called the decision waits for its
    /// reply, since the pivot may be happening just then.
    private mutating func limitPassed(at now: Instant, _ definition: SagaDefinition, _ events: inout [Event]) {
        switch position(under: definition) {
        case .before: turnBack(.timeLimitPassed, at: now, definition, &events)
        case .inDoubt: emit(.timeLimitPassed, at: now, definition, &events)
        case .beyond: emit(.overdue, at: now, definition, &events)
        }
    }

    /// Nobody waits for an attempt any longer: whether it happens, nobody knows.
    private mutating func attemptTimedOut(
        _ step: Int, at now: Instant, _ definition: SagaDefinition, _ random: inout RandomStream,
        _ events: inout [Event]
    ) {
        let failure = Failure(.timedOut, .unknown)
        if records[step].status == .undoing {
            undoFailed(step, failure, retryAfter: nil, at: now, definition, &random, &events)
        } else {
            stepFailed(step, failure, retryAfter: nil, at: now, definition, &random, &events)
        }
    }

    /// Makes the next attempt if its wait is over.
    private mutating func wake(_ step: Int, at now: Instant, _ definition: SagaDefinition, _ events: inout [Event]) {
        guard now >= records[step].wakesAt else { return }
        switch records[step].status {
        case .backingOff, .undoBackingOff: requestAgain(step, at: now, definition, &events)
        case .pending, .calling, .stalled, .done, .skipped, .failed, .unknown, .undoing, .undoStalled, .undone,
            .undoFailed, .resolved:
            break
        }
    }

    /// Makes the next attempt of a step, or of its undo.
    mutating func requestAgain(_ step: Int, at now: Instant, _ definition: SagaDefinition, _ events: inout [Event]) {
        let attempt = records[step].attempts
        let next = attempt == .max ? attempt : attempt + 1
        switch records[step].status {
        case .backingOff, .stalled:
            emit(.stepRequested(step: UInt8(step), attempt: next), at: now, definition, &events)
        case .undoBackingOff, .undoStalled:
            emit(.undoRequested(step: UInt8(step), attempt: next), at: now, definition, &events)
        case .pending, .calling, .done, .skipped, .failed, .unknown, .undoing, .undone, .undoFailed, .resolved:
            break
        }
    }

    /// Makes the calls again whose replies the orchestrator waited for when it crashed; too often, and it stops.
    mutating func recover(at now: Instant, _ definition: SagaDefinition, _ events: inout [Event]) {
        guard course == .forward || course == .back || course == .locking else { return }
        emit(.recovered, at: now, definition, &events)
        for step in definition.steps.indices { interrupt(step, at: now, definition, &events) }
        if course == .forward { settleTimeLimit(at: now, definition, &events) }
        if !isPaused, Int(recoveries) > definition.maximumRecoveries {
            emit(.paused(.tooManyRecoveries), at: now, definition, &events)
        }
        guard !isPaused else { return }
        for step in definition.steps.indices { wake(step, at: now, definition, &events) }
        settle(at: now, definition, &events)
    }

    /// Takes in that the reply to an attempt has found nobody; this one does not count as the last.
    private mutating func interrupt(
        _ step: Int, at now: Instant, _ definition: SagaDefinition, _ events: inout [Event]
    ) {
        let (position, attempt) = (UInt8(step), records[step].attempts)
        let failure = Failure(.interrupted, .unknown)
        if records[step].status == .calling {
            emit(.stepFailed(step: position, attempt: attempt, failure, retryAt: now), at: now, definition, &events)
        } else if records[step].status == .undoing {
            emit(
                .undoFailed(step: position, attempt: attempt, failure, retryAt: now, counts: false), at: now,
                definition, &events)
        }
    }
}
