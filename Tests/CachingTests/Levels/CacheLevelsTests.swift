import Caching
import Testing
import Timeline

@Suite("Levels of a cache")
struct CacheLevelsTests {
    typealias Levels = CacheLevels<Int, Int>

    private func at(_ seconds: Int64) -> Instant { .after(.seconds(seconds)) }

    private func levels(
        _ capacities: [Int], shared: Set<Int> = [], nodes: Int = 1, _ inclusion: LevelInclusion = .inclusive
    ) throws -> Levels {
        let settings = try capacities.enumerated().map { level, capacity in
            try LevelSettings("L\(level + 1)", capacity: capacity, isShared: shared.contains(level))
        }
        return Levels(settings, nodes: nodes, inclusion: inclusion)
    }

    private func value(_ value: Int, version: UInt64 = 1, at loaded: Int64 = 0, until end: Int64 = 1_000)
        -> CachedValue<Int>
    {
        CachedValue(value, version: version, loadedAt: at(loaded), expiresAt: at(end))
    }

    /// Reads each key, and stores it everywhere where it was missed; how often each level hit.
    private func hits(_ keys: [Int], _ levels: inout Levels) -> [Int] {
        for key in keys {
            let lookup = levels.look(key, node: 0, at: .zero)
            if let found = lookup.found {
                levels.promote(key, found, to: 0..<found.level, node: 0, at: .zero)
            } else {
                levels.store(key, value(key), in: 0..<levels.count, node: 0, at: .zero)
            }
        }
        return (0..<levels.count).map { levels.statistics(of: $0).hits }
    }

    /// A seeded sequence in which few keys are wanted often.
    private func keys(_ seed: UInt64, _ count: Int) -> [Int] {
        var random = RandomStream(seed: seed, name: "keys", purpose: "levels")
        return (0..<count).map { _ in Int(random.below(1 + random.below(300))) }
    }

    @Test("exclusive LRU levels hit as one LRU cache of their sizes together, level by level")
    func exclusiveIdentity() throws {
        for seed in 0..<5 as Range<UInt64> {
            let keys = keys(seed, 4_000)
            var levels = try levels([5, 20, 60], .exclusive)
            let found = hits(keys, &levels)
            let whole = [5, 25, 85].map { size in
                var cache = LRUCache<Int, Int>(capacity: size)
                for key in keys { _ = cache.get(key, at: .zero, orInsert: key) }
                return cache.statistics.hits
            }
            let together = [found[0], found[0] + found[1], found[0] + found[1] + found[2]]
            #expect(together == whole)
        }
    }

    @Test("inclusive LRU levels each hit as an LRU cache alone on what the level above has missed")
    func inclusiveIdentity() throws {
        for seed in 0..<5 as Range<UInt64> {
            var stream = keys(seed, 4_000)
            var levels = try levels([5, 20, 60])
            let found = hits(stream, &levels)
            for (level, size) in [5, 20, 60].enumerated() {
                var cache = LRUCache<Int, Int>(capacity: size)
                let missed = stream.filter { !cache.get($0, at: .zero, orInsert: $0).isHit }
                #expect(stream.count - missed.count == found[level])
                stream = missed
            }
        }
    }

    @Test("a value that goes up keeps its age and its end, and is gone from above when it is gone below")
    func remainingLife() throws {
        var levels = try levels([2, 4])
        levels.store(1, value(10, at: 0, until: 2), in: 1..<2, node: 0, at: at(0))
        let found = try #require(levels.look(1, node: 0, at: at(1)).found)
        levels.promote(1, found, to: 0..<1, node: 0, at: at(1))
        #expect(levels[0, node: 0].entry(for: 1)?.value.expiresAt == at(2))
        #expect(levels.look(1, node: 0, at: at(2)).found == nil)
    }

    @Test("small, then large: what was written last is read, though the level near the reader cannot hold it (K1)")
    func writeTooLarge() throws {
        var levels = try levels([10, 100])
        levels.store(1, value(1, version: 1), in: 0..<2, node: 0, weight: 1, at: .zero)
        levels.store(1, value(2, version: 2), in: 0..<2, node: 0, weight: 50, at: .zero)
        let found = levels.look(1, node: 0, at: .zero).found
        #expect(found?.level == 1 && found?.held.value == 2)
    }

    @Test("what goes into a lower level alone is removed from those above, unless they hold something newer")
    func writeBelow() throws {
        var levels = try levels([4, 4])
        levels.store(1, value(1, version: 1), in: 0..<2, node: 0, at: .zero)
        levels.store(1, value(2, version: 2), in: 1..<2, node: 0, at: .zero)
        #expect(levels.look(1, node: 0, at: .zero).found?.held.value == 2)
        levels.store(1, value(9, version: 9), in: 0..<1, node: 0, at: .zero)
        levels.store(1, value(3, version: 3), in: 1..<2, node: 0, at: .zero)
        #expect(levels.look(1, node: 0, at: .zero).found?.held.value == 9)
    }

