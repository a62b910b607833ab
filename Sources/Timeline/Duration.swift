/// A length of time in whole nanoseconds; about 292 years either way.
///
/// All arithmetic saturates: a delay that grows without bound becomes ``maximum`` and never traps.
public struct Duration: Hashable, Sendable {
    /// The length in nanoseconds.
    public var nanoseconds: Int64

    /// A length of so many nanoseconds.
    @inlinable
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// No time at all.
    @inlinable
    public static var zero: Duration { Duration(nanoseconds: 0) }

    /// The longest length there is; saturated results end here.
    @inlinable
    public static var maximum: Duration { Duration(nanoseconds: .max) }

    /// So many nanoseconds.
    @inlinable
    public static func nanoseconds(_ count: Int64) -> Duration {
        Duration(nanoseconds: count)
    }

    /// So many microseconds.
    @inlinable
    public static func microseconds(_ count: Int64) -> Duration {
        Duration(nanoseconds: 1_000) * count
    }

    /// So many milliseconds.
    @inlinable
    public static func milliseconds(_ count: Int64) -> Duration {
        Duration(nanoseconds: 1_000_000) * count
    }

    /// So many seconds.
    @inlinable
    public static func seconds(_ count: Int64) -> Duration {
        Duration(nanoseconds: 1_000_000_000) * count
    }

    /// So many minutes.
    @inlinable
    public static func minutes(_ count: Int64) -> Duration {
        Duration(nanoseconds: 60_000_000_000) * count
    }

    /// The nearest whole number of nanoseconds to so many seconds; not a number counts as zero.
    @inlinable
    public init(seconds: Double) {
        self.init(roundingNanoseconds: seconds * 1e9)
    }

    /// The nearest whole number of nanoseconds, saturating; not a number counts as zero.
    @inlinable
    @inline(__always)
    public init(roundingNanoseconds value: Double) {
        // By hand, since on many machines `rounded` is a call of the system. What is added is the number just below a
        // half, of the same sign: it takes halves away from zero and leaves what is less than a half.
        let moved = value + Double(signOf: value, magnitudeOf: 0x1.fffffffffffffp-2)
        // What is not a number fails both; the lower bound is the one that `Int64` itself checks.
        guard moved < 0x1p63, moved > -0x1.0000000000001p63 else {
            self.nanoseconds = value > 0 ? .max : value < 0 ? .min : 0
            return
        }
        self.nanoseconds = Int64(moved)
    }

    /// The length in seconds.
    @inlinable
    public var seconds: Double { Double(nanoseconds) / 1e9 }

    /// The length in milliseconds.
    @inlinable
    public var milliseconds: Double { Double(nanoseconds) / 1e6 }
}

extension Duration: Comparable {
    /// Whether the left length is the shorter.
    @inlinable
    public static func < (left: Duration, right: Duration) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension Duration {
    /// The sum, saturating.
    @inlinable
    public static func + (left: Duration, right: Duration) -> Duration {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        return Duration(nanoseconds: overflow ? (right.nanoseconds < 0 ? .min : .max) : sum)
    }

    /// The difference, saturating.
    @inlinable
    public static func - (left: Duration, right: Duration) -> Duration {
        let (difference, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        return Duration(nanoseconds: overflow ? (right.nanoseconds < 0 ? .max : .min) : difference)
    }

    /// The product, saturating.
    @inlinable
    public static func * (length: Duration, factor: Int64) -> Duration {
        let (product, overflow) = length.nanoseconds.multipliedReportingOverflow(by: factor)
        return Duration(nanoseconds: overflow ? ((length.nanoseconds < 0) == (factor < 0) ? .max : .min) : product)
    }

    /// The product rounded to a nanosecond, saturating.
    @inlinable
    @inline(__always)
    public static func * (length: Duration, factor: Double) -> Duration {
        Duration(roundingNanoseconds: Double(length.nanoseconds) * factor)
    }

    /// How many times one length holds the other; infinite for a zero divisor.
    @inlinable
    public static func / (left: Duration, right: Duration) -> Double {
        Double(left.nanoseconds) / Double(right.nanoseconds)
    }
}
