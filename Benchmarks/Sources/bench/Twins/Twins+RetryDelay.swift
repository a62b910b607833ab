import ReferencePatterns
import Resilience
import Timeline

extension Twins {
    /// Calls that fail four times each: three waits, then none.
    static func retryDelay() throws -> Result {
        let policy = try RetryPolicy(
            attempts: 4, backoff: .exponential(initial: .milliseconds(50), cap: .seconds(2)), jitter: .full)
        let attempts = (0..<tableSize).map { UInt8(1 + $0 % 4) }
        var random = RandomStream(seed: 1, name: "twins", purpose: "jitter")
        // The two numbers that a stream is.
        let (state, increment) = unsafeBitCast(random, to: (UInt64, UInt64).self)
        let reference = reference_retry_create(4, 50_000_000, 2, 2_000_000_000, state, increment)
        defer { reference_retry_destroy(reference) }
        return compare("retry: delay") {
            run(policy, attempts, &random)
        } reference: {
            reference_retry_run(reference, attempts, UInt64(tableSize), UInt64(uses))
        }
    }

    private static func run(_ policy: RetryPolicy, _ attempts: [UInt8], _ random: inout RandomStream) -> UInt64 {
        var digest = DecisionDigest()
        for use in 0..<uses {
            let attempt = Int(attempts[use & (tableSize - 1)])
            let wait = policy.next(afterAttempt: attempt, previous: .zero, using: &random)
            digest.mix(UInt64(bitPattern: wait?.nanoseconds ?? 1))
        }
        return digest.value
    }
}
