internal import Resilience
internal import Timeline

extension Saga {
    /// How many groups are behind it; part of its callers, as a call would copy the saga.
    @inline(__always)
    func settledStages(_ definition: SagaDefinition) -> Int {
        for (index, stage) in definition.stages.enumerated() {
            for step in stage where !records[step].status.isSettled(isCritical: definition.steps[step].isCritical) {
                return index
            }
        }
        return definition.stages.count
    }

    /// Calls the next group once the one before it is done, turns back where a critical step has failed, or is done.
    mutating func settleForward(at now: Instant, _ definition: SagaDefinition, _ events: inout [Event]) {
        let settled = settledStages(definition)
        guard settled < definition.stages.count else {
            emit(.completed, at: now, definition, &events)
            return
        }
        for step in definition.stages[settled] {
            switch records[step].status {
            case .failed where definition.steps[step].isCritical, .unknown where definition.steps[step].isCritical:
                let isLate = timeLimitState == .passedDuringPivot
                turnBack(isLate ? .timeLimitPassed : .stepFailed, at: now, definition, &events)
                return
            case .pending, .calling, .backingOff, .stalled, .done, .skipped, .failed, .unknown, .undoing,
                .undoBackingOff, .undoStalled, .undone, .undoFailed, .resolved:
                break
            }
        }
        for step in definition.stages[settled] where records[step].status == .pending {
            emit(.stepRequested(step: UInt8(step), attempt: 1), at: now, definition, &events)
        }
    }

    /// Takes in how an attempt of a step went.
    ///
    /// - Late replies to earlier attempts are taken only if they are good news.
    /// - A pivot is never abandoned while it is being called, and never after an unknown outcome.
    mutating func stepReplied(
        _ step: Int, _ attempt: Int, _ reply: Reply, at now: Instant, _ definition: SagaDefinition,
        _ random: inout RandomStream, _ events: inout [Event]
    ) {
        guard course == .forward, definition.has(step), attempt >= 1 else { return }
        let (status, current) = (records[step].status, Int(records[step].attempts))
        switch reply {
        case .success(let result):
            let isPresent = attempt == current && status == .calling
            let isLate = attempt < current && status == .calling || attempt <= current && status == .backingOff
            guard isPresent || isLate else { return }
            if let wrong = wrongResult(result, of: step, definition) {
                guard isPresent else { return }
                stepFailed(step, wrong, retryAfter: nil, at: now, definition, &random, &events)
                return
            }
            let kept = definition.steps[step].result == nil ? nil : result
            emit(
                .stepDone(step: UInt8(step), attempt: UInt16(clamping: attempt), kept), at: now, definition, &events)
            settleTimeLimit(at: now, definition, &events)
            settle(at: now, definition, &events)
        case .failure(let failure, let retryAfter):
            guard attempt == current, status == .calling else { return }
            stepFailed(step, failure, retryAfter: retryAfter, at: now, definition, &random, &events)
        }
    }

    /// Why a success is none: the result is not of the kind that the definition says. It has happened all the same.
    private func wrongResult(_ result: SagaValue?, of step: Int, _ definition: SagaDefinition) -> Failure? {
        guard let expected = definition.steps[step].result, result?.kind != expected else { return nil }
        return Failure(.wrongResult, .unknown, isRetryable: false)
    }

    /// Decides between another attempt and none.
    ///
    /// A pivot of unknown outcome is retried until it succeeds, whatever its policy says: it has no undo, so to
    /// turn back could refund an order that is already confirmed. One idempotency key for all attempts makes
    /// sure that it happens once.
    mutating func stepFailed(
        _ step: Int, _ failure: Failure, retryAfter: Duration?, at now: Instant, _ definition: SagaDefinition,
        _ random: inout RandomStream, _ events: inout [Event]
    ) {
        let attempt = records[step].attempts
        let mustSucceed = mustSucceed(step, failure, definition)
        let mayRepeat = mustSucceed || timeLimitState != .passedDuringPivot && hasAttemptsLeft(step, definition)
        var next: Instant?
        if failure.isRetryable, mayRepeat {
            let wait = wait(
                retryAfter, definition.policies[step], afterAttempt: Int(attempt), isEndless: mustSucceed,
                previous: records[step].wait, &random)
            next = now + wait
            if !mustSucceed, let limit = stepDeadline(step, definition), now + wait > limit { next = nil }
        }
        emit(
            .stepFailed(step: UInt8(step), attempt: attempt, failure, retryAt: next), at: now, definition, &events)
        if mustSucceed, next == nil { emit(.stepStalled(step: UInt8(step)), at: now, definition, &events) }
        settleTimeLimit(at: now, definition, &events)
        settle(at: now, definition, &events)
    }

    /// Whether the saga can only go on if the step succeeds, after this failure.
    private func mustSucceed(_ step: Int, _ failure: Failure, _ definition: SagaDefinition) -> Bool {
        guard definition.steps[step].isCritical else { return false }
        switch definition.steps[step].kind {
        case .compensatable: return false
        case .pivot:
            return failure.outcome == .unknown || records[step].has(.mayHaveHappened) && failure.outcome != .never
        case .retriable: return true
        }
    }

    private func hasAttemptsLeft(_ step: Int, _ definition: SagaDefinition) -> Bool {
        Int(records[step].attempts) < definition.policies[step].attempts
    }

    /// How long to wait before the next attempt. Where attempts are not limited in number it is never zero, even if the
    /// settings say so: a simulated clock must get on.
    func wait(
        _ retryAfter: Duration?, _ policy: RetryPolicy, afterAttempt attempt: Int, isEndless: Bool,
        previous: Duration, _ random: inout RandomStream
    ) -> Duration {
        let delay = policy.delay(afterAttempt: attempt, previous: previous, using: &random)
        let least: Duration = isEndless || policy.attempts == RetryPolicy.unlimited ? .milliseconds(1) : .zero
        return Self.whole(max(delay, max(retryAfter ?? .zero, least)))
    }

    /// A time limit that passed while the pivot was being called makes the saga overdue once the pivot counts as
    /// passed.
    mutating func settleTimeLimit(at now: Instant, _ definition: SagaDefinition, _ events: inout [Event]) {
        guard timeLimitState == .passedDuringPivot, position(under: definition) == .beyond else { return }
        emit(.overdue, at: now, definition, &events)
    }
}
