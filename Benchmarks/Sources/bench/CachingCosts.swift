import AllocationCount
import Caching
import Foundation
import Timeline

/// Caches of 10 000 entries on a real trace, a lookup and an insertion if it is missed for each request, beside
/// libCacheSim's own loop; and the memory that an entry takes up.
///
/// Ours are used as a service uses them, by keys of 64 bits, from another module. Both sides take turns, and both must
/// have the same hits where they are the same policy.
struct CachingCosts {
    private static let size = 10_000
    private static let repeats = 15

    private let keys: [UInt64]
    private let reference: LibCacheSim?

    static func measure() throws -> [Result] { try speeds() + [memory()] }

    private static func speeds() throws -> [Result] {
        guard let keys = OLTPTrace.keys() else {
            note("no shared/traces/arc/OLTP.lis.zst beside the repository, or no zstd: speeds are not measured")
            return []
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "bench-OLTP-\(getpid()).oracleGeneral")
        try OLTPTrace.oracleGeneral(keys).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var reference: LibCacheSim?
        do throws(LibCacheSim.Missing) {
            reference = try LibCacheSim(trace: file.path, size: size)
        } catch {
            note("the reference is missing: \(error.reason)")
        }
        defer { reference?.stop() }
        return CachingCosts(keys: keys, reference: reference).results()
    }

    private func results() -> [Result] {
        [
            result("LRU", LRU.self, beside: "LRU", least: 0.9),
            result("FIFO", FIFO.self, beside: "FIFO", least: 0.9),
            result("SIEVE", SIEVE.self, beside: "Sieve", least: 0.9),
            result("S3-FIFO", S3FIFO.self, beside: "S3FIFO", least: 1.2),
            result("ARC", ARC.self, beside: "ARC", least: 0.8),
            // Theirs is another variant, with other hits.
            result("W-TinyLFU", WTinyLFU<CountMinSketch>.self, beside: "WTinyLFU", least: 1.2, isSame: false),
            result("W-TinyLFU, adaptive", AdaptiveWTinyLFU.self),
            result("LFU", LFU.self, beside: "LFU"),
            result("CLOCK", Clock.self, beside: "Clock"),
            result("2Q", TwoQ.self, beside: "TwoQ"),
            result("SLRU", SLRU.self, beside: "SLRU", isSame: false),
            result("LIRS", LIRS.self, beside: "LIRS", isSame: false),
        ]
    }

    /// - Parameters:
    ///   - other: the class that the reference has for the policy.
    ///   - least: how fast ours must be at least, as a multiple of theirs.
    ///   - isSame: whether both have the same hits.
    private func result<Policy: EvictionPolicy>(
        _ name: String, _ policy: Policy.Type, beside other: String? = nil, least: Double? = nil, isSame: Bool = true
    ) -> Result {
        let millions = Double(keys.count) / 1e6
        var (samples, references): ([Double], [Double]) = ([], [])
        for round in 0...Self.repeats {
            var hits = 0
            let seconds = secondsTaken { hits = replay(policy) }
            let theirs = other.flatMap { reference?.replay($0) }
            if let theirs, isSame {
                let theirHits = Int((Double(keys.count) * (1 - theirs.missRatio)).rounded())
                precondition(hits == theirHits, "\(name): both have the same hits, \(hits) and \(theirHits)")
            }
            // The first round only warms up.
            guard round > 0 else { continue }
            samples.append(millions / seconds)
            if let theirs { references.append(millions / theirs.seconds) }
        }
        let isWhole = references.count == samples.count
        if !isWhole, reference != nil, other != nil { Self.note("\(name): the reference has not answered") }
        return Result(
            name: "cache on OLTP: \(name)", unit: "M requests/s", samples: samples,
            reference: isWhole ? references : [],
            goal: isWhole ? least.map { .ratioAtLeast($0) } : nil, moreIsBetter: true)
    }

    /// All requests once, to an empty cache; returns the hits.
    @inline(never)
    private func replay<Policy: EvictionPolicy>(_ policy: Policy.Type) -> Int {
        var cache = Cache<UInt64, UInt32, Policy>(capacity: Self.size)
        var hits = 0
        for key in keys {
            if cache.get(key, at: .zero, orInsert: UInt32(truncatingIfNeeded: key)).isHit { hits += 1 }
        }
        return hits
    }

    /// What a full cache has been given by the allocator for each entry, without its key and its value.
    private static func memory() -> Result {
        let entries = 1_000_000
        let before = allocated_bytes()
        var cache = Cache<UInt64, UInt32, LRU>(capacity: entries)
        for number in 0..<UInt64(2 * entries) {
            cache.insert(RandomStream.scramble(number), UInt32(truncatingIfNeeded: number), at: .zero)
        }
        let bytes = Double(allocated_bytes() - before) / Double(entries)
        precondition(cache.count == entries, "the cache is full")
        let carried = MemoryLayout<UInt64>.size + MemoryLayout<UInt32>.size
        return Result(
            name: "LRU cache: memory for an entry", unit: "bytes", samples: [bytes - Double(carried)],
            goal: .bestAtMost(64))
    }

    private static func note(_ line: String) {
        FileHandle.standardError.write(Data("bench: \(line)\n".utf8))
    }
}