    @Test("a level does not take an older version for a newer one")
    func olderVersion() throws {
        var levels = try levels([4])
        levels.store(1, value(5, version: 5), in: 0..<1, node: 0, at: .zero)
        levels.store(1, value(4, version: 4), in: 0..<1, node: 0, at: .zero)
        #expect(levels.look(1, node: 0, at: .zero).found?.held.value == 5)
    }

    @Test("a level that has failed is passed over, and nothing is lost in it")
    func failedLevel() throws {
        var levels = try levels([4, 4])
        levels.store(1, value(1), in: 0..<2, node: 0, at: .zero)
        let lookup = levels.look(1, node: 0, failed: 0b01, at: .zero)
        #expect(lookup.found?.level == 1 && lookup.asked == 0b10)
        #expect(levels.look(1, node: 0, failed: 0b11, at: .zero).found == nil)
        #expect(levels.look(1, node: 0, at: .zero).found?.level == 0)
        #expect(levels.statistics(of: 0).failures == 2)
    }

    @Test("what the node knows to be spoiled is dropped, counts as a miss, and is not served as stale either")
    func spoiled() throws {
        var levels = try levels([4, 4])
        levels.store(1, value(1, version: 1), in: 0..<1, node: 0, at: .zero)
        levels.store(1, value(1, version: 1), in: 1..<2, node: 0, at: .zero)
        levels.store(1, value(2, version: 2), in: 1..<2, node: 0, at: .zero)
        levels.store(1, value(1, version: 1), in: 0..<1, node: 0, at: .zero)
        let found = levels.look(1, node: 0, at: .zero) { $0.version < 2 }.found
        #expect(found?.level == 1 && found?.held.value == 2)
        #expect(levels.statistics(of: 0).hits == 0 && levels.statistics(of: 0).evictions[.removed] > 0)
        #expect(levels[0, node: 0].entry(for: 1) == nil)
        let none = levels.look(1, node: 0, at: .zero) { _ in true }
        #expect(none.found == nil && none.stale == nil && levels.held(in: 1) == 0)
    }

    @Test("each node has its own near level, and all share the far one")
    func nodes() throws {
        var levels = try levels([4, 4], shared: [1], nodes: 2)
        levels.store(1, value(1), in: 0..<2, node: 0, at: .zero)
        #expect(levels.look(1, node: 0, at: .zero).found?.level == 0)
        #expect(levels.look(1, node: 1, at: .zero).found?.level == 1)
        #expect(levels.flush(1) == 1)
        #expect(levels.look(1, node: 1, at: .zero).found == nil && levels.look(1, node: 0, at: .zero).found != nil)
    }

    @Test("a stale value is found only where nothing fresh is, the least stale of several, and not past its limit")
    func staleValue() throws {
        var levels = try levels([4, 4])
        let old = CachedValue(1, version: 1, loadedAt: at(0), expiresAt: at(1), staleUntil: at(10))
        let older = CachedValue(0, version: 0, loadedAt: at(0), expiresAt: at(0), staleUntil: at(10))
        levels.store(1, old, in: 1..<2, node: 0, at: at(0))
        levels.store(1, older, in: 0..<1, node: 0, at: at(0))
        let lookup = levels.look(1, node: 0, at: at(5))
        #expect(lookup.found == nil && lookup.stale?.held == old && lookup.stale?.level == 1)
        #expect(levels.look(1, node: 0, at: at(10)).stale == nil)
    }

    @Test("in exclusive levels a key is in one level at most, whatever is done")
    func exclusion() throws {
        var random = RandomStream(seed: 5, name: "levels", purpose: "operations")
        var levels = try levels([2, 3, 4], .exclusive)
        for step in 0..<1_000 {
            let key = Int(random.below(15))
            let lookup = levels.look(key, node: 0, at: .zero)
            if let found = lookup.found {
                levels.promote(key, found, to: 0..<3, node: 0, at: .zero)
            } else {
                levels.store(key, value(key, version: UInt64(step)), in: 0..<3, node: 0, at: .zero)
            }
            if random.chance(0.1) { levels.invalidate(Int(random.below(15)), node: 0) }
            let held = (0..<3).flatMap { levels[$0, node: 0].queues.flatMap(\.keys) }
            #expect(Set(held).count == held.count)
        }
    }

    @Test("settings out of range are refused by name")
    func settings() {
        #expect(throws: SettingError.self) { try LevelSettings("", capacity: 1) }
        #expect(throws: SettingError.self) { try LevelSettings("L1", capacity: -1) }
    }
}
