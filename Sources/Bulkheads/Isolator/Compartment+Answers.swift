public import Resilience
public import Timeline

extension Compartment {
    /// The answer to a call that asks to be let in.
    public struct Answer: Hashable, Sendable {
        /// What happens to the call.
        public let verdict: Verdict
        /// The waiting call that had to make room for it, if any.
        public let displaced: Dropped?
        /// The changes of the breaker that the question brought about; nearly always none.
        public let transitions: [CircuitBreaker.Transition]
    }

    /// What happens to a call.
    public enum Verdict: Hashable, Sendable {
        /// Run it now.
        case run(Permit)
        /// Run it in the caller's own thread, which does nothing else meanwhile.
        case runInCaller(Permit)
        /// It waits, at that position, counted from 1, as the queue stands.
        case queued(Permit, position: Int)
        /// It is not let in. Make the answer from there instead, and report it to
        /// ``Compartment/fallbackEnded(_:permit:)``.
        case fallback(Instead, because: Refusal)
        /// It is not let in, and there is nothing to answer instead.
        case refused(Refusal)
    }

    /// Leave to answer from somewhere else.
    public struct Instead: Hashable, Sendable {
        /// From where.
        public let source: Fallback.Source
        /// The fallback's permit.
        public let permit: Fallback.Permit
    }

    /// Why a call was not let in.
    public struct Refusal: Hashable, Sendable {
        /// Who refused it.
        public let reason: Reason
        /// How long to wait before it makes sense to ask again; nil if that is unknown.
        public let retryAfter: Duration?
        /// When.
        public let at: Instant
    }

    /// Who refused a call.
    public enum Reason: UInt8, Hashable, Sendable, CaseIterable {
        /// The rate limiter.
        case rateLimited
        /// The circuit breaker.
        case circuitOpen
        /// The bulkhead: all is in use, and the queue is full.
        case full
        /// Nobody: its deadline had passed already.
        case expired

        /// What the fallback is asked about.
        var kind: FailureKind {
            switch self {
            case .rateLimited, .full: .rejected
            case .circuitOpen: .circuitOpen
            case .expired: .expired
            }
        }
    }

    /// A call that was let in and will never run: tell its caller. Its permit is dead.
    public struct Dropped: Hashable, Sendable {
        /// Which.
        public let task: UInt64
        /// Whether it had waited for too long, or its deadline is over; otherwise it had to make room for another.
        public let isExpired: Bool
        /// Whether its deadline is over; otherwise its caller waits still.
        public let isLate: Bool
        /// How long it waited.
        public let waited: Duration
        /// What to answer instead, if anything.
        public let instead: Instead?
    }

    /// A call that leaves the queue and runs now.
    public struct Start: Hashable, Sendable {
        /// Which.
        public let task: UInt64
        /// Its permit, the same as before.
        public let permit: Permit
        /// How long it waited.
        public let waited: Duration
    }

    /// What follows from the end of a call.
    public struct Ending: Hashable, Sendable {
        /// Which call.
        public let task: UInt64
        /// How long it had waited before it ran.
        public let waited: Duration
        /// How long it ran; the wait is not part of it.
        public let ran: Duration
        /// What its end says about the callee.
        public let outcome: CircuitBreaker.Outcome
        /// What to answer instead of the failure, if anything.
        public let instead: Instead?
        /// What happens to those who waited.
        public let change: Change
    }

    /// What happens to calls that waited, and to the breaker.
    public struct Change: Hashable, Sendable {
        /// The calls that run now.
        public internal(set) var starts: [Start] = []
        /// The calls that never will.
        public internal(set) var dropped: [Dropped] = []
        /// The changes of the breaker.
        public internal(set) var transitions: [CircuitBreaker.Transition] = []
    }
}
