/// The few functions of analysis that the samplers need, from additions and multiplications alone.
///
/// The system's versions differ in their last bit between optimisation levels, processors and library
/// versions; these give the same bits everywhere, which is what makes a run's digest comparable.
/// Each is within 2 units in the last place of the exact value unless it says otherwise. Long sums are taken in
/// groups that a processor adds up side by side (Estrin's scheme), since the samplers spend their time here.
public enum ElementaryFunctions {
    /// ln 2, in two parts so that an integer multiple of the first is exact.
    private static let ln2High = 0x1.62e42fee00000p-1
    private static let ln2Low = 0x1.a39ef35793c76p-33
    private static let bitsOfRootOfHalf: UInt64 = 0x3fe6_a09e_667f_3bcd

    /// The natural logarithm; minus infinity for zero, not a number for a negative argument.
    public static func log(_ x: Double) -> Double {
        guard x > 0 else { return x == 0 ? -.infinity : .nan }
        guard x.isFinite else { return x }
        // A number below the normal ones is scaled by 2 to the 54th first.
        let isNormal = x >= .leastNormalMagnitude
        // Counted from √½ on, the upper bits are the doublings and the lower ones a mantissa from √½ to √2.
        let bits = (isNormal ? x : x * 0x1p54).bitPattern &- bitsOfRootOfHalf
        let exponent = Double(Int64(bitPattern: bits) >> 52) - (isNormal ? 0 : 54)
        let mantissa = Double(bitPattern: bits & 0xf_ffff_ffff_ffff &+ bitsOfRootOfHalf)
        // ln m = 2 artanh s, and |s| < 0.172 makes eleven odd terms enough.
        let f = mantissa - 1
        let s = f / (2 + f)
        let z = s * s
        let z2 = z * z
        let z4 = z2 * z2
        let low = (1.0 / 3 + 1.0 / 5 * z) + (1.0 / 7 + 1.0 / 9 * z) * z2
        let middle = (1.0 / 11 + 1.0 / 13 * z) + (1.0 / 15 + 1.0 / 17 * z) * z2
        let tail = low + (middle + (1.0 / 19 + 1.0 / 21 * z) * z4) * z4
        let correction = 2 * s * (tail * z)
        return exponent * ln2High + (2 * s + (correction + exponent * ln2Low))
    }

    /// The exponential function; zero below -745, infinity above 709.78.
    public static func exp(_ x: Double) -> Double {
        guard !x.isNaN else { return x }
        guard x < 709.782712893384 else { return .infinity }
        guard x > -745 else { return 0 }
        let doublings = nearest(x * 1.4426950408889634)
        let r = (x - Double(doublings) * ln2High) - Double(doublings) * ln2Low
        // Taylor's series: |r| < 0.35 makes the fourteenth term smaller than the last bit.
        let r2 = r * r
        let r4 = r2 * r2
        let low = (0.5 + 1.0 / 6 * r) + (1.0 / 24 + 1.0 / 120 * r) * r2
        let middle = (1.0 / 720 + 1.0 / 5_040 * r) + (1.0 / 40_320 + 1.0 / 362_880 * r) * r2
        let high = (1.0 / 3_628_800 + 1.0 / 39_916_800 * r) + (1.0 / 479_001_600 + 1.0 / 6_227_020_800 * r) * r2
        let sum = (low + (middle + high * r4) * r4) * r2 + r + 1
        // In two steps, since 2 to the 1024th or the -1074th is not a normal number.
        let half = doublings / 2
        return sum * powerOfTwo(half) * powerOfTwo(doublings - half)
    }

    /// The cosine of so many full turns, exact at quarter turns; for 0 to 1 turn.
    public static func cosine(turns: Double) -> Double {
        let quarters = turns * 4
        let quadrant = nearest(quarters)
        let angle = (quarters - Double(quadrant)) * 1.5707963267948966
        switch quadrant & 3 {
        case 0: return smallCosine(angle)
        case 1: return -smallSine(angle)
        case 2: return -smallCosine(angle)
        default: return smallSine(angle)
        }
    }

    /// `base` to the power of `exponent` for a positive base; the error grows to |exponent · ln base| units
    /// in the last place.
    public static func power(_ base: Double, _ exponent: Double) -> Double {
        exponent == 0 ? 1 : exp(exponent * log(base))
    }

    /// Taylor's series for |x| up to an eighth of a turn.
    private static func smallCosine(_ x: Double) -> Double {
        let z = x * x
        var sum = 1.0 / 20_922_789_888_000
        sum = sum * z - 1.0 / 87_178_291_200
        sum = sum * z + 1.0 / 479_001_600
        sum = sum * z - 1.0 / 3_628_800
        sum = sum * z + 1.0 / 40_320
        sum = sum * z - 1.0 / 720
        sum = sum * z + 1.0 / 24
        sum = sum * z - 0.5
        return sum * z + 1
    }

    /// Taylor's series for |x| up to an eighth of a turn.
    private static func smallSine(_ x: Double) -> Double {
        let z = x * x
        var sum = 1.0 / 355_687_428_096_000
        sum = sum * z - 1.0 / 1_307_674_368_000
        sum = sum * z + 1.0 / 6_227_020_800
        sum = sum * z - 1.0 / 39_916_800
        sum = sum * z + 1.0 / 362_880
        sum = sum * z - 1.0 / 5_040
        sum = sum * z + 1.0 / 120
        sum = sum * z - 1.0 / 6
        return sum * z * x + x
    }

    /// For exponents of normal numbers, -1022 to 1023.
    private static func powerOfTwo(_ exponent: Int64) -> Double {
        Double(bitPattern: UInt64(bitPattern: exponent &+ 1023) << 52)
    }

    /// The nearest whole number to a small one; on many machines `rounded` is a call of the system.
    private static func nearest(_ x: Double) -> Int64 {
        Int64(x < 0 ? x - 0.5 : x + 0.5)
    }
}
