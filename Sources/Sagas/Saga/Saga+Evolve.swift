internal import Timeline

extension Saga {
    /// Something has happened: the one place where a saga changes.
    ///
    /// An event about a step that the definition does not have changes nothing; ``SagaHistory`` refuses it.
    public mutating func evolve(_ event: Event, under definition: SagaDefinition) {
        switch event.what {
        case .started:
            (startTime, progressedAt) = (event.time, event.time)
            course = definition.lockKey(of: data) == nil ? .forward : .locking
        case .locked:
            course = .forward
            progressedAt = event.time
        case .forked(let other): origin = other
        case .stepAdopted(let step, let result): adopt(Int(step), result, definition)
        case .stepRequested(let step, let attempt): request(Int(step), attempt, at: event.time, definition)
        case .stepDone(let step, _, let result): finish(Int(step), .done, result, at: event.time, definition)
        case .stepFailed(let step, _, let failure, let next):
            fail(Int(step), failure, retryAt: next, at: event.time, definition)
        case .stepStalled(let step): set(Int(step), .stalled, at: event.time, definition)
        case .stepSkipped(let step, let result):
            if definition.has(Int(step)), records[Int(step)].status == .calling {
                records[Int(step)].mark(.mayHaveHappened)
            }
            finish(Int(step), .skipped, result, at: event.time, definition)
        case .turnedBack(let cause): turn(because: cause, at: event.time)
        case .undoRequested(let step, let attempt): requestUndo(Int(step), attempt, at: event.time, definition)
        case .undoDone(let step, _):
            set(Int(step), .undone, at: event.time, definition)
            progressedAt = event.time
        case .undoFailed(let step, _, let failure, let next, let counts):
            failUndo(Int(step), failure, counts, retryAt: next, at: event.time, definition)
        case .undoExhausted(let step, let exhaustion):
            set(Int(step), exhaustion == .goesOn ? .undoFailed : .undoStalled, at: event.time, definition)
        case .undoResolved(let step):
            set(Int(step), .resolved, at: event.time, definition)
            progressedAt = event.time
        case .compensationRetried: retryCompensation(at: event.time)
        case .timeLimitPassed: timeLimitState = .passedDuringPivot
        case .overdue: timeLimitState = .overdue
        case .compensationOverdue: isCompensationOverdue = true
        case .paused: (isPaused, pauseTime) = (true, event.time)
        case .resumed: resume(at: event.time)
        case .recovered: recoveries += recoveries < .max ? 1 : 0
        case .ordered: break
        case .completed: end(.completed, at: event.time)
        case .compensated: end(.compensated, at: event.time)
        case .compensationFailed: end(.compensationFailed, at: event.time)
        case .killed:
            abandonCalls()
            end(.killed, at: event.time)
        }
    }

    private mutating func request(_ step: Int, _ attempt: UInt16, at now: Instant, _ definition: SagaDefinition) {
        guard definition.has(step) else { return }
        if definition.steps[step].undo?.registration == .beforeCall { records[step].mark(.undoRegistered) }
        if attempt > 1 { countRepeat() }
        records[step].begin(attempt: attempt, .calling, at: now)
    }

    private mutating func adopt(_ step: Int, _ result: SagaValue?, _ definition: SagaDefinition) {
        guard definition.has(step) else { return }
        if definition.steps[step].undo != nil { records[step].mark(.undoRegistered) }
        records[step].mark(.isAdopted)
        records[step].keep(result)
        records[step].status = .done
    }

    private mutating func finish(
        _ step: Int, _ status: StepStatus, _ result: SagaValue?, at now: Instant, _ definition: SagaDefinition
    ) {
        guard definition.has(step) else { return }
        if status == .done, definition.steps[step].undo != nil { records[step].mark(.undoRegistered) }
        records[step].keep(result)
        set(step, status, at: now, definition)
        progressedAt = now
    }

