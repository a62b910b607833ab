public import Timeline

/// An active health check: probes one host again and again, and says when it becomes healthy or unhealthy.
///
/// Start a probe with ``startProbe(at:using:)`` from ``nextCheck`` on, and hand its token back with the result to
/// ``ended(_:_:at:using:)``. There is never more than one probe out. One without a result by its deadline has failed;
/// a result that comes later is stale and changes nothing. Every answer holds the change that it brought about, if
/// any; what follows from it, such as forcing a breaker open, is the caller's part.
///
/// The thresholds count results *in a row*: a walk up and down between two bounds needs twice as many bad results
/// once it stands at the upper one, and never notices a host that fails every other check but one.
///
/// The rules are Envoy's (`HealthCheckerImplBase`): the first result decides at once, in either direction; failures
/// of some kinds make unhealthy at once; the interval depends on the latest result and on whether it is a change yet
/// to be confirmed.
public struct HealthChecker: Hashable, Sendable {
    /// The settings in force; ``changeSettings(_:at:)`` replaces them.
    public internal(set) var settings: Settings
    /// What is known of the host.
    public internal(set) var state: State
    /// How many of the latest results in a row were good; any failure makes it zero.
    public internal(set) var successesInARow = 0
    /// How many of the latest results in a row were bad; a success makes it zero.
    public internal(set) var failuresInARow = 0
    /// When the next probe is due. While one is out it is not known yet, and this is when the one out started.
    public internal(set) var nextCheck: Instant
    /// The probe that is out, if one is.
    public internal(set) var probe: Probe?
    /// Everything counted since the start.
    public internal(set) var totals = Totals()
    /// The latest change; nil before the first.
    public internal(set) var lastChange: Change?

    /// Whether the checked host has had traffic; until then ``Intervals/withoutTraffic`` holds, if it is set.
    public var hasTraffic = false

    var generation: UInt32 = 0

    /// A checker whose first probe is due now, or after the initial jitter.
    /// - Parameter state: what is known from elsewhere; a known state changes by the thresholds only.
    public init(_ settings: Settings, state: State = .unchecked, at now: Instant, using random: inout RandomStream) {
        self.settings = settings
        self.state = state
        nextCheck = now + Settings.jitter(upTo: settings.intervals.initialJitter, using: &random)
    }
}

extension HealthChecker {
    /// What is known of a host.
    public enum State: UInt8, Hashable, Sendable, CaseIterable {
        /// Nothing yet; not to be used, as in Envoy.
        case unchecked
        /// The checks say that it works.
        case healthy
        /// The checks say that it does not.
        case unhealthy
    }

    /// Whether the host is known to work.
    public var isHealthy: Bool { state == .healthy }

    /// When ``advance(to:using:)`` has something to do: the deadline of the probe that is out. Nil if none is.
    public var nextTimedChange: Instant? { probe?.deadline }

    /// A probe that is out.
    public struct Probe: Hashable, Sendable {
        /// Which of the checker's probes it is; wraps after four thousand million.
        public let generation: UInt32
        /// When it has failed if there is no result yet.
        public let deadline: Instant
    }

    /// How a probe went.
    public enum Result: Hashable, Sendable {
        /// The host answered as it should.
        case success
        /// It did not.
        case failure(Failure)
    }

    /// Why a check failed.
    public enum Failure: UInt8, Hashable, Sendable, CaseIterable {
        /// The host could not be reached, or closed the connection.
        case connection
        /// There was no result within the time for one check.
        case timeout
        /// The host answered, and said that it is not well or said something else.
        case unexpectedStatus
    }

    /// A change of what is known.
    public enum Change: Hashable, Sendable {
        /// From now on the host may be used.
        case becameHealthy(Reason, at: Instant)
        /// From now on it should not.
        case becameUnhealthy(Reason, at: Instant)

        /// Why.
        public var reason: Reason {
            switch self {
            case .becameHealthy(let reason, _), .becameUnhealthy(let reason, _): reason
            }
        }

        /// When; earlier than the call that noticed it if a deadline brought it about.
        public var moment: Instant {
            switch self {
            case .becameHealthy(_, let moment), .becameUnhealthy(_, let moment): moment
            }
        }
    }

    /// Why a host changed.
    public enum Reason: Hashable, Sendable {
        /// It was the first result.
        case firstCheck
        /// So many good results in a row, which is the threshold.
        case successes(Int)
        /// So many bad results in a row, which is the threshold.
        case failures(Int)
        /// A failure of a kind that decides alone.
        case immediate(Failure)
        /// Somebody else said so: ``markUnhealthy(at:)``.
        case reported
    }

    /// Counts since the start.
    public struct Totals: Hashable, Sendable {
        /// Probes sent out.
        public internal(set) var probes = 0
        /// Probes that went well.
        public internal(set) var succeeded = 0
        /// Probes that did not, those without a result included.
        public internal(set) var failed = 0
        /// Those of them that had no result by their deadline.
        public internal(set) var timedOut = 0
        /// Results of probes that were not out any more.
        public internal(set) var stale = 0
        /// Changes of what is known.
        public internal(set) var changes = 0
    }
}
