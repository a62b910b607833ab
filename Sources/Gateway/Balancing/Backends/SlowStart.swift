public import Timeline

/// How a backend that has just come, or is well again, gets its share of the requests little by little.
///
/// So long after its start its weight is `weight * max(minimum, (elapsed / window) ^ (1 / aggression))`, as in Envoy's
/// `applySlowStartFactor`: with aggression 1 it grows in a straight line, with more it grows faster at first. It is
/// taken anew 64 times in a window. Whoever is there from the beginning starts at once.
public struct SlowStart: Hashable, Sendable {
    /// How long until a backend has its whole weight.
    public let window: Duration
    /// The shape of the growth.
    public let aggression: Double
    /// The least share of the weight.
    public let minimum: Double

    /// Checks the settings.
    /// - Parameters:
    ///   - window: more than 0 s.
    ///   - aggression: more than 0, at most 100; 1 by default.
    ///   - minimum: a share from 0 to 1; a tenth by default, as in Envoy.
    /// - Throws: a ``SettingError`` that names the first value out of its range.
    public init(window: Duration, aggression: Double = 1, minimum: Double = 0.1) throws(SettingError) {
        guard window > .zero else { throw SettingError("window", given: window, allowed: "more than 0s") }
        guard aggression > 0, aggression <= 100 else {
            throw SettingError("aggression", given: aggression, allowed: "more than 0, at most 100")
        }
        guard minimum >= 0, minimum <= 1 else {
            throw SettingError("minimum", given: minimum, allowed: "a share from 0 to 1")
        }
        self.window = window
        self.aggression = aggression
        self.minimum = minimum
    }

    /// The share of its weight that a backend has so long after its start, from 0 to 1.
    public func share(after elapsed: Duration) -> Double {
        guard elapsed < window else { return 1 }
        let part = max(0, elapsed / window)
        let grown =
            aggression == 1 || part == 0 ? part : ElementaryFunctions.exp(ElementaryFunctions.log(part) / aggression)
        return min(1, max(minimum, grown))
    }

    /// How often the share is taken anew.
    var step: Duration { Duration(nanoseconds: max(1, window.nanoseconds / 64)) }

    /// How many units a weight of 1 is divided into, so that a small weight can grow too.
    static let unitsOfWeight = 128
}
