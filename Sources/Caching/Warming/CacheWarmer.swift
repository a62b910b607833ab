public import Timeline

/// Loads keys into a cache before they are asked for, not more at once and not faster than its sources can bear.
///
/// It says which load begins when; its owner loads, puts the value in the cache, and tells how it went:
///
/// 1. ``start(_:at:)`` with the keys of a ``WarmingStrategy``, the most wanted first.
/// 2. ``next(at:isHeld:)`` until it says to wait; then again at the time that it names, and after each load that ended.
/// 3. ``settle(_:_:at:)`` for each load.
///
/// - **Sources**: the one with the fewest loads running is next, equals take turns. One that failed is avoided for a
///   while, also if it is the only one.
/// - **Failures**: a load is tried once. Whoever asks for the key loads it anyway, so that insisting gains little; but
///   the report always tells.
/// - **Time**: what is not loaded at the deadline is given up. A load that ends later counts as unfinished, and takes
///   its place among those that run at once until it ends. A clock that steps back stands still.
public struct CacheWarmer<Key: CacheKey>: Sendable {
    /// A load that is to begin now.
    public struct Load: Hashable, Sendable {
        /// What to load.
        public let key: Key
        /// From which source, 0 to one less than there are.
        public let source: Int
        /// How long it is to live; nil for as long as the cache says.
        public let life: Duration?
        let ticket: WarmingLoads.Ticket
    }

    /// What its owner is to do.
    public enum Step: Hashable, Sendable {
        /// Begin a load, and ask again.
        case load(Load)
        /// Ask again at this time, or when a load has ended.
        case wait(until: Instant)
        /// Nothing: the warming is over.
        case done(WarmingReport<Key>)
    }

    /// How a load went.
    public enum Outcome: Hashable, Sendable {
        /// The value is in the cache.
        case loaded
        /// There is no value.
        case failed
    }

    /// The settings in force.
    public let settings: CacheWarmerSettings
    /// The present warming, or the last one; one of nothing before the first.
    public private(set) var report = WarmingReport<Key>(asked: 0, startedAt: .zero)

    private var loads: WarmingLoads
    /// The keys of the present warming.
    private var keys: [Key] = []
    /// How many of them were loaded, skipped, or begun.
    private var taken = 0
    private var warming: UInt64 = 0
    private var deadline = Instant.zero
    private var latest = Instant(nanoseconds: .min)

    /// A warmer that has nothing to do.
    public init(_ settings: CacheWarmerSettings) {
        self.settings = settings
        loads = WarmingLoads(settings)
        report.endedAt = .zero
    }

    /// How many loads run now, those included that were begun for a former warming.
    public var inFlight: Int { loads.count }

    /// How many loads run at a source now; 0 for one that there is not.
    public func inFlight(at source: Int) -> Int { loads.count(at: source) }

    /// When the present warming gives up; nil if none goes on.
    public var givesUpAt: Instant? { report.endedAt == nil ? deadline : nil }

    /// Begins a warming; one that goes on is stopped.
    /// - Parameter keys: what to load, in this order; a key that occurs twice is asked for once.
    public mutating func start(_ keys: [Key], at now: Instant) {
        latest = max(latest, now)
        warming += 1
        var seen: Set<Key> = []
        self.keys = keys.filter { seen.insert($0).inserted }
        taken = 0
        deadline = latest + settings.timeout
        report = WarmingReport(asked: self.keys.count, startedAt: latest)
        endIfSettled()
    }

    /// Ends the present warming, and returns its report; what is being loaded is unfinished.
    @discardableResult
    public mutating func stop(at now: Instant) -> WarmingReport<Key> {
        pass(to: now)
        end(at: latest)
        return report
    }

    /// What to do now.
    /// - Parameter isHeld: whether the cache holds a key already; such keys are skipped.
    public mutating func next(at now: Instant, isHeld: (Key) -> Bool) -> Step {
        pass(to: now)
        guard report.endedAt == nil else { return .done(report) }
        while taken < keys.count, isHeld(keys[taken]) {
            taken += 1
            report.skipped += 1
        }
        endIfSettled()
        guard report.endedAt == nil else { return .done(report) }
        guard taken < keys.count else { return .wait(until: deadline) }
        switch loads.begin(for: warming, at: latest) {
        case .begun(let ticket, let source):
            let key = keys[taken]
            taken += 1
            return .load(Load(key: key, source: source, life: settings.life, ticket: ticket))
        case .full: return .wait(until: deadline)
        case .notBefore(let moment): return .wait(until: min(moment, deadline))
        }
    }

    /// A load has ended; returns whether that counts for the present warming. Once is enough.
    @discardableResult
    public mutating func settle(_ load: Load, _ outcome: Outcome, at now: Instant) -> Bool {
        pass(to: now)
        guard let warming = loads.end(load.ticket, hasFailed: outcome == .failed, at: latest),
            warming == self.warming, report.endedAt == nil
        else { return false }
        switch outcome {
        case .loaded: report.loaded += 1
        case .failed:
            report.failed += 1
            if report.failures.count < settings.failuresKept {
                report.failures.append(WarmingReport.Failure(key: load.key, source: load.source))
            }
        }
        endIfSettled()
        return true
    }

    private mutating func pass(to now: Instant) {
        latest = max(latest, now)
        if latest >= deadline { end(at: deadline) }
    }

    private mutating func endIfSettled() {
        if report.unfinished == 0 { end(at: latest) }
    }

    private mutating func end(at moment: Instant) {
        guard report.endedAt == nil else { return }
        report.endedAt = moment
        keys = []
        taken = 0
    }
}
