import ReferencePatterns
import Resilience
import Timeline

extension Twins {
    /// A million permits a second, for as many requests: some of them come too soon.
    static func tokenBucket() throws -> Result {
        let gaps = lengths(mean: .microseconds(1), purpose: "gaps")
        var bucket = TokenBucket(try TokenBucket.Settings(limit: 1_000_000, per: .seconds(1), burst: 10))
        var now = Instant.zero
        let reference = reference_token_bucket_create(1_000_000, 1_000_000_000, 10)
        defer { reference_token_bucket_destroy(reference) }
        return compare("token bucket: acquire") {
            run(&bucket, &now, gaps)
        } reference: {
            reference_token_bucket_run(reference, gaps, UInt64(tableSize), UInt64(uses))
        }
    }

    private static func run(_ bucket: inout TokenBucket, _ now: inout Instant, _ gaps: [Int64]) -> UInt64 {
        var digest = DecisionDigest()
        for use in 0..<uses {
            now = now + .nanoseconds(gaps[use & (tableSize - 1)])
            switch bucket.acquire(at: now) {
            case .granted(let wait): digest.mix(UInt64(bitPattern: wait.nanoseconds) << 1 | 1)
            case .rejected(let wait): digest.mix(UInt64(bitPattern: wait.nanoseconds) << 1)
            }
        }
        return digest.value
    }
}
