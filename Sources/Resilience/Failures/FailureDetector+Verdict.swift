public import Timeline

extension FailureDetector {
    /// How a call ended, as far as the caller can tell.
    public enum CallEnd: Hashable, Sendable {
        /// An answer with an HTTP-like status, and how long the callee asked to be left alone, if it did
        /// (`Retry-After`).
        case answered(status: Int, retryAfter: Duration? = nil)
        /// No answer within the time limit.
        case timedOut
        /// No connection, or one that was cut.
        case disconnected
        /// A guard before the call let it not pass, or the caller called it off; with the guard's own advice.
        case prevented(FailureKind, retryAfter: Duration? = nil)

        /// In which way the call failed; nil if it did not.
        public var failure: FailureKind? {
            switch self {
            case .answered(let status, _): FailureKind(status: status)
            case .timedOut: .timeout
            case .disconnected: .network
            case .prevented(let kind, _): kind
            }
        }

        /// How long the callee, or the guard, asked to be left alone.
        public var retryAfter: Duration? {
            switch self {
            case .answered(_, let retryAfter), .prevented(_, let retryAfter): retryAfter
            case .timedOut, .disconnected: nil
            }
        }
    }

    /// What the end of a call means.
    public struct Verdict: Hashable, Sendable {
        /// In which way the call failed; nil if it did not.
        public let failure: FailureKind?
        /// What the breaker is told.
        public let outcome: CircuitBreaker.Outcome
        /// Whether the call took longer than the limit.
        public let isSlow: Bool
        /// How long the callee asked to be left alone; nil if it did not say.
        public let retryAfter: Duration?
    }
}
