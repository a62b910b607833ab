internal import Timeline

extension StoredSagaEvent {
    /// Writes the fields in the order in which they are read.
    func write(to line: inout FieldWriter) {
        line.write("at", event.time.nanoseconds)
        if let position = event.what.step {
            line.write("position", position)
            line.write("step", text: step)
        }
        switch event.what {
        case .forked(let other): line.write("of", other)
        case .stepAdopted(_, let result), .stepSkipped(_, let result): line.write("result", result)
        case .stepRequested(_, let attempt), .undoRequested(_, let attempt), .undoDone(_, let attempt):
            line.write("attempt", attempt)
        case .stepDone(_, let attempt, let result):
            line.write("attempt", attempt)
            line.write("result", result)
        case .stepFailed(_, let attempt, let failure, let next):
            line.write("attempt", attempt)
            line.write(failure, retryAt: next)
        case .undoFailed(_, let attempt, let failure, let next, let counts):
            line.write("attempt", attempt)
            line.write(failure, retryAt: next)
            line.write("counts", word: counts)
        case .turnedBack(let cause): line.write("because", word: cause)
        case .undoExhausted(_, let exhaustion): line.write("then", word: exhaustion)
        case .paused(let pause): line.write("because", word: pause)
        case .ordered(let kind): line.write("order", word: kind)
        case .started, .locked, .stepStalled, .undoResolved, .compensationRetried, .timeLimitPassed, .overdue,
            .compensationOverdue, .resumed, .recovered, .completed, .compensated, .compensationFailed, .killed:
            break
        }
    }
}

extension FieldWriter {
    fileprivate mutating func write(_ failure: Saga.Failure, retryAt next: Instant?) {
        write("code", failure.code.rawValue)
        write("outcome", word: failure.outcome)
        write("retryable", word: failure.isRetryable)
        if let next { write("retryAt", next.nanoseconds) }
    }
}
