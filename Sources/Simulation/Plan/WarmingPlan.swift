public import Caching
public import Timeline

/// What a cache loads before it is asked for.
public struct WarmingPlan: Hashable, Sendable {
    /// Which keys, and when.
    public var choice: Choice
    /// How fast, and for how long.
    public var settings: CacheWarmerSettings
    /// What time of day it is.
    public var clock: DayClock

    /// Which keys, and when.
    public enum Choice: Hashable, Sendable {
        /// The keys that were used most within an hour, so many at most.
        case popular(Int, Occasion)
        /// The keys from 1 to this one, of every operation that reads.
        case first(Int, Occasion)
        /// Whenever a key is used, and nothing else is being loaded: what usually follows it, so many at most and with
        /// more than this confidence, 0 to 1.
        case next(Int, confidence: Double)
        /// A quarter of an hour before each hour of the day: what is usually used in that hour, so many at most and
        /// likelier than this, 0 to 1.
        case comingHour(Int, likelihood: Double)
    }

    /// When so many keys are warmed.
    public enum Occasion: Hashable, Sendable {
        /// When a replica comes up, at the beginning or after a crash: its own levels.
        case restart
        /// Again and again, at all replicas.
        case every(Duration)
    }

    /// Keys to be warmed as the library does it by default, in days of 24 hours.
    public init(_ choice: Choice, settings: CacheWarmerSettings) {
        self.choice = choice
        self.settings = settings
        clock = .ordinary
    }

    /// When all replicas are warmed next; nil for whenever something happens.
    func nextDue(after now: Instant) -> Instant? {
        switch choice {
        case .popular(_, .every(let length)), .first(_, .every(let length)): return now + length
        case .popular(_, .restart), .first(_, .restart), .next: return nil
        case .comingHour:
            let hour = clock.hour.nanoseconds
            let sinceQuarterTo = (clock.timeOfDay(at: now).nanoseconds + hour / 4) % hour
            return now + .nanoseconds(hour - sinceQuarterTo)
        }
    }
}
