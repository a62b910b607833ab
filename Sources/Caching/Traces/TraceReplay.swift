import Timeline

/// What a replayed trace came to.
public struct TraceTally: Hashable, Sendable {
    /// All requests.
    public var requests = 0
    /// Those whose key was held.
    public var hits = 0
    /// The sizes of all requests together, in bytes; 1 for a request without a size.
    public var bytes = 0
    /// The same, of the hits.
    public var bytesHit = 0

    /// Nothing yet.
    public init() {}

    /// The share of requests that were hits, from 0 to 1; nil before the first.
    public var hitRatio: Double? { requests == 0 ? nil : Double(hits) / Double(requests) }

    /// The share of bytes that were hits, from 0 to 1; nil before the first.
    public var byteHitRatio: Double? { bytes == 0 ? nil : Double(bytesHit) / Double(bytes) }

    /// Counts a request.
    mutating func count(size: Int, isHit: Bool) {
        requests += 1
        bytes += size
        guard isHit else { return }
        hits += 1
        bytesHit += size
    }
}

/// What an entry takes up in a replayed cache.
public enum TraceWeight: Hashable, Sendable {
    /// 1, whatever its size.
    case entry
    /// Its size when it comes in.
    case bytes
}

/// A trace that is run through one cache: each key is looked up, and taken in where it is missed.
///
/// It is a thing that goes on, not a value. What it does with a batch is one closure, compiled for the one policy: a
/// protocol in its place would be fifteen times slower.
public final class TraceReplay {
    /// What it has come to so far.
    public private(set) var tally = TraceTally()
    private let step: (_ key: ArraySlice<UInt32>, _ sizes: ArraySlice<UInt32>, _ weight: TraceWeight) -> TraceTally

    @inline(__always)
    init<Policy: EvictionPolicy>(_ policy: Policy) {
        var replayed = ReplayedCache(policy)
        step = { keys, sizes, weight in
            replayed.request(keys, sizes, weight)
            return replayed.tally
        }
    }

    /// Makes requests for these keys; `sizes` has one for each, or is empty if they have none.
    public func request(_ keys: ArraySlice<UInt32>, sizes: ArraySlice<UInt32> = [], weight: TraceWeight = .entry) {
        tally = step(keys, sizes, weight)
    }
}

private struct ReplayedCache<Policy: EvictionPolicy> {
    var cache: Cache<UInt64, UInt32, Policy>
    var tally = TraceTally()

    init(_ policy: Policy) { cache = Cache(policy) }

    mutating func request(_ keys: ArraySlice<UInt32>, _ sizes: ArraySlice<UInt32>, _ weight: TraceWeight) {
        guard !sizes.isEmpty else {
            for key in keys { request(key, size: 1, weight: 1) }
            return
        }
        for (key, size) in zip(keys, sizes) {
            request(key, size: Int(size), weight: weight == .bytes ? Int(size) : 1)
        }
    }

    private mutating func request(_ key: UInt32, size: Int, weight: Int) {
        let found = cache.get(UInt64(key), at: .zero, weight: weight, orInsert: key)
        tally.count(size: size, isHit: found.isHit)
    }
}
