public import Resilience
public import Timeline

/// What came of executing a command.
public enum CommandOutcome: Hashable, Sendable {
    /// It was done; the result is for its sender.
    case done([UInt8])
    /// It was refused for good: to try again cannot help.
    case rejected(CommandRejection)
    /// It failed, and may go better another time.
    case failed(CommandFailure)
}

/// In which way executing a command failed.
public enum CommandFailure: Hashable, Sendable {
    /// Something on the way failed. How long the callee asked to be left alone counts as the ``RetryPolicy`` says.
    case fault(FailureKind, retryAfter: Duration? = nil, detail: String = "")
    /// Somebody else has appended to the stream since the handler read it: read again, decide again.
    case versionConflict(detail: String = "")

    /// What a ``RetryPolicy`` knows it as. A conflict that outlasts its own retries is a failure of the server.
    public var kind: FailureKind {
        switch self {
        case .fault(let kind, _, _): kind
        case .versionConflict: .server
        }
    }

    /// How long the callee asked to be left alone.
    public var retryAfter: Duration? {
        switch self {
        case .fault(_, let retryAfter, _): retryAfter
        case .versionConflict: nil
        }
    }

    /// What a dead letter says of it.
    public var cause: DeadLetter.Cause {
        switch self {
        case .fault(let kind, _, let detail): DeadLetter.Cause(kind: "\(kind)", detail: detail)
        case .versionConflict(let detail): DeadLetter.Cause(kind: "versionConflict", detail: detail)
        }
    }
}
