public import Timeline

/// So many permits per length of time, in whole numbers: one third of a permit per nanosecond is exact.
public struct Rate: Hashable, Sendable {
    /// Permits per ``per``.
    public let limit: Int
    /// The length of time that the limit is for.
    public let per: Duration

    /// The largest limit, and the most permits that one request may ask for.
    public static let largestLimit = 1_000_000_000

    /// Checks the rate.
    /// - Parameters:
    ///   - limit: 1 to 1 000 000 000 permits, and no more than one permit per nanosecond.
    ///   - per: more than zero.
    /// - Throws: a ``SettingError`` that names the first value out of its range.
    public init(limit: Int, per: Duration) throws(SettingError) {
        guard per > .zero else { throw SettingError("per", given: per, allowed: "more than 0s") }
        let most = min(Int64(Self.largestLimit), per.nanoseconds)
        guard limit >= 1, limit <= most else {
            throw SettingError("limit", given: limit, allowed: "1 to \(most) per \(per)")
        }
        self.limit = limit
        self.per = per
    }

    /// The nearest rate of nine decimals or nine digits, whichever are fewer, in its lowest terms: 2.5 a second
    /// is 5 permits per 2 s.
    ///
    /// For limiters to which only the ratio matters (token bucket and smooth); a window is of a definite length.
    /// - Parameter perSecond: 0.000 000 001 to 1 000 000 000.
    /// - Throws: a ``SettingError`` if it is not in that range.
    public init(perSecond: Double) throws(SettingError) {
        guard perSecond >= 1e-9, perSecond <= 1e9 else {
            throw SettingError("perSecond", given: perSecond, allowed: "0.000000001 to 1000000000")
        }
        var seconds: Int64 = 1_000_000_000
        while perSecond * Double(seconds) > 1e9 { seconds /= 10 }
        let permits = max(1, Int64(perSecond * Double(seconds) + 0.5))
        let common = Self.greatestCommonDivisor(permits, seconds)
        try self.init(limit: Int(permits / common), per: .seconds(seconds / common))
    }

    /// Permits per second, rounded.
    public var perSecond: Double { Double(limit) / per.seconds }

    private static func greatestCommonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
        var (a, b) = (a, b)
        while b > 0 { (a, b) = (b, a % b) }
        return a
    }
}
