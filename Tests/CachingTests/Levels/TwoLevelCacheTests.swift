import Caching
import Testing
import Timeline

@Suite("Two-level cache")
struct TwoLevelCacheTests {
    typealias Cache = TwoLevelCache<UInt32, UInt32>

    private func cache(_ l1: Int, _ l2: Int, timeToLive: Duration? = nil) throws -> Cache {
        Cache(try TwoLevelCacheSettings(l1Capacity: l1, l2Capacity: l2, timeToLive: timeToLive))
    }

    private func keys(_ cache: Cache, _ level: CacheLevel) -> [UInt32] {
        cache[level].entriesByRecency.map(\.key)
    }

    @Test("a loaded value is in both levels, and what the first evicts is still in the second")
    func inclusive() throws {
        var cache = try cache(1, 3)
        cache.fill(1, 10, at: .zero)
        let displaced = cache.fill(2, 20, at: .zero)
        #expect(displaced.fromL1.first == Eviction(key: 1, value: 10, cause: .capacity) && displaced.fromL2.isEmpty)
        #expect(keys(cache, .l1) == [2] && keys(cache, .l2) == [2, 1])
        #expect(cache.get(2, at: .zero) == .hit(level: .l1, value: 20))
    }

    @Test("a hit in the second level is promoted into the first")
    func promotion() throws {
        var cache = try cache(1, 3)
        cache.fill(1, 10, at: .zero)
        cache.fill(2, 20, at: .zero)
        #expect(cache.get(1, at: .zero) == .hit(level: .l2, value: 10))
        #expect(cache.get(1, at: .zero) == .hit(level: .l1, value: 10))
        #expect(keys(cache, .l1) == [1] && keys(cache, .l2) == [1, 2])
        #expect(cache.statistics.promotions == 1)
    }

    @Test("promotion gives no new life: the first level drops the value when the second would have")
    func promotionKeepsExpiry() throws {
        var cache = try cache(1, 3, timeToLive: .seconds(2))
        cache.fill(1, 10, at: .zero)
        cache.fill(2, 20, at: .zero)
        let late = Instant.after(.milliseconds(1_999))
        #expect(cache.get(1, at: late) == .hit(level: .l2, value: 10))
        #expect(cache[.l1].entriesByRecency.first?.loadedAt == .zero)
        #expect(cache.get(1, at: .after(.seconds(2))) == .miss)
        #expect(keys(cache, .l1) == [] && keys(cache, .l2) == [2])
    }

    @Test("a longer time to live does not stretch what was loaded under a shorter one")
    func timeToLiveChange() throws {
        var cache = try cache(1, 3, timeToLive: .seconds(2))
        cache.fill(1, 10, at: .zero)
        cache.fill(2, 20, at: .zero)
        cache.changeSettings(try TwoLevelCacheSettings(l1Capacity: 2, l2Capacity: 3, timeToLive: .seconds(10)))
        #expect(cache.get(1, at: .after(.seconds(1))) == .hit(level: .l2, value: 10))
        #expect(cache.get(1, at: .after(.seconds(4))) == .miss)
        cache.fill(1, 11, at: .after(.seconds(4)))
        #expect(cache.get(1, at: .after(.seconds(13))) == .hit(level: .l1, value: 11))
    }

    @Test("the first level may keep what the second has dropped, and hits as it would alone")
    func notStrictlyInclusive() throws {
        var cache = try cache(1, 1)
        cache.fill(1, 10, at: .zero)
        cache.flush(.l2)
        #expect(cache.get(1, at: .zero) == .hit(level: .l1, value: 10))
    }

    @Test("the two hit ratios of a level: of all lookups, and of those that reached it")
    func shares() throws {
        var cache = try cache(1, 4)
        #expect(cache.statistics.hitRatio == nil && cache.statistics.conditionalHitRatio(.l2) == nil)
        for key in [1, 2, 1, 1, 2] as [UInt32] where cache.get(key, at: .zero) == .miss {
            cache.fill(key, key, at: .zero)
        }
        let statistics = cache.statistics
        // Misses for 1 and 2, then 1 from l2, 1 from l1, 2 from l2.
        #expect(statistics.lookups == 5 && statistics.misses == 2)
        #expect(statistics.shareOfAll(.l1) == 0.2 && statistics.shareOfAll(.l2) == 0.4)
        #expect(statistics.conditionalHitRatio(.l1) == 0.2 && statistics.conditionalHitRatio(.l2) == 0.5)
        #expect(statistics.hitRatio == 0.6)
    }

    @Test("a key is invalidated in both levels; a flush empties one level or both")
    func invalidation() throws {
        var cache = try cache(2, 3)
        for key in 1...3 as ClosedRange<UInt32> { cache.fill(key, key, at: .zero) }
        #expect(cache.invalidate(1) && !cache.invalidate(1))
        #expect(cache.flush(.l1) == 2 && cache.get(2, at: .zero) == .hit(level: .l2, value: 2))
        #expect(cache.flush() == 3 && cache.get(2, at: .zero) == .miss)
    }

    @Test("smaller levels drop the surplus at once, and a level of no entries holds nothing")
    func liveSettings() throws {
        var cache = try cache(3, 3)
        for key in 1...3 as ClosedRange<UInt32> { cache.fill(key, key, at: .zero) }
        cache.changeSettings(try TwoLevelCacheSettings(l1Capacity: 0, l2Capacity: 2))
        #expect(keys(cache, .l1) == [] && keys(cache, .l2) == [3, 2])
        #expect(cache.get(3, at: .zero) == .hit(level: .l2, value: 3) && cache.statistics.promotions == 0)
    }

    @Test(
        "settings out of range are refused by name",
        arguments: [
            (-1, 1, nil, "l1Capacity: -1 is out of range; allowed: 0 to 1000000000 entries"),
            (1, 1_000_000_001, nil, "l2Capacity: 1000000001 is out of range; allowed: 0 to 1000000000 entries"),
            (1, 1, .zero, "timeToLive: 0s is out of range; allowed: more than 0s"),
        ] as [(Int, Int, Duration?, String)])
    func refusedSettings(l1: Int, l2: Int, timeToLive: Duration?, message: String) {
        let error = #expect(throws: SettingError.self) {
            try TwoLevelCacheSettings(l1Capacity: l1, l2Capacity: l2, timeToLive: timeToLive)
        }
        #expect(error?.description == message)
    }
}
