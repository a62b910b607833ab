public import Timeline

// The values that settings are made of.

extension CircuitBreaker {
    /// Which calls a closed breaker judges by.
    public enum Window: Hashable, Sendable {
        /// The last so many calls, 1 to 1 000 000.
        case calls(Int)
        /// The calls that ended in the last stretch of time, more than zero, rolling on bucket by bucket.
        ///
        /// Buckets, 1 to 10 000, begin at whole multiples of their length on the caller's clock: with as many as
        /// the length has seconds they are resilience4j's whole seconds; ten are what Polly, Hystrix and
        /// failsafe-go take.
        case time(Duration, buckets: Int = 10)
        /// The calls that began since the window was last cleared, as gobreaker has it.
        ///
        /// In one bucket all is cleared when the interval is over (gobreaker's `Interval`), or never if that is
        /// zero; with more buckets, up to 10 000, the window rolls on (`BucketPeriod`). Both begin with the
        /// phase. A result whose call began before what is now in the window is stale.
        case interval(Duration, buckets: Int = 1)
    }

    /// Which failures open a closed breaker. Slow calls have a rule of their own, ``SlowCalls``.
    public enum TripRule: Hashable, Sendable {
        /// Failures reach ``Settings/failureRate`` of the calls in the window, of which there must be
        /// ``Settings/minimumCalls``.
        case rate
        /// So many failures are in the window, whatever the other calls: with a window of m calls, n of the
        /// last m (failsafe-go).
        case failures(Int)
        /// So many calls failed in a row (gobreaker).
        case consecutive(Int)
        /// None: the caller reads ``CircuitBreaker/counts(at:)`` and calls
        /// ``CircuitBreaker/trip(because:openFor:at:)``, where others store a `ReadyToTrip` function.
        case callers
    }

    /// After which results a closed breaker is judged.
    public enum Judging: UInt8, Hashable, Sendable, CaseIterable {
        /// After each: a success opens it when it completes the minimum, or is slow (resilience4j, failsafe-go).
        case everyResult
        /// After failures only (gobreaker, Polly).
        case failures
    }

    /// What counts as a slow call, and how many are too many.
    public struct SlowCalls: Hashable, Sendable {
        /// A call that takes longer than this is slow.
        public let limit: Duration
        /// The share of slow calls that opens the breaker: more than 0, at most 1.
        public let rate: Double

        /// Calls over the limit are slow; that share of them opens the breaker.
        public init(over limit: Duration, rate: Double) {
            self.limit = limit
            self.rate = rate
        }

        /// No call is slow.
        public static let never = SlowCalls(over: .maximum, rate: 1)
    }

    /// How the open time grows while the breaker opens again and again without closing in between.
    public struct Growth: Hashable, Sendable {
        /// Each open time is the one before times this: 1 or more.
        public let factor: Double
        /// No open time is longer than this.
        public let cap: Duration

        /// Each time so many times as long, up to the cap.
        public init(factor: Double, cap: Duration) {
            self.factor = factor
            self.cap = cap
        }

        /// Every open time is the same.
        public static let constant = Growth(factor: 1, cap: .maximum)
    }

    /// What the probes of a half-open phase must do.
    public enum ProbeRule: Hashable, Sendable {
        /// All report, then the rates of failures and slow calls are held against the thresholds for calls.
        case rate
        /// As ``rate``, but as soon as ``Settings/minimumCalls`` have reported, if those are fewer (resilience4j).
        case rateFromMinimum
        /// All must succeed; one failure reopens at once (gobreaker; with one probe Polly and Hystrix).
        case consecutive
        /// So many of the probes must succeed, decided as soon as it is certain (failsafe-go).
        case successes(Int)
    }

    /// How the number of probes limits the calls of a half-open phase.
    public enum ProbeLimit: UInt8, Hashable, Sendable, CaseIterable {
        /// So many are let through in the whole phase; an ignored one does not count (resilience4j, gobreaker).
        case total
        /// So many are under way at a time; a result makes room for another (failsafe-go).
        case concurrent
    }

    /// What becomes of a probe whose result is ignored.
    public enum IgnoredProbe: UInt8, Hashable, Sendable, CaseIterable {
        /// Its place is free for another.
        case freesPlace
        /// The breaker reopens, as Hystrix does when a probe is cancelled.
        case reopens
    }

    /// Where a half-open phase leads that has lasted its limit without a verdict.
    public enum AfterLimit: UInt8, Hashable, Sendable, CaseIterable {
        /// Back to open.
        case open
        /// To closed.
        case closed
    }
}
