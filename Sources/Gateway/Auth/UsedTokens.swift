internal import Caching
internal import Timeline

/// The tokens that were used and have not ended, by fingerprint.
///
/// It never forgets one that could be used again: while it is full, no new ones are accepted until one of them ends.
struct UsedTokens: Sendable {
    enum Answer: Hashable, Sendable {
        case new
        case used
        case full(until: Instant)
    }

    /// When each ends.
    private var ends: Cache<UInt64, Instant, TTLOrder>

    init(capacity: Int) { ends = Cache(capacity: capacity) }

    /// Notes the use of a token, which can be used until some later moment.
    mutating func use(_ id: UInt64, until end: Instant, at now: Instant) -> Answer {
        if ends.get(id, at: now).isHit { return .used }
        let gone = ends.insert(id, end, life: end - now, at: now)
        guard let early = gone.first(where: { $0.cause == .capacity }) else { return .new }
        // The one that ends first had to make way; it comes back.
        ends.remove(id)
        ends.insert(early.key, early.value, life: early.value - now, at: now)
        return .full(until: early.value)
    }
}
