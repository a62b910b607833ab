public import Timeline

/// What a rate limiter answers to a request for permits.
public enum RateDecision: Hashable, Sendable {
    /// The permits are the caller's, who uses them after that wait: zero for at once.
    ///
    /// A grant with a wait is a reservation: later callers come after it, and whoever does not use it can give it
    /// back until it is due.
    case granted(after: Duration)
    /// No permits, and none were reserved.
    ///
    /// The same request, with the same patience, is granted after exactly that time, and not a nanosecond sooner,
    /// if nobody else asks before; ``Duration/maximum`` if it can never be granted.
    case rejected(retryAfter: Duration)

    /// How long to wait before using the permits; nil if there are none.
    public var wait: Duration? {
        switch self {
        case .granted(let wait): wait
        case .rejected: nil
        }
    }
}
