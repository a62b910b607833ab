internal import Timeline

extension ConcurrencyLimit {
    /// TCP Vegas for calls: from the shortest time ever seen it reckons how many of the calls in flight are queued,
    /// and steers that number between two marks, `alpha` and `beta`.
    ///
    /// Nothing queued (up to the threshold) adds `beta`; less than `alpha` adds the increase; more than `beta`, or a
    /// dropped call, takes the decrease away; anything between leaves the limit alone. With less than half of the
    /// limit in use nothing is added. The shortest time is measured anew now and then, in case it has grown.
    public struct Vegas: Hashable, Sendable {
        /// Fewer queued than this: the limit rises.
        public let alpha: Amount
        /// More queued than this: the limit falls.
        public let beta: Amount
        /// No more queued than this: the limit rises by `beta`.
        public let threshold: Amount
        /// What a limit rises by.
        public let increase: Amount
        /// What a limit falls by.
        public let decrease: Amount
        /// How much of a new limit counts at once: more than 0, at most 1.
        public let smoothing: Double
        /// The shortest time is measured anew after half to once this many calls for each of the limit; 1 or more.
        public let probeMultiplier: Int

        /// The defaults are concurrency-limits'.
        public init(
            alpha: Amount = .logarithm(times: 3), beta: Amount = .logarithm(times: 6),
            threshold: Amount = .logarithm(times: 1), increase: Amount = .logarithm(times: 1),
            decrease: Amount = .logarithm(times: 1), smoothing: Double = 1, probeMultiplier: Int = 30
        ) {
            self.alpha = alpha
            self.beta = beta
            self.threshold = threshold
            self.increase = increase
            self.decrease = decrease
            self.smoothing = smoothing
            self.probeMultiplier = probeMultiplier
        }

        /// A number of calls that may depend on the limit.
        public enum Amount: Hashable, Sendable {
            /// So many, 0 to 1 000 000.
            case constant(Int)
            /// The whole part of the limit's decimal logarithm, at least 1, so many times, 0 to 1 000 000.
            case logarithm(times: Int)
            /// A share of the limit, 0 or more and below 1.
            case share(Double)

            func callAsFunction(_ limit: Double) -> Double {
                switch self {
                case .constant(let count): Double(count)
                case .logarithm(let times): Double(times * Self.wholeLogarithm(Int(limit)))
                case .share(let share): limit * share
                }
            }

            /// Counted in digits, since a logarithm of 1 000 may come out a trifle below 3.
            private static func wholeLogarithm(_ limit: Int) -> Int {
                var (digits, rest) = (0, limit / 10)
                while rest > 0 {
                    digits += 1
                    rest /= 10
                }
                return max(1, digits)
            }

            func check(_ setting: String) throws(SettingError) {
                switch self {
                case .constant(let count), .logarithm(let count):
                    guard (0...1_000_000).contains(count) else {
                        throw SettingError(setting, given: count, allowed: "0 to 1000000")
                    }
                case .share(let share):
                    guard share >= 0, share < 1 else {
                        throw SettingError(setting, given: share, allowed: "a share of 0 or more and less than 1")
                    }
                }
            }
        }

        func check() throws(SettingError) {
            try alpha.check("alpha")
            try beta.check("beta")
            try threshold.check("threshold")
            try increase.check("increase")
            try decrease.check("decrease")
            try ConcurrencyLimit.checkSmoothing(smoothing)
            guard probeMultiplier >= 1 else {
                throw SettingError("probeMultiplier", given: probeMultiplier, allowed: "1 or more")
            }
        }
    }

    static func checkSmoothing(_ smoothing: Double) throws(SettingError) {
        guard smoothing > 0, smoothing <= 1 else {
            throw SettingError("smoothing", given: smoothing, allowed: "a share of more than 0 and at most 1")
        }
    }
}
