public import Timeline

/// A rate limiter whose kind is chosen at run time, for settings that come from a file.
///
/// Each kind behaves as its own type does and says; who knows the kind beforehand uses that type.
public struct RateLimiter: Hashable, Sendable {
    /// The settings at work.
    public internal(set) var settings: Settings
    var kind: Kind

    enum Kind: Hashable, Sendable {
        case tokenBucket(TokenBucket)
        case smooth(SmoothLimiter)
        case fixedWindow(FixedWindowLimiter)
        case slidingLog(SlidingLogLimiter)
        case slidingCounter(SlidingCounterLimiter)
        /// Only within a change: were the log still held here meanwhile, the change would copy it.
        case moved
    }

    /// A limiter that has granted nothing.
    public init(_ settings: Settings) {
        self.settings = settings
        let rate = settings.rate
        switch settings.algorithm {
        case .tokenBucket: kind = .tokenBucket(TokenBucket(.init(rate: rate, checkedBurst: settings.burst)))
        case .smooth: kind = .smooth(SmoothLimiter(rate))
        case .fixedWindow: kind = .fixedWindow(FixedWindowLimiter(rate))
        case .slidingLog: kind = .slidingLog(SlidingLogLimiter(checked: rate))
        case .slidingCounter: kind = .slidingCounter(SlidingCounterLimiter(rate))
        }
    }

    /// Counts since the start.
    public var totals: RateLimiterTotals {
        switch kind {
        case .tokenBucket(let limiter): limiter.totals
        case .smooth(let limiter): limiter.totals
        case .fixedWindow(let limiter): limiter.totals
        case .slidingLog(let limiter): limiter.totals
        case .slidingCounter(let limiter): limiter.totals
        case .moved: RateLimiterTotals()
        }
    }

    /// Permits that could be had at once; below zero by as many as are promised for later.
    public func available(at now: Instant) -> Int {
        switch kind {
        case .tokenBucket(let limiter): limiter.available(at: now)
        case .smooth(let limiter): limiter.available(at: now)
        case .fixedWindow(let limiter): limiter.available(at: now)
        case .slidingLog(let limiter): limiter.available(at: now)
        case .slidingCounter(let limiter): limiter.available(at: now)
        case .moved: 0
        }
    }

    /// Permits promised for later than now.
    public func reserved(at now: Instant) -> Int {
        switch kind {
        case .tokenBucket(let limiter): limiter.reserved(at: now)
        case .smooth(let limiter): limiter.reserved(at: now)
        case .fixedWindow(let limiter): limiter.reserved(at: now)
        case .slidingLog(let limiter): limiter.reserved(at: now)
        case .slidingCounter(let limiter): limiter.reserved(at: now)
        case .moved: 0
        }
    }

    /// How long until so many permits could be had at once, if nobody else asks; nil for never.
    public func wait(for permits: Int = 1, at now: Instant) -> Duration? {
        switch kind {
        case .tokenBucket(let limiter): limiter.wait(for: permits, at: now)
        case .smooth(let limiter): limiter.wait(for: permits, at: now)
        case .fixedWindow(let limiter): limiter.wait(for: permits, at: now)
        case .slidingLog(let limiter): limiter.wait(for: permits, at: now)
        case .slidingCounter(let limiter): limiter.wait(for: permits, at: now)
        case .moved: nil
        }
    }
}
