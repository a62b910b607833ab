import Caching
import Timeline

/// For which keys there is a good answer that can be given instead of a failure: those last asked for.
struct KeptAnswers: Sendable {
    /// For how many keys an answer is kept.
    static let most = 10_000

    private var keys: LRUCache<UInt64, UInt8>

    /// Answers to fall back to; where nobody does, none are kept.
    init(areUsed: Bool) {
        keys = LRUCache(capacity: areUsed ? Self.most : 0)
    }

    var count: Int { keys.count }

    /// Keeps the answer for a key, if the call has one.
    mutating func keep(_ key: UInt64?, at now: Instant) {
        if let key, keys.capacity > 0 { keys.insert(key, 1, at: now) }
    }

    /// Whether there is an answer for a key.
    mutating func answer(_ key: UInt64?, at now: Instant) -> Bool {
        if let key, case .hit = keys.get(key, at: now) { true } else { false }
    }
}
