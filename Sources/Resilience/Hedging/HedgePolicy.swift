public import Timeline

/// When a second attempt of the same call is made while the first still runs, and what its results mean.
///
/// Source: Dean and Barroso, *The Tail at Scale*, 2013; the kinds of delay are those of Polly, failsafe-go and
/// resilience4j.
public struct HedgePolicy: Hashable, Sendable {
    /// How long to wait for a result before the next attempt.
    public let delay: Delay
    /// How many attempts a call may have besides its first.
    public let maxHedges: Int
    /// The failures that end a call at once and call its other attempts off, as every success does. The others only
    /// bring the next attempt forward.
    public let settling: FailureKinds

    /// The most attempts that any policy allows besides the first.
    public static let mostHedges = 10

    /// How long to wait for a result before the next attempt.
    public enum Delay: Hashable, Sendable {
        /// That long, zero or more; zero makes all attempts at once.
        case fixed(Duration)
        /// What was observed of the call's usual time, such as its 95th percentile or its mean, times a factor and
        /// with some time on top. As long as nothing is known there are no hedges at all.
        case observed(factor: Double = 1, plus: Duration = .zero)
        /// Until the attempt before has failed: never two at the same time (Polly's negative delay).
        case afterFailure
        /// For ever: there are no hedges (failsafe-go's negative delay).
        case never
    }

    /// Checks the settings.
    /// - Parameters:
    ///   - delay: a fixed delay or time on top of zero or more, a factor of zero or more.
    ///   - maxHedges: 1 to 10.
    ///   - settling: by default ``FailureKinds/final``, which another attempt cannot help (Polly); with
    ///     ``FailureKinds/all`` the first result counts, whatever it is (resilience4j, failsafe-go).
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(delay: Delay, maxHedges: Int = 1, settling: FailureKinds = .final) throws(SettingError) {
        switch delay {
        case .fixed(let length):
            guard length >= .zero else { throw SettingError("delay.fixed", given: length, allowed: "0s or more") }
        case .observed(let factor, let plus):
            // Also refuses what is not a number.
            guard factor >= 0, factor.isFinite else {
                throw SettingError("delay.factor", given: factor, allowed: "0 or more, finite")
            }
            guard plus >= .zero else { throw SettingError("delay.plus", given: plus, allowed: "0s or more") }
        case .afterFailure, .never:
            break
        }
        guard (1...Self.mostHedges).contains(maxHedges) else {
            throw SettingError("maxHedges", given: maxHedges, allowed: "1 to \(Self.mostHedges)")
        }
        self.delay = delay
        self.maxHedges = maxHedges
        self.settling = settling
    }

    /// How long to wait before the next attempt; nil if no length of time leads to one.
    /// - Parameter observed: what is known of the call's usual time, nil while there are too few samples (failsafe-go
    ///   asks for 20). Feed the quantile or ``RecentAverage`` behind it with the times of first attempts that
    ///   succeeded: hedges are fast because they begin late, and would pull the delay down.
    public func delay(observed: Duration?) -> Duration? {
        switch delay {
        case .fixed(let length): length
        case .observed(let factor, let plus): observed.map { max(.zero, $0 * factor) + plus }
        case .afterFailure, .never: nil
        }
    }

    /// Whether the failure of an attempt leads to the next at once.
    func followsFailure(observed: Duration?) -> Bool {
        switch delay {
        case .fixed, .afterFailure: true
        case .observed: observed != nil
        case .never: false
        }
    }
}
