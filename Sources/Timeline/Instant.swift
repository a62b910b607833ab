/// A moment on a clock of whole nanoseconds, counted from that clock's zero.
///
/// The simulator's clock starts at zero with each run; a service that uses the patterns passes the
/// readings of a monotonic clock. Arithmetic saturates.
public struct Instant: Hashable, Sendable {
    /// Nanoseconds since the clock's zero.
    public var nanoseconds: Int64

    /// The moment so many nanoseconds after the clock's zero.
    @inlinable
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The clock's zero.
    @inlinable
    public static var zero: Instant { Instant(nanoseconds: 0) }

    /// A moment that no run reaches.
    @inlinable
    public static var distantFuture: Instant { Instant(nanoseconds: .max) }

    /// The moment so long after the clock's zero.
    @inlinable
    public static func after(_ elapsed: Duration) -> Instant {
        Instant(nanoseconds: elapsed.nanoseconds)
    }

    /// How long after the clock's zero this moment is.
    @inlinable
    public var sinceZero: Duration { Duration(nanoseconds: nanoseconds) }

    /// The moment so much later, saturating.
    @inlinable
    public static func + (moment: Instant, length: Duration) -> Instant {
        Instant(nanoseconds: (moment.sinceZero + length).nanoseconds)
    }

    /// The moment so much earlier, saturating.
    @inlinable
    public static func - (moment: Instant, length: Duration) -> Instant {
        Instant(nanoseconds: (moment.sinceZero - length).nanoseconds)
    }

    /// The time from the right moment to the left one, saturating.
    @inlinable
    public static func - (later: Instant, earlier: Instant) -> Duration {
        later.sinceZero - earlier.sinceZero
    }
}

extension Instant: Comparable {
    /// Whether the left moment is the earlier.
    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
