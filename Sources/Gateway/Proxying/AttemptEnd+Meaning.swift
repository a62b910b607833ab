import Resilience

// What the end of an attempt means to those who count, and to the client.

extension AttemptEnd {
    /// Whether it is an answer that can be passed on.
    var isAnswer: Bool {
        if case .answered(let response) = self { (200...599).contains(response.status.code) } else { false }
    }

    /// Whether the backend cannot have seen anything of the request.
    var sentNothing: Bool {
        if case .notConnected = self { true } else { false }
    }

    /// What a failure detector takes it for.
    var callEnd: FailureDetector.CallEnd {
        switch self {
        case .answered(let response) where isAnswer:
            .answered(status: response.status.code, retryAfter: RetryAfter.wait(in: response.headers))
        case .answered, .notConnected, .broken: .disconnected
        case .timedOut: .timedOut
        case .cancelled: .prevented(.cancelled)
        }
    }

    /// What it says of how long a backend takes: nothing where its time was cut short by the request's own.
    func timing(boundBy bound: TimeLimit.Bound) -> TimedCalls.Outcome {
        switch self {
        case .answered: .answered
        case .timedOut: bound == .limit ? .timedOut : .ignored
        case .notConnected, .broken, .cancelled: .ignored
        }
    }

    /// What it says to whoever looks for outliers; nil for nothing.
    var outlierOutcome: OutlierDetector.Outcome? {
        switch self {
        case .answered(let response) where isAnswer: OutlierDetector.Outcome(status: response.status.code)
        case .answered, .notConnected, .broken: .connectFailure
        case .timedOut: .timeout
        case .cancelled: nil
        }
    }

    /// What the client gets of a backend's answer: what concerns the connection to the backend is dropped.
    var response: Response? {
        guard isAnswer, case .answered(var response) = self else { return nil }
        response.headers.removeHopByHop()
        return response
    }

    /// Why a request is answered that ends so.
    var cause: Reply.Cause {
        switch self {
        case .answered: isAnswer ? .backend : .broken
        case .notConnected: .notConnected
        case .broken: .broken
        case .timedOut: .timedOut
        case .cancelled: .cancelled
        }
    }
}
