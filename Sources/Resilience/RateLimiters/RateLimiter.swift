public import Timeline

/// A rate limiter whose kind is chosen at run time, for settings that come from a file.
///
/// Each kind behaves as its own type does and says; who knows the kind beforehand uses that type.
public struct RateLimiter: Hashable, Sendable {
    /// The settings at work.
    public internal(set) var settings: Settings
    var kind: Kind
    /// Empty and unused unless that is the kind. It is no payload, since with an array among them all payloads
    /// would cost several times as much to move out and back.
    var log: SlidingLogLimiter

    enum Kind: Hashable, Sendable {
        case tokenBucket(TokenBucket)
        case smooth(SmoothLimiter)
        case fixedWindow(FixedWindowLimiter)
        case slidingLog
        case slidingCounter(SlidingCounterLimiter)
    }

    /// A limiter that has granted nothing.
    public init(_ settings: Settings) {
        self.settings = settings
        let rate = settings.rate
        log = SlidingLogLimiter(checked: rate)
        switch settings.algorithm {
        case .tokenBucket: kind = .tokenBucket(TokenBucket(.init(rate: rate, checkedBurst: settings.burst)))
        case .smooth: kind = .smooth(SmoothLimiter(rate))
        case .fixedWindow: kind = .fixedWindow(FixedWindowLimiter(rate))
        case .slidingLog: kind = .slidingLog
        case .slidingCounter: kind = .slidingCounter(SlidingCounterLimiter(rate))
        }
    }

    /// Counts since the start.
    public var totals: RateLimiterTotals {
        switch kind {
        case .tokenBucket(let limiter): limiter.totals
        case .smooth(let limiter): limiter.totals
        case .fixedWindow(let limiter): limiter.totals
        case .slidingLog: log.totals
        case .slidingCounter(let limiter): limiter.totals
        }
    }

    /// Permits that could be had at once; below zero by as many as are promised for later.
    public func available(at now: Instant) -> Int {
        switch kind {
        case .tokenBucket(let limiter): limiter.available(at: now)
        case .smooth(let limiter): limiter.available(at: now)
        case .fixedWindow(let limiter): limiter.available(at: now)
        case .slidingLog: log.available(at: now)
        case .slidingCounter(let limiter): limiter.available(at: now)
        }
    }

    /// Permits promised for later than now.
    public func reserved(at now: Instant) -> Int {
        switch kind {
        case .tokenBucket(let limiter): limiter.reserved(at: now)
        case .smooth(let limiter): limiter.reserved(at: now)
        case .fixedWindow(let limiter): limiter.reserved(at: now)
        case .slidingLog: log.reserved(at: now)
        case .slidingCounter(let limiter): limiter.reserved(at: now)
        }
    }

    /// How long until so many permits could be had at once, if nobody else asks; nil for never.
    public func wait(for permits: Int = 1, at now: Instant) -> Duration? {
        switch kind {
        case .tokenBucket(let limiter): limiter.wait(for: permits, at: now)
        case .smooth(let limiter): limiter.wait(for: permits, at: now)
        case .fixedWindow(let limiter): limiter.wait(for: permits, at: now)
        case .slidingLog: log.wait(for: permits, at: now)
        case .slidingCounter(let limiter): limiter.wait(for: permits, at: now)
        }
    }
}
