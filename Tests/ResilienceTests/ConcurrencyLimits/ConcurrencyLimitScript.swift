import Timeline

@testable import Resilience

/// Feeds a limit with samples as they would come from calls that began with so many in flight.
struct ConcurrencyLimitScript {
    var limit: ConcurrencyLimit
    var now = Instant.zero
    var random = RandomStream(seed: 1, name: "limit", purpose: "test")

    init(_ settings: ConcurrencyLimit.Settings) {
        limit = ConcurrencyLimit(settings)
    }

    /// A call that began with so many in flight took so long; returns the limit since.
    @discardableResult
    mutating func sample(
        _ took: Duration, inFlight: Int, isDropped: Bool = false, after pause: Duration = .zero
    ) -> Int {
        now = now + pause
        // Upstream's tests feed the algorithm itself, so more may be in flight than it allows.
        let permit = ConcurrencyLimit.Permit(inFlight: UInt32(inFlight))
        _ = limit.acquire()
        limit.end(permit, isDropped ? .dropped(took: took) : .success(took: took), at: now, using: &random)
        return limit.limit
    }
}
