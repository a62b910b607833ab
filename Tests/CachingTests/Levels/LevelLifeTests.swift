import Caching
import Testing
import Timeline

@Suite("Lives and versions in levels")
struct LevelLifeTests {
    /// What a key was last loaded as, and when that ends.
    struct Load {
        var version: UInt64
        var end: Instant
        var staleUntil: Instant
    }

    @Test(
        "over random reads, loads, writes and flushes nothing outlives its end, and nothing is older than the last write"
    )
    func neverOlder() throws {
        for seed in 0..<30 as Range<UInt64> {
            var random = RandomStream(seed: seed, name: "levels", purpose: "operations")
            let inclusion: LevelInclusion = random.chance(0.5) ? .inclusive : .exclusive
            let settings = try (0..<3).map { try LevelSettings("L\($0)", capacity: Int(random.below(6))) }
            var levels = CacheLevels<Int, UInt64>(settings, inclusion: inclusion)
            var loads: [UInt64: Load] = [:]
            var latest: [Int: UInt64] = [:]
            var (now, version) = (Instant.zero, UInt64(0))
            for _ in 0..<300 {
                now = now + .nanoseconds(Int64(random.below(4)))
                let key = Int(random.below(12))
                if random.chance(0.1) { levels.flush(Int(random.below(3))) }
                if random.chance(0.1) { levels.invalidate(key, node: 0) }
                let failed = random.chance(0.2) ? UInt8(random.below(8)) : 0
                let lookup = levels.look(key, node: 0, failed: failed, at: now)
                if let found = lookup.found {
                    let load = try #require(loads[found.held.version])
                    let isRight =
                        now < load.end && found.held.version == latest[key] && found.held.value == load.version
                    #expect(isRight, "seed \(seed): \(found) at \(now), \(load)")
                    levels.promote(key, found, to: Int(random.below(3))..<3, node: 0, at: now)
                    continue
                }
                if let stale = lookup.stale, let load = loads[stale.held.version] {
                    let isRight = now >= load.end && now < load.staleUntil
                    #expect(isRight, "seed \(seed): \(stale) at \(now), \(load)")
                }
                // A load, or a write: the newest version of the key.
                version += 1
                let end = now + .nanoseconds(Int64(random.below(30)))
                let load = Load(version: version, end: end, staleUntil: end + .nanoseconds(Int64(random.below(10))))
                (loads[version], latest[key]) = (load, version)
                let value = CachedValue(
                    version, version: version, loadedAt: now, expiresAt: end, staleUntil: load.staleUntil)
                levels.store(key, value, in: Int(random.below(3))..<3, node: 0, at: now)
            }
        }
    }
}
