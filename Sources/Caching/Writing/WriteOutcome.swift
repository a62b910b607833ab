/// Why a step of a write was not done.
public enum WriteFailure: Hashable, Sendable {
    /// Whoever should do it cannot be reached, or said that it cannot now; nothing was changed.
    case unavailable
    /// No answer in time: it may have been done, or may be done still.
    case timedOut
    /// It will not be done however often it is tried; nothing was changed.
    case rejected
}

/// What became of one write, or of one step of it.
public enum WriteOutcome: Hashable, Sendable {
    /// It is done.
    case done
    /// It is not, or nobody knows.
    case failed(WriteFailure)

    /// Why it is not done; nil if it is.
    @inlinable
    public var failure: WriteFailure? { if case .failed(let failure) = self { failure } else { nil } }
}

/// What became of several writes that were made together.
public enum BatchOutcome: Hashable, Sendable {
    /// The same for all of them.
    case all(WriteOutcome)
    /// One for each, in their order. One that is missing counts as timed out, one too many as nothing.
    case each([WriteOutcome])

    /// Why the write at this place was not made; nil if it was.
    @inlinable
    func failure(at place: Int) -> WriteFailure? {
        switch self {
        case .all(let outcome): outcome.failure
        case .each(let outcomes): place < outcomes.count ? outcomes[place].failure : .timedOut
        }
    }
}