    private mutating func fail(
        _ step: Int, _ failure: Failure, retryAt next: Instant?, at now: Instant, _ definition: SagaDefinition
    ) {
        guard definition.has(step) else { return }
        latestError = StepError(time: now, failure: failure, isUndo: false, position: UInt8(step))
        switch failure.outcome {
        case .unknown: records[step].mark(.mayHaveHappened)
        case .never: records[step].unmark(.mayHaveHappened)
        case .notExecuted: break
        }
        if let next {
            records[step].backOff(until: next, .backingOff, at: now)
        } else {
            set(step, records[step].has(.mayHaveHappened) ? .unknown : .failed, at: now, definition)
        }
    }

    private mutating func turn(because cause: Cause, at now: Instant) {
        if course == .ready { startTime = now }
        course = .back
        self.cause = cause
        (turnTime, progressedAt, pausedFor) = (now, now, .zero)
        timeLimitState = .open
        abandonCalls()
    }

    /// Nobody waits for a step any more: what was called may have happened.
    private mutating func abandonCalls() {
        for step in 0..<records.count {
            switch records[step].status {
            case .calling:
                records[step].mark(.mayHaveHappened)
                records[step].status = .unknown
            case .backingOff, .stalled:
                records[step].status = records[step].has(.mayHaveHappened) ? .unknown : .failed
            case .pending, .done, .skipped, .failed, .unknown, .undoing, .undoBackingOff, .undoStalled, .undone,
                .undoFailed, .resolved:
                break
            }
        }
    }

    private mutating func requestUndo(_ step: Int, _ attempt: UInt16, at now: Instant, _ definition: SagaDefinition) {
        guard definition.has(step) else { return }
        if attempt > 1 { countRepeat() }
        records[step].begin(attempt: attempt, .undoing, at: now)
    }

    private mutating func failUndo(
        _ step: Int, _ failure: Failure, _ counts: Bool, retryAt next: Instant?, at now: Instant,
        _ definition: SagaDefinition
    ) {
        guard definition.has(step) else { return }
        if counts { records[step].countFailure() }
        latestError = StepError(time: now, failure: failure, isUndo: true, position: UInt8(step))
        if let next { records[step].backOff(until: next, .undoBackingOff, at: now) }
    }

    private mutating func retryCompensation(at now: Instant) {
        course = .back
        (turnTime, pausedFor, isCompensationOverdue) = (now, .zero, false)
        for step in 0..<records.count {
            switch records[step].status {
            case .undoStalled, .undoFailed: records[step].status = .unknown
            case .pending, .calling, .backingOff, .stalled, .done, .skipped, .failed, .unknown, .undoing,
                .undoBackingOff, .undone, .resolved:
                break
            }
        }
    }

    private mutating func resume(at now: Instant) {
        pausedFor = pausedFor + (now - pauseTime)
        (isPaused, recoveries, progressedAt) = (false, 0, now)
    }

    private mutating func end(_ course: Course, at now: Instant) {
        self.course = course
        (isPaused, progressedAt) = (false, now)
    }

    private mutating func set(_ step: Int, _ status: StepStatus, at now: Instant, _ definition: SagaDefinition) {
        guard definition.has(step) else { return }
        records[step].since = now
        records[step].status = status
    }

    private mutating func countRepeat() { repeatedCalls += repeatedCalls < .max ? 1 : 0 }
}

extension SagaDefinition {
    /// Whether there is a step at this position.
    func has(_ step: Int) -> Bool { steps.indices.contains(step) }

    /// What a saga with these data locks; nil if it locks nothing.
    public func lockKey(of data: SagaData) -> UInt64? {
        guard case .semanticLock(let lock) = isolation else { return nil }
        if let threshold = lock.threshold, let field = self.data.firstIndex(where: { $0.name == threshold.field }),
            let value = data.value(of: field, under: self), value.word < threshold.least.word
        {
            return nil
        }
        return self.data.firstIndex { $0.name == lock.field }
            .flatMap { data.value(of: $0, under: self) }.map { UInt64(bitPattern: $0.word) }
    }
}
