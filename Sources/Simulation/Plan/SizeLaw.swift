import Timeline

/// A law for how large the values of keys are: each key's value always is of the same size.
public struct SizeLaw: Hashable, Sendable {
    /// Drawn as lengths of time are, one byte to the nanosecond.
    private let law: Distribution

    /// Always so many bytes.
    public static func constant(_ bytes: Int) -> SizeLaw { SizeLaw(law: .constant(length(bytes))) }

    /// Every size alike.
    public static func uniform(_ bytes: ClosedRange<Int>) -> SizeLaw {
        SizeLaw(law: .uniform(least: length(bytes.lowerBound), most: length(bytes.upperBound)))
    }

    /// Lognormal, by its median and its 99th percentile.
    public static func lognormal(p50: Int, p99: Int) -> SizeLaw {
        SizeLaw(law: .lognormal(p50: length(p50), p99: length(p99)))
    }

    private static func length(_ bytes: Int) -> Duration { .nanoseconds(Int64(bytes)) }

    /// The bytes of the value that a stream of random numbers of its key's own comes to; at least 1.
    func bytes(using random: inout RandomStream) -> Int {
        max(1, Int(law.sample(using: &random).nanoseconds))
    }
}
