/// Zipf's law over the ranks 1 to n: rank k comes up in proportion to k^−s.
///
/// Draws by rejection inversion in constant time and without tables (Hörmann and Derflinger, *Rejection-inversion
/// to generate variates from monotone discrete distributions*, ACM TOMACS 6(3), 1996). Exact for every n and s.
public struct Zipf: Hashable, Sendable {
    /// The number of ranks, at least 1.
    public let ranks: UInt32
    /// The exponent s, from 0 (all ranks alike) up.
    public let exponent: Double

    private let integralAtStart: Double
    private let integralAtEnd: Double
    private let certain: Double

    /// The law over `ranks` ranks; fewer than 1 counts as 1, an exponent below 0 as 0.
    public init(ranks: UInt32, exponent: Double) {
        self.ranks = max(1, ranks)
        self.exponent = max(0, exponent)
        integralAtStart = Self.integral(1.5, self.exponent) - 1
        integralAtEnd = Self.integral(Double(self.ranks) + 0.5, self.exponent)
        let start = Self.integral(2.5, self.exponent) - Self.density(2, self.exponent)
        certain = 2 - Self.inverseIntegral(start, self.exponent)
    }

    /// Draws a rank from 1 to ``ranks``.
    public func sample(using random: inout RandomStream) -> UInt32 {
        while true {
            let area = integralAtEnd + random.uniform() * (integralAtStart - integralAtEnd)
            let x = Self.inverseIntegral(area, exponent)
            let rank = min(max(Double(Int64(x + 0.5)), 1), Double(ranks))
            if rank - x <= certain || area >= Self.integral(rank + 0.5, exponent) - Self.density(rank, exponent) {
                return UInt32(rank)
            }
        }
    }

    /// The hat function h(x) = x^−s.
    private static func density(_ x: Double, _ s: Double) -> Double {
        ElementaryFunctions.exp(-s * ElementaryFunctions.log(x))
    }

    /// An antiderivative of h, written so that s = 1 is no special case: ln x · (e^y − 1)/y, y = (1 − s) ln x.
    private static func integral(_ x: Double, _ s: Double) -> Double {
        let logarithm = ElementaryFunctions.log(x)
        let y = (1 - s) * logarithm
        let ratio = abs(y) > 1e-6 ? (ElementaryFunctions.exp(y) - 1) / y : 1 + y / 2 * (1 + y / 3)
        return logarithm * ratio
    }

    /// The inverse of ``integral(_:_:)``: e^(a · ln(1 + y)/y), y = (1 − s) a.
    private static func inverseIntegral(_ area: Double, _ s: Double) -> Double {
        let y = max(-1, (1 - s) * area)
        let ratio = abs(y) > 1e-6 ? ElementaryFunctions.log(1 + y) / y : 1 - y / 2 * (1 - y * 2 / 3)
        return ElementaryFunctions.exp(area * ratio)
    }
}
