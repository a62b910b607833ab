/// What a timeout that learns has been told of its calls, counted since the start.
public struct TimedCalls: Hashable, Sendable {
    /// Calls that were answered in time.
    public private(set) var answered = 0
    /// Calls whose time may be that of another attempt.
    public private(set) var ambiguous = 0
    /// Calls that the limit cut off.
    public private(set) var timedOut = 0
    /// Calls that said nothing about the latency.
    public private(set) var ignored = 0

    /// No calls yet.
    public init() {}

    /// How a call ended, as far as a timeout cares.
    public enum Outcome: UInt8, Hashable, Sendable, CaseIterable {
        /// The answer came, good or bad.
        case answered
        /// An answer came after a retry, and may belong to an attempt before: Karn's rule, by which RFC 6298 takes
        /// no such sample. Where every attempt is measured for itself, this does not occur.
        case ambiguous
        /// The timeout's own limit ended the call.
        case timedOut
        /// The time says nothing: the caller's deadline or a cancellation ended the call, or it failed before the
        /// service had it. Refused connections are fast, and would draw the limit down.
        case ignored
    }

    mutating func count(_ outcome: Outcome) {
        switch outcome {
        case .answered: answered &+= 1
        case .ambiguous: ambiguous &+= 1
        case .timedOut: timedOut &+= 1
        case .ignored: ignored &+= 1
        }
    }
}
