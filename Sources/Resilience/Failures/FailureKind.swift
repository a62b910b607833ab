/// In which way a call failed.
///
/// The first three and ``network`` come from the callee or the way to it, the rest from the caller's own side.
public enum FailureKind: UInt8, Hashable, Sendable, CaseIterable {
    /// No answer within the time limit (also status 408).
    case timeout
    /// The callee refused because the caller asks too often (status 429).
    case rateLimit
    /// The callee failed (status 5xx).
    case server
    /// The callee refused what it was asked: invalid, forbidden, not found (the other statuses 4xx).
    case client
    /// No connection, or one that was cut.
    case network
    /// The caller's circuit breaker was open.
    case circuitOpen
    /// Another guard before the call refused it: a full bulkhead or queue, an empty rate limiter.
    case rejected
    /// The caller called it off.
    case cancelled
    /// The caller had stopped waiting before the call was made.
    case expired

    /// What an HTTP status says; nil for a status below 400, which is no failure.
    ///
    /// A number that is no status, below 100 or above 599, counts as ``server`` (RFC 9110, section 15).
    public init?(status: Int) {
        switch status {
        case 100..<400: return nil
        case 408: self = .timeout
        case 429: self = .rateLimit
        case 400..<500: self = .client
        default: self = .server
        }
    }
}
