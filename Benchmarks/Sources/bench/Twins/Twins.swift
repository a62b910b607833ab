import AllocationCount
import ReferencePatterns
import Timeline

/// Patterns beside plain C++ that makes the same decisions from the same inputs.
///
/// Ours are used as a service uses them, from another module. Both sides draw their inputs from tables, and both
/// keep a digest of what was decided, which must be the same.
enum Twins {
    static let uses = 100_000
    /// How many entries a table of inputs has: a power of two.
    static let tableSize = 1 << 16

    private static let repeats = 151
    private static let limit = 1.5

    static func measure() throws -> [Result] {
        [
            try breaker(), try tokenBucket(), try semaphore(), try semaphoreLine(), try retryDelay(), try quantile(),
        ]
    }

    /// Runs both in turn, so that what slows the machine for a while slows both. The first round only warms up.
    static func compare(_ name: String, ours: () -> UInt64, reference: () -> UInt64) -> Result {
        var (samples, references): ([Double], [Double]) = ([], [])
        var allocations = 0
        for round in 0...repeats {
            var (digest, referenceDigest): (UInt64, UInt64) = (0, 0)
            let allocationsBefore = allocation_count()
            let seconds = secondsTaken { digest = ours() }
            let allocated = Int(allocation_count() - allocationsBefore)
            let referenceSeconds = secondsTaken { referenceDigest = reference() }
            precondition(digest == referenceDigest, "\(name): both decide the same")
            guard round > 0 else { continue }
            samples.append(seconds / Double(uses) * 1e9)
            references.append(referenceSeconds / Double(uses) * 1e9)
            allocations += allocated
        }
        return Result(
            name: name, unit: "ns", samples: samples, reference: references, allocations: allocations,
            goal: .ratioAtMost(limit))
    }

    /// Times between calls, or that calls take: exponentially distributed.
    static func lengths(mean: Duration, purpose: String) -> [Int64] {
        var random = RandomStream(seed: 1, name: "twins", purpose: purpose)
        let law = Distribution.exponential(mean: mean)
        return (0..<tableSize).map { _ in law.sample(using: &random).nanoseconds }
    }
}

/// The same digest of decisions as the references'.
struct DecisionDigest {
    private(set) var value: UInt64 = 0

    mutating func mix(_ word: UInt64) { value = (value ^ word) &* 0x9e37_79b9_7f4a_7c15 }
}
