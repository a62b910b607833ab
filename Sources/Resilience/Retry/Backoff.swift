public import Timeline

/// How the wait between attempts grows, before jitter.
///
/// The wait after each of the first attempts, in ms:
///
/// | backoff                                           | 1   | 2   | 3   | 4   | 5   | 6    | 7    |
/// |---------------------------------------------------|-----|-----|-----|-----|-----|------|------|
/// | `.constant(100ms)`                                | 100 | 100 | 100 | 100 | 100 | 100  | 100  |
/// | `.linear(initial: 100ms, cap: 500ms)`             | 100 | 200 | 300 | 400 | 500 | 500  | 500  |
/// | `.exponential(initial: 50ms, factor: 2, cap: 2s)` | 50  | 100 | 200 | 400 | 800 | 1600 | 2000 |
public enum Backoff: Hashable, Sendable {
    /// Always the same wait.
    case constant(Duration)
    /// n times the initial wait after the n-th attempt, at most the cap.
    case linear(initial: Duration, cap: Duration)
    /// Each wait is the one before times the factor, at most the cap.
    case exponential(initial: Duration, factor: Double = 2, cap: Duration)

    /// The wait after the first attempt, if it is not above the cap.
    public var initial: Duration {
        switch self {
        case .constant(let length): length
        case .linear(let initial, _), .exponential(let initial, _, _): initial
        }
    }

    /// No wait is longer than this.
    public var cap: Duration {
        switch self {
        case .constant(let length): length
        case .linear(_, let cap), .exponential(_, _, let cap): cap
        }
    }

    /// The wait after the n-th attempt, counted from 1; never negative, never above the cap.
    @inline(__always)
    public func delay(afterAttempt attempt: Int) -> Duration {
        min(uncapped(afterAttempt: attempt), max(.zero, cap))
    }

    /// The same if there were no cap.
    @inline(__always)
    func uncapped(afterAttempt attempt: Int) -> Duration {
        let n = max(1, attempt)
        let length: Duration =
            switch self {
            case .constant(let length): length
            case .linear(let initial, _): initial * Int64(n)
            case .exponential(let initial, let factor, _): initial * Self.power(factor, n - 1)
            }
        return max(.zero, length)
    }

    /// A whole power by squaring: exact for powers of two, infinite rather than overflowing.
    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
