internal import Sagas
internal import Simulation
internal import Timeline

// What a saga has decided becomes its timeline.

extension SagaTimeline {
    func lane(_ step: UInt8, isUndo: Bool) -> Int? {
        lanes.firstIndex { $0.step == Int(step) && $0.isUndo == isUndo }
    }

    /// Takes in something that the saga has decided.
    mutating func take(_ event: Saga.Event) {
        let time = event.time
        switch event.what {
        case .started:
            if waitsForLock { lockWait = Span(start: time, end: end) }
        case .locked: lockWait?.end = time
        case .stepRequested(let step, let attempt): begin(step, attempt, isUndo: false, time)
        case .undoRequested(let step, let attempt): begin(step, attempt, isUndo: true, time)
        case .stepDone(let step, let attempt, _): finish(step, attempt, isUndo: false, .ok, time)
        case .undoDone(let step, let attempt): finish(step, attempt, isUndo: true, .ok, time)
        case .stepFailed(let step, let attempt, let failure, let next):
            fail(step, attempt, isUndo: false, failure, next, time)
        case .undoFailed(let step, let attempt, let failure, let next, _):
            fail(step, attempt, isUndo: true, failure, next, time)
        case .stepSkipped(let step, _):
            finish(step, .max, isUndo: false, .skipped, time)
            dealWith(step, isUndo: false)
        case .stepStalled(let step): lane(step, isUndo: false).map { lanes[$0].stalledAt = time }
        case .undoExhausted(let step, .waitsForOperator): lane(step, isUndo: true).map { lanes[$0].stalledAt = time }
        case .undoResolved(let step):
            dealWith(step, isUndo: true)
        case .turnedBack:
            turnedBackAt = time
            lockWait.map { lockWait?.end = min($0.end, time) }
            abandon(time)
        case .paused: pausedAt = time
        case .resumed: endPause(time)
        case .completed, .compensated, .compensationFailed: endPause(time)
        case .killed:
            endPause(time)
            abandon(time)
        case .forked, .stepAdopted, .undoExhausted(_, .goesOn), .compensationRetried, .timeLimitPassed, .overdue,
            .compensationOverdue, .recovered, .ordered:
            break
        }
    }

    /// An operator has dealt with it.
    private mutating func dealWith(_ step: UInt8, isUndo: Bool) {
        guard let lane = lane(step, isUndo: isUndo) else { return }
        (lanes[lane].isByHand, lanes[lane].stalledAt) = (true, nil)
    }

    private mutating func begin(_ step: UInt8, _ attempt: UInt16, isUndo: Bool, _ time: Instant) {
        guard let lane = lane(step, isUndo: isUndo) else { return }
        lanes[lane].stalledAt = nil
        lanes[lane].attempts.append(Attempt(number: Int(attempt), decidedAt: time))
    }

    /// An attempt has ended; it may be an earlier one than the last.
    private mutating func finish(
        _ step: UInt8, _ attempt: UInt16, isUndo: Bool, _ end: End, _ time: Instant, problem: String = ""
    ) {
        guard let lane = lane(step, isUndo: isUndo), !lanes[lane].attempts.isEmpty else { return }
        let attempts = lanes[lane].attempts
        let place = attempts.lastIndex { $0.number == Int(attempt) } ?? attempts.count - 1
        lanes[lane].attempts[place].endedAt = time
        lanes[lane].attempts[place].end = end
        lanes[lane].attempts[place].problem = problem
    }

    private mutating func fail(
        _ step: UInt8, _ attempt: UInt16, isUndo: Bool, _ failure: Saga.Failure, _ next: Instant?, _ time: Instant
    ) {
        let isTimeout = failure.text == Failure.timedOut.text || failure.code == .timedOut
        let end: End =
            failure.code == .interrupted
            ? .interrupted : isTimeout ? .timedOut : failure.outcome == .unknown ? .unknown : .failed
        finish(step, attempt, isUndo: isUndo, end, time, problem: failure.text)
        guard let lane = lane(step, isUndo: isUndo), let last = lanes[lane].attempts.indices.last else { return }
        lanes[lane].attempts[last].retryAt = next
    }

    /// What is called is called for nothing from now on.
    private mutating func abandon(_ time: Instant) {
        for lane in lanes.indices {
            lanes[lane].stalledAt = nil
            guard let last = lanes[lane].attempts.indices.last else { continue }
            lanes[lane].attempts[last].retryAt = lanes[lane].attempts[last].retryAt.map { min($0, time) }
            guard lanes[lane].attempts[last].end == .open else { continue }
            lanes[lane].attempts[last].endedAt = time
            lanes[lane].attempts[last].end = .abandoned
        }
    }

    private mutating func endPause(_ time: Instant) {
        if let pausedAt { pauses.append(Span(start: pausedAt, end: time)) }
        pausedAt = nil
    }
}
