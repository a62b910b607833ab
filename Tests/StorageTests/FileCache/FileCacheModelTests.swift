import Caching
import Storage
import Testing
import Timeline

@Suite("File cache against a dictionary")
struct FileCacheModelTests {
    /// What a key holds in the naive cache.
    struct Held {
        var number: Int
        var expires: Instant
    }

    @Test("random operations and restarts: with room for all it is the dictionary", arguments: 1...8)
    func exact(seed: UInt64) throws {
        let missing = try run(seed, segments: 64, length: 40)
        #expect(missing == 0)
    }

    @Test("without room for all it holds a part of the dictionary, never anything else")
    func bounded() throws {
        let missing = try (1...6 as ClosedRange<UInt64>).map { try run($0, segments: 2, length: 2_500) }
        #expect(missing.reduce(0, +) > 10)
    }

    /// Does the same to both; returns how often the cache did not have what the dictionary has.
    private func run(_ seed: UInt64, segments: Int, length: Int) throws -> Int {
        let fixture = try FileCacheFixture()
        var random = RandomStream(seed: seed, name: "file", purpose: "operations")
        var cache = try fixture.open(segments: segments)
        var model: [String: Held] = [:]
        var (now, missing) = (Instant.zero, 0)
        for step in 0..<400 {
            now = now + .seconds(Int64(random.below(3)))
            let key = "key \(random.below(40))"
            switch random.below(100) {
            case 0..<45:
                let held = Held(number: step % 256, expires: now + .seconds(1 + Int64(random.below(300))))
                let value = [UInt8](repeating: UInt8(held.number), count: 1 + Int(random.below(UInt64(length))))
                try cache.set(key, try CacheEnvelope(value, created: now, expires: held.expires), at: now)
                model[key] = held
            case 45..<55:
                try cache.remove(key, at: now)
                model[key] = nil
            case 55..<57:
                let isConsistent = isConsistent(cache)
                #expect(isConsistent, "seed \(seed), operation \(step)")
                cache.close()
                cache = try fixture.open(segments: segments)
            case 57:
                try cache.removeAll(at: now)
                model = [:]
            default:
                let found = try number(key, in: &cache, at: now)
                let expected = model[key].flatMap { now < $0.expires ? $0.number : nil }
                if found == nil, expected != nil { missing += 1 }
                #expect(found == nil || found == expected, "seed \(seed), operation \(step)")
            }
        }
        let isConsistent = isConsistent(cache)
        #expect(isConsistent, "seed \(seed)")
        return missing
    }

    private func isConsistent(_ cache: borrowing FileCache) -> Bool {
        let (statistics, bytes) = (cache.statistics, cache.bytes)
        let entered = statistics.cache.insertions + statistics.recovered
        return entered == cache.count + statistics.cache.evictions.total + statistics.damaged
            && bytes <= cache.settings.capacity && statistics.damaged == 0
    }
}
