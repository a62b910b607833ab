public import Timeline

/// A client's own throttle: it sends the fewer requests the fewer of its recent ones were accepted, so that a
/// callee that is overloaded need not spend its time on refusals.
///
/// Client-side throttling of *Site Reliability Engineering* (Google, 2016, chapter 21) in failsafe-go's form: of n
/// requests in the window, a were accepted, and the next one is rejected here with the probability
/// max(0, (n - a / threshold) / (n + 1)), up to a maximum that always lets some through. Google's multiplier K is
/// one divided by the threshold. A request rejected here is not counted; who wants it to be, as in the book, records
/// it as not accepted.
public struct AdaptiveThrottle: Hashable, Sendable {
    /// The settings at work.
    public private(set) var settings: Settings
    /// Counts since the start.
    public private(set) var totals = Totals()
    private var window: TimeWindow

    /// A throttle that lets everything through as yet.
    public init(_ settings: Settings) {
        self.settings = settings
        window = TimeWindow(length: settings.window)
    }

    /// Asks whether to send a request; draws only if the answer is open.
    public mutating func ask(at now: Instant, using random: inout RandomStream) -> Answer {
        let probability = rejectionProbability(at: now)
        guard random.chance(probability) else {
            totals.allowed &+= 1
            return .allowed
        }
        totals.rejected &+= 1
        return .rejected(probability: probability)
    }

    /// The answer to a request.
    public enum Answer: Hashable, Sendable {
        /// Send it, and record whether it was accepted.
        case allowed
        /// Do not send it: it was one of this share of requests.
        case rejected(probability: Double)
    }

    /// Records whether a request that was sent was accepted. Any answer that is not about load counts as accepted.
    public mutating func record(accepted: Bool, at now: Instant) {
        window.record(accepted ? [] : .failed, at: now)
        if accepted { totals.accepted &+= 1 } else { totals.refused &+= 1 }
    }

    /// The probability that a request now is rejected: 0 while the window holds fewer requests than it takes.
    public func rejectionProbability(at now: Instant) -> Double {
        let counts = counts(at: now)
        guard counts.requests >= settings.minimumRequests else { return 0 }
        let requests = Double(counts.requests)
        let excess = max(0, requests - Double(counts.accepted) / settings.threshold)
        return min(excess / (requests + 1), settings.maximumRejection)
    }

    /// The requests recorded in the window.
    public func counts(at now: Instant) -> Counts {
        let tally = window.tally(at: now)
        return Counts(requests: tally.calls, accepted: tally.succeeded)
    }

    /// Requests recorded in the window.
    public struct Counts: Hashable, Sendable {
        /// All of them.
        public let requests: Int
        /// Those that were accepted.
        public let accepted: Int
    }

    /// Counts since the start.
    public struct Totals: Hashable, Sendable {
        /// Requests let through.
        public internal(set) var allowed = 0
        /// Requests rejected here.
        public internal(set) var rejected = 0
        /// Results that were accepted.
        public internal(set) var accepted = 0
        /// Results that were not.
        public internal(set) var refused = 0
    }

    /// Replaces the settings at once; a window of another length starts empty.
    public mutating func changeSettings(_ new: Settings) {
        if new.window != settings.window { window = TimeWindow(length: new.window) }
        settings = new
    }
}
