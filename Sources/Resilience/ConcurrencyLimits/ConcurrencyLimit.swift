public import Timeline

/// A limit on calls in flight that finds its own height from how the calls fare.
///
/// Netflix's concurrency-limits: three algorithms (``Settings/Algorithm``), each fed with how long a call took, how
/// many were in flight when it began, and whether it was dropped. A call asks for a permit, and hands it back with
/// its outcome. A limit that falls below what is in flight admits nothing until enough calls have ended.
public struct ConcurrencyLimit: Hashable, Sendable {
    /// The settings at work.
    public private(set) var settings: Settings
    /// Calls admitted that have not ended.
    public private(set) var inFlight = 0
    /// Counts since the start.
    public private(set) var totals = Totals()
    /// The latest change of the limit; nil if it is still the initial one.
    public private(set) var lastChange: Change?

    /// The limit with its fraction, which smoothed algorithms need.
    private var estimate: Double
    private var estimator: Estimator
    private var window: SampleWindow?

    private enum Estimator: Hashable, Sendable {
        case aimd
        case vegas(VegasEstimator)
        case gradient(GradientEstimator)

        init(_ algorithm: Settings.Algorithm) {
            switch algorithm {
            case .aimd: self = .aimd
            case .vegas: self = .vegas(VegasEstimator())
            case .gradient: self = .gradient(GradientEstimator())
            }
        }
    }

    /// A limit at its initial height with nothing in flight.
    public init(_ settings: Settings) {
        self.settings = settings
        estimate = Double(settings.initial)
        estimator = Estimator(settings.algorithm)
        window = settings.window.map { _ in SampleWindow() }
    }

    /// How many calls may be in flight now.
    public var limit: Int { Int(estimate) }

    /// Asks for a permit for one call.
    public mutating func acquire() -> Admission {
        guard inFlight < limit else {
            totals.rejected &+= 1
            return .rejected(limit: limit, inFlight: inFlight)
        }
        inFlight += 1
        totals.admitted &+= 1
        return .admitted(Permit(inFlight: UInt32(inFlight)))
    }

    /// Ends a call and learns from it; each permit once. The end of a call when none is in flight counts as stray
    /// and teaches nothing.
    ///
    /// Only a Vegas limit draws: when it is due to measure the minimum time anew.
    /// - Returns: how the limit changed, nil if it did not.
    @discardableResult
    public mutating func end(
        _ permit: Permit, _ outcome: Outcome, at now: Instant, using random: inout RandomStream
    ) -> Change? {
        guard inFlight > 0 else {
            totals.stray &+= 1
            return nil
        }
        inFlight -= 1
        guard let sample = count(outcome, inFlight: Int(permit.inFlight)) else { return nil }
        guard let settings = settings.window else { return learn(from: sample, at: now, using: &random) }
        guard let summary = window?.add(sample, at: now, settings: settings) else { return nil }
        return learn(from: summary, at: now, using: &random)
    }

    private mutating func count(_ outcome: Outcome, inFlight: Int) -> Sample? {
        switch outcome {
        case .success(let took):
            totals.succeeded &+= 1
            return Sample(took: max(.nanoseconds(1), took), inFlight: inFlight, isDropped: false)
        case .dropped(let took):
            totals.dropped &+= 1
            return Sample(took: max(.nanoseconds(1), took), inFlight: inFlight, isDropped: true)
        case .ignored:
            totals.ignored &+= 1
            return nil
        }
    }

    private mutating func learn(
        from sample: Sample, at now: Instant, using random: inout RandomStream
    ) -> Change? {
        let old = limit
        let update: (estimate: Double, reason: Change.Reason)?
        switch (estimator, settings.algorithm) {
        case (.aimd, .aimd(let aimd)): update = aimd.update(limit: old, sample)
        case (.vegas(var vegas), .vegas(let settings)):
            update = vegas.update(estimate, sample, settings, within: range, using: &random)
            estimator = .vegas(vegas)
        case (.gradient(var gradient), .gradient(let settings)):
            update = gradient.update(estimate, sample, settings)
            estimator = .gradient(gradient)
        default: update = nil
        }
        guard let update else { return nil }
        estimate = max(Double(settings.minimum), min(Double(settings.maximum), update.estimate))
        return note(from: old, because: update.reason, at: now)
    }

    private var range: ClosedRange<Double> { Double(settings.minimum)...Double(settings.maximum) }

    private mutating func note(from old: Int, because reason: Change.Reason, at now: Instant) -> Change? {
        guard limit != old else { return nil }
        let change = Change(from: old, to: limit, reason: reason, at: now)
        lastChange = change
        if limit > old { totals.raised &+= 1 } else { totals.lowered &+= 1 }
        return change
    }

    /// Replaces the settings at once. The limit stays, as far as the new range allows; what has been learnt stays
    /// with the same algorithm, and another starts from the present limit. Permits stay valid.
    @discardableResult
    public mutating func changeSettings(_ new: Settings, at now: Instant) -> Change? {
        let old = limit
        if !new.algorithm.isSameKind(as: settings.algorithm) { estimator = Estimator(new.algorithm) }
        if new.window != settings.window { window = new.window.map { _ in SampleWindow() } }
        settings = new
        estimate = max(range.lowerBound, min(range.upperBound, estimate))
        return note(from: old, because: .settings, at: now)
    }

    /// How long a call takes with nothing queued, as the algorithm takes it: the minimum (Vegas), the long average
    /// (gradient); nil before the first sample, and for AIMD, which does not ask.
    public var unloadedTime: Duration? {
        switch estimator {
        case .aimd: nil
        case .vegas(let vegas): vegas.minimum
        case .gradient(let gradient): gradient.longAverage
        }
    }

    /// The time of the latest sample that the algorithm saw; nil where ``unloadedTime`` is.
    public var latestTime: Duration? {
        switch estimator {
        case .aimd: nil
        case .vegas(let vegas): vegas.latest
        case .gradient(let gradient): gradient.latest
        }
    }

    /// How many of the calls in flight are taken to wait in a queue, by Little's law from the two times: zero or
    /// more; nil where these are.
    public var queueEstimate: Int? {
        guard let unloadedTime, let latestTime else { return nil }
        return VegasEstimator.queue(estimate, unloaded: unloadedTime, took: latestTime)
    }
}
