import Caching
import Testing
import Timeline

@Suite("Cache")
struct CacheTests {
    private func at(_ seconds: Int64) -> Instant { .after(.seconds(seconds)) }

    @Test("a life after access begins again with each read, but ends no later than the life after the write")
    func afterAccess() {
        var cache = LRUCache<String, Int>(
            capacity: 4, lifetime: Lifetime(afterWrite: .seconds(10), afterAccess: .seconds(4)))
        cache.insert("a", 1, at: at(0))
        #expect(cache.get("a", at: at(3)).isHit && cache.get("a", at: at(6)).isHit)
        #expect(cache.get("a", at: at(9)) == .hit(1, age: .seconds(9)))
        #expect(cache.get("a", at: at(10)) == .expired)
        cache.insert("b", 2, at: at(20))
        #expect(cache.get("b", at: at(24)) == .expired)
    }

    @Test("lives after access that are set later lengthen none beyond its write, and begin with the next read")
    func laterAfterAccess() {
        var cache = LRUCache<Int, Int>(capacity: 4, lifetime: Lifetime(afterWrite: .seconds(10)))
        cache.insert(1, 1, at: at(0))
        cache.lifetime.afterAccess = .seconds(5)
        cache.insert(2, 2, at: at(1))
        #expect(cache.get(1, at: at(9)).isHit)
        #expect(cache.get(1, at: at(10)) == .expired)
        var endless = LRUCache<Int, Int>(capacity: 2)
        for key in [1, 2] { endless.insert(key, key, at: at(0)) }
        endless.lifetime.afterAccess = .seconds(5)
        #expect(endless.get(1, at: at(1)).isHit)
        // It has ended, so the other one stays, which nobody has read since.
        let gone = endless.insert(3, 3, at: at(7))
        #expect(gone.map(\.key) == [1] && gone.first?.cause == .expired)
    }

    @Test("an insertion may say how long the value lives, in place of the cache")
    func ownLife() {
        var cache = LRUCache<String, Int>(capacity: 4, lifetime: Lifetime(afterWrite: .seconds(10)))
        cache.insert("short", 1, life: .seconds(1), at: at(0))
        cache.insert("long", 2, life: .seconds(100), at: at(0))
        #expect(cache.get("short", at: at(1)) == .expired && cache.get("long", at: at(99)).isHit)
    }

    @Test("what has ended leaves before anything that has not")
    func endedFirst() {
        var cache = LRUCache<Int, Int>(capacity: 3)
        cache.insert(1, 1, at: at(0))
        cache.insert(2, 2, life: .seconds(1), at: at(0))
        cache.insert(3, 3, life: .seconds(2), at: at(0))
        let gone = cache.insert(4, 4, at: at(5))
        #expect(gone.map(\.key) == [2, 3] && gone.allSatisfy { $0.cause == .expired })
        #expect(cache.get(1, at: at(5)).isHit)
    }

    @Test("a value from another cache keeps its age and its end")
    func movedIn() {
        var cache = LRUCache<Int, Int>(capacity: 3, lifetime: Lifetime(afterWrite: .seconds(60)))
        cache.insert(1, 1, loadedAt: at(0), expiresAt: at(5), at: at(3))
        #expect(cache.get(1, at: at(4)) == .hit(1, age: .seconds(4)))
        #expect(cache.get(1, at: at(5)) == .expired)
    }

    @Test("a heavy entry makes as many leave as it takes, and one heavier than everything is not taken in")
    func weights() {
        var cache = LRUCache<String, Int>(capacity: 10)
        for key in ["a", "b", "c"] { cache.insert(key, 1, weight: 3, at: .zero) }
        #expect(cache.insert("d", 1, weight: 5, at: .zero).map(\.key) == ["a", "b"])
        #expect(cache.weight == 8 && cache.count == 2)
        #expect(cache.insert("e", 1, weight: 11, at: .zero).isEmpty && cache.count == 2)
        #expect(cache.insert("d", 2, weight: 11, at: .zero).map(\.cause) == [.replaced])
        #expect(cache.get("d", at: .zero) == .miss)
    }

    @Test("a new value of the same weight counts as a use, and keeps the entry's place among its uses")
    func replacement() {
        var cache = Cache<Int, Int, LFU>(capacity: 2)
        cache.insert(1, 1, at: .zero)
        cache.insert(1, 2, at: .zero)
        cache.insert(2, 1, at: .zero)
        #expect(cache.insert(3, 1, at: .zero).first?.key == 2)
    }

    @Test("one call looks a key up and takes it in if it was missed")
    func orInsert() {
        var cache = Cache<Int, Int, SIEVE>(capacity: 2)
        #expect(cache.get(1, at: .zero, orInsert: 10) == .miss)
        #expect(cache.get(1, at: .zero, orInsert: 11) == .hit(10, age: .zero))
    }

    @Test("for equal weights GDSF is LFU that forgets: what was popular long ago leaves in the end")
    func aging() {
        var cache = Cache<Int, Int, GDSF>(capacity: 2)
        for _ in 0..<3 { _ = cache.get(1, at: .zero, orInsert: 1) }
        for key in [2, 3, 2, 3, 2, 3] { _ = cache.get(key, at: .zero, orInsert: key) }
        #expect(cache.get(1, at: .zero) == .miss)
    }

    @Test("the heaviest leaves first in size order, and the one that ends first in TTL order")
    func orders() {
        var bySize = Cache<Int, Int, SizeOrder>(capacity: 10)
        for (key, weight) in [(1, 2), (2, 5), (3, 3)] { bySize.insert(key, key, weight: weight, at: .zero) }
        #expect(bySize.insert(4, 4, weight: 1, at: .zero).first?.key == 2)
        var byEnd = Cache<Int, Int, TTLOrder>(capacity: 3)
        for (key, life) in [(1, 9), (2, 5), (3, 7)] as [(Int, Int64)] {
            byEnd.insert(key, key, life: .seconds(life), at: .zero)
        }
        #expect(byEnd.insert(4, 4, at: .zero).first?.key == 2)
    }

    @Test("random replacement draws from its seed")
    func random() {
        func left(_ seed: UInt64) -> [Int] {
            var cache = Cache<Int, Int, RandomReplacement>(RandomReplacement(capacity: 5, seed: seed))
            return (0..<50).flatMap { cache.insert($0, $0, at: .zero).map(\.key) }
        }
        #expect(left(1) == left(1) && left(1) != left(2))
    }
}
