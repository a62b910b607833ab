import Caching
import Testing
import Timeline

@Suite("LRU cache")
struct LRUCacheTests {
    private let second = Duration.seconds(1)

    @Test("a hit saves an entry from eviction, and the least recently used one leaves instead")
    func recency() {
        var cache = LRUCache<String, Int>(capacity: 2)
        cache.insert("a", 1, at: .zero)
        cache.insert("b", 2, at: .zero)
        #expect(cache.get("a", at: .zero) == .hit(1, age: .zero))
        #expect(cache.insert("c", 3, at: .zero).first == Eviction(key: "b", value: 2, cause: .capacity))
        #expect(cache.entriesByRecency.map(\.key) == ["c", "a"])
    }

    @Test("a value is gone at the very instant that its time to live ends, however often it was read")
    func expiry() {
        var cache = LRUCache<Int, Int>(capacity: 2, lifetime: Lifetime(afterWrite: second))
        cache.insert(1, 10, at: .zero)
        let almost = Instant.after(second - .nanoseconds(1))
        #expect(cache.get(1, at: almost) == .hit(10, age: second - .nanoseconds(1)))
        #expect(cache.get(1, at: .after(second)) == .expired)
        #expect(cache.get(1, at: .after(second)) == .miss)
        #expect(cache.count == 0 && cache.statistics.evictions[.expired] == 1)
    }

    @Test("the cause of an eviction tells expiry, replacement and want of room apart")
    func causes() {
        var cache = LRUCache<Int, Int>(capacity: 1, lifetime: Lifetime(afterWrite: second))
        cache.insert(1, 10, at: .zero)
        #expect(cache.insert(1, 11, at: .zero).first?.cause == .replaced)
        #expect(cache.insert(2, 20, at: .zero).first?.cause == .capacity)
        #expect(cache.insert(2, 21, at: .after(second)).first == Eviction(key: 2, value: 20, cause: .expired))
        #expect(cache.insert(3, 30, at: .after(second * Int64(2))).first?.cause == .expired)
        #expect(cache.remove(3) == 30 && cache.remove(3) == nil)
        cache.insert(4, 40, at: .zero)
        #expect(cache.removeAll() == 1 && cache.removeAll() == 0)
        let counts = EvictionCause.allCases.map { cache.statistics.evictions[$0] }
        #expect(counts == [1, 2, 1, 1, 1])
        #expect(cache.statistics.insertions == 6 && cache.statistics.evictions.total == 6)
    }

    @Test("a smaller capacity drops the least recently used entries, a negative one counts as zero")
    func resizing() {
        var cache = LRUCache<Int, Int>(capacity: 4)
        for key in 1...4 { cache.insert(key, key, at: .zero) }
        _ = cache.get(1, at: .zero)
        #expect(cache.resize(to: 2) == 2)
        #expect(cache.entriesByRecency.map(\.key) == [1, 4])
        #expect(cache.resize(to: -1) == 2 && cache.capacity == 0)
        #expect(cache.insert(5, 5, at: .zero).isEmpty && cache.count == 0 && cache.statistics.insertions == 4)
    }

    @Test("a copy is a cache of its own")
    func copies() {
        var cache = LRUCache<Int, Int>(capacity: 2)
        cache.insert(1, 10, at: .zero)
        let snapshot = cache
        cache.insert(1, 11, at: .zero)
        cache.insert(2, 20, at: .zero)
        #expect(snapshot.entriesByRecency.map(\.value) == [10] && snapshot.statistics.insertions == 1)
    }
}
