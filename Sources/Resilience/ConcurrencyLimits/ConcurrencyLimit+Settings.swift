public import Timeline

extension ConcurrencyLimit {
    /// How a concurrency limit is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How the limit is found.
        public let algorithm: Algorithm
        /// The limit at the start.
        public let initial: Int
        /// The lowest limit.
        public let minimum: Int
        /// The highest limit.
        public let maximum: Int
        /// How samples are summed up before the algorithm sees them; nil if it sees each call.
        public let window: Window?

        /// How a limit is found.
        public enum Algorithm: Hashable, Sendable {
            /// Additive increase, multiplicative decrease.
            case aimd(AIMD)
            /// From the queue that times above the minimum tell of.
            case vegas(Vegas)
            /// From the ratio of a long average of times to the present time.
            case gradient(Gradient)
        }

        /// Checks the settings.
        /// - Parameters:
        ///   - algorithm: its own values have the ranges that its type says.
        ///   - initial: `minimum` to `maximum`.
        ///   - minimum: 1 or more: a limit of none would never learn anything again.
        ///   - maximum: `minimum` to 1 000 000 000.
        ///   - window: its own values have the ranges that its type says.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            _ algorithm: Algorithm, initial: Int, minimum: Int, maximum: Int, window: Window? = nil
        ) throws(SettingError) {
            guard minimum >= 1 else { throw SettingError("minimum", given: minimum, allowed: "1 or more") }
            guard maximum >= minimum, maximum <= 1_000_000_000 else {
                throw SettingError("maximum", given: maximum, allowed: "\(minimum) to 1000000000")
            }
            guard (minimum...maximum).contains(initial) else {
                throw SettingError("initial", given: initial, allowed: "\(minimum) to \(maximum)")
            }
            switch algorithm {
            case .aimd(let aimd): try aimd.check()
            case .vegas(let vegas): try vegas.check()
            case .gradient(let gradient): try gradient.check()
            }
            try window?.check()
            self.algorithm = algorithm
            self.initial = initial
            self.minimum = minimum
            self.maximum = maximum
            self.window = window
        }

        /// Additive increase, multiplicative decrease, from each call; the defaults are concurrency-limits'.
        public static func aimd(
            _ aimd: AIMD = AIMD(), initial: Int = 20, minimum: Int = 20, maximum: Int = 200, window: Window? = nil
        ) throws(SettingError) -> Self {
            try Self(.aimd(aimd), initial: initial, minimum: minimum, maximum: maximum, window: window)
        }

        /// Vegas, from each call; the defaults are concurrency-limits'.
        public static func vegas(
            _ vegas: Vegas = Vegas(), initial: Int = 20, minimum: Int = 1, maximum: Int = 1_000, window: Window? = nil
        ) throws(SettingError) -> Self {
            try Self(.vegas(vegas), initial: initial, minimum: minimum, maximum: maximum, window: window)
        }

        /// The gradient of times, from windows of calls; the defaults are concurrency-limits' Gradient2.
        public static func gradient(
            _ gradient: Gradient = Gradient(), initial: Int = 20, minimum: Int = 20, maximum: Int = 200,
            window: Window? = Window()
        ) throws(SettingError) -> Self {
            try Self(.gradient(gradient), initial: initial, minimum: minimum, maximum: maximum, window: window)
        }
    }
}

extension ConcurrencyLimit.Settings.Algorithm {
    func isSameKind(as other: Self) -> Bool {
        switch (self, other) {
        case (.aimd, .aimd), (.vegas, .vegas), (.gradient, .gradient): true
        default: false
        }
    }
}
