public import Resilience
public import Timeline

extension Balancer {
    /// How a backend is chosen.
    public enum Algorithm: Hashable, Sendable {
        /// ``RoundRobin``: weights do not count, but for 0.
        case roundRobin
        /// ``SmoothRoundRobin``; with 0 failures, these do not touch the weights.
        case smoothRoundRobin(maxFails: Int)
        /// ``LeastConnections``.
        case leastConnections
        /// ``PowerOfTwoChoices``.
        case powerOfTwoChoices
        /// ``PeakEWMA``.
        case peakEWMA(decay: Duration)
        /// ``ConsistentHash``; with a bound in percent, or none. Slow start lets only the bound grow, and zones do not
        /// count: the key decides.
        case consistentHash(ConsistentHash.Method, boundPercent: Int? = nil)

        /// Whether it looks at the hash of a request's key.
        public var usesKey: Bool {
            if case .consistentHash = self { return true }
            return false
        }
    }

    /// How a balancer works; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How a backend is chosen.
        public let algorithm: Algorithm
        /// When all backends are used for want of healthy ones.
        public let panic: PanicMode
        /// How backends begin; nil for at once.
        public let slowStart: SlowStart?
        /// How requests keep to their zone; nil for not at all.
        public let zones: ZoneAwareness?

        /// Checks the settings.
        /// - Parameters:
        ///   - algorithm: `maxFails` 0 to 1 000 000; `decay` more than 0 s; points of a ring for a weight 1 to 10 000; a
        ///     ring's least and most points 1 to 8 388 608, in order; a table's size a prime number up to 5 000 011; a
        ///     bound 101 to 10 000 %.
        ///   - panic: below half by default, as in Envoy; a threshold of 0 for never.
        /// - Throws: a ``SettingError`` that names the first value out of its range.
        public init(
            _ algorithm: Algorithm, panic: PanicMode? = nil, slowStart: SlowStart? = nil, zones: ZoneAwareness? = nil
        ) throws(SettingError) {
            try Self.check(algorithm)
            self.algorithm = algorithm
            self.panic = if let panic { panic } else { try PanicMode() }
            self.slowStart = slowStart
            self.zones = zones
        }

        private static func check(_ algorithm: Algorithm) throws(SettingError) {
            switch algorithm {
            case .roundRobin, .leastConnections, .powerOfTwoChoices: break
            case .smoothRoundRobin(let maxFails): try check("maxFails", maxFails, in: 0...1_000_000)
            case .peakEWMA(let decay):
                guard decay > .zero else { throw SettingError("decay", given: decay, allowed: "more than 0s") }
            case .consistentHash(let method, let bound):
                try check(method)
                if let bound { try check("boundPercent", bound, in: BoundedLoad.percentRange) }
            }
        }

        private static func check(_ method: ConsistentHash.Method) throws(SettingError) {
            switch method {
            case .ring(.ketama): break
            case .ring(.xxhash(.pointsPerWeight(let count))): try check("pointsPerWeight", count, in: 1...10_000)
            case .ring(.xxhash(.between(let minimum, let maximum))):
                try check("maximum", maximum, in: 1...HashRing.mostPoints)
                try check("minimum", minimum, in: 1...maximum)
            case .maglev(let size):
                guard (2...Maglev.largestSize).contains(size), Maglev.isPrime(size) else {
                    throw SettingError("size", given: size, allowed: "a prime number from 2 to \(Maglev.largestSize)")
                }
            }
        }

        private static func check(_ setting: String, _ value: Int, in range: ClosedRange<Int>) throws(SettingError) {
            guard range.contains(value) else {
                throw SettingError(setting, given: value, allowed: "\(range.lowerBound) to \(range.upperBound)")
            }
        }
    }
}
