import Caching
import Timeline

@testable import Simulation

// What a cache promises whatever breaks, and what it promises as it is set.
extension CacheStorm {
    /// What is wrong with a cache at any moment.
    static func broken(at world: World) -> [String] {
        guard let cache = world.cache(ofService: 0) else { return ["there is no cache"] }
        return cache.plan.levels.indices.compactMap { level in
            let (held, room) = (cache.entries(inLevel: level), cache.capacity(ofLevel: level))
            return held > room ? "\(cache.plan.levels[level].name) holds \(held) of \(room)" : nil
        }
    }

    /// What is wrong at the end.
    /// - Parameter wrong: how many answers were wrong by the time when no more are to be.
    func broken(atEnd world: World, wrong: Int) -> [String] {
        guard let cache = world.cache(ofService: 0) else { return ["there is no cache"] }
        return calls(world, cache) + ages(cache.counts, wrong: wrong) + (cache.plan.behind == nil ? [] : writes(cache))
    }

    private func calls(_ world: World, _ cache: CacheView) -> [String] {
        var broken: [String] = []
        for (load, meter) in zip(["readers", "writers"], world.loadMeters) where meter.offered != meter.ended {
            broken.append("\(load): of \(meter.offered) calls \(meter.ended) have ended")
        }
        let left = [cache.loading, cache.waiting, cache.joined, cache.tier.loads.count]
        if left != [0, 0, 0, 0] { broken.append("loading, waiting, joined, loads of calls: \(left)") }
        return broken
    }

    private func ages(_ counts: CacheCounts, wrong: Int) -> [String] {
        var broken: [String] = []
        if let oldest, counts.oldest > oldest { broken.append("a hit was \(counts.oldest) old, not \(oldest)") }
        if let behind, counts.longestBehind > behind {
            broken.append("an answer was \(counts.longestBehind) behind, not \(behind)")
        }
        if heals, counts.staleReads != wrong { broken.append("\(counts.staleReads - wrong) wrong answers after all") }
        return broken
    }

    /// Every write is in the store, made needless or lost; what the store has of a key is its latest write, or that was
    /// lost.
    private func writes(_ cache: CacheView) -> [String] {
        var broken: [String] = []
        let (counts, tier) = (cache.counts, cache.tier)
        let missing = tier.latest.count { number, write in tier.stored[number] != write.version }
        if missing > counts.lostWrites {
            broken.append("\(missing) keys lack their latest write, and \(counts.lostWrites) writes are lost")
        }
        let needless = counts.writes - counts.storedWrites - counts.lostWrites
        if needless < 0 || needless > 0 && cache.plan.behind?.settings.coalescing == false {
            broken.append("\(counts.writes) writes: \(counts.storedWrites) stored, \(counts.lostWrites) lost")
        }
        guard keepsQueues else { return broken }
        let books = tier.queues.map(\.statistics)
        let failed = books.reduce(0) { $0 + $1.failed }
        if counts.lostWrites != failed { broken.append("\(counts.lostWrites) writes are lost, \(failed) have failed") }
        let done = books.reduce(0) { $0 + $1.written + $1.coalesced + $1.forgotten }
        let kept = tier.queues.reduce(0) { $0 + $1.failedCount }
        if counts.writes != done + kept {
            broken.append("of \(counts.writes) writes \(done) are made or needless, and \(kept) have failed")
        }
        return broken
    }
}
