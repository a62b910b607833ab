/// A stream of random numbers that belongs to one component and one purpose.
///
/// Its sequence depends on the run's seed, the component's name and the purpose alone, never on how many
/// other streams exist or when it was made; so adding a component, or a retry that draws a delay, leaves
/// every other stream as it was. The generator is SplitMix with an increment of its own for each stream
/// (Steele, Lea, Flood: *Fast Splittable Pseudorandom Number Generators*, OOPSLA 2014).
///
/// It is not a `RandomNumberGenerator`: the standard library may change how it turns such numbers into
/// ranges and shuffles, and a run must not change with the compiler.
public struct RandomStream: Hashable, Sendable {
    private var state: UInt64
    private let increment: UInt64

    /// The stream of a component for a purpose, such as `payment` and `latency`.
    public init(seed: UInt64, name: String, purpose: String) {
        var digest = Digest()
        digest.mix(seed)
        digest.mix(text: name)
        digest.mix(text: purpose)
        state = Self.scramble(digest.value)
        let candidate = Self.scramble(digest.value &+ 0x9e37_79b9_7f4a_7c15) | 1
        // An increment with long runs of equal bits gives a weak sequence (section 5 of the paper).
        increment = (candidate ^ (candidate >> 1)).nonzeroBitCount < 24 ? candidate ^ 0xaaaa_aaaa_aaaa_aaaa : candidate
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= increment
        return Self.scramble(state)
    }

    /// A number in [0, 1), a multiple of 2⁻⁵³.
    public mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A number in (0, 1]: its logarithm is finite.
    public mutating func positiveUniform() -> Double {
        Double((next() >> 11) + 1) * 0x1p-53
    }

    /// A whole number below `bound`, every one equally likely; zero for a bound of zero.
    public mutating func below(_ bound: UInt64) -> UInt64 {
        guard bound > 1 else { return 0 }
        // Lemire's multiplication with rejection of the uneven rest.
        var (high, low) = bound.multipliedFullWidth(by: next())
        if low < bound {
            let uneven = (0 &- bound) % bound
            while low < uneven {
                (high, low) = bound.multipliedFullWidth(by: next())
            }
        }
        return high
    }

    /// True with this probability; never for 0 or less, always for 1 or more, and then without a draw.
    public mutating func chance(_ probability: Double) -> Bool {
        if probability <= 0 { return false }
        if probability >= 1 { return true }
        return uniform() < probability
    }

    /// A number from the standard normal distribution (Box and Muller, 1958; the cosine half).
    public mutating func normal() -> Double {
        let radius = (-2 * ElementaryFunctions.log(positiveUniform())).squareRoot()
        return radius * ElementaryFunctions.cosine(turns: uniform())
    }

    /// A hash of a number: the finaliser of MurmurHash3 with Stafford's constants (variant 13). That of 0 is 0.
    public static func scramble(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
