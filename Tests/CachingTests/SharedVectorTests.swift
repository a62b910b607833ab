import Caching
import Foundation
import Testing
import Timeline

/// Step-by-step hit maps and evictions that independent programs agree on, where the folder with them is there.
@Suite("Published step-by-step vectors")
struct SharedVectorTests {
    /// `shared/vectors/cache-steps.json` beside the package, or beside a folder that it lies in.
    static let file: URL? = sequence(first: URL(filePath: #filePath)) { $0.deletingLastPathComponent() }
        .prefix { $0.path.count > 1 }
        .map { $0.appending(path: "shared/vectors/cache-steps.json") }
        .first { FileManager.default.fileExists(atPath: $0.path) }

    struct Vector {
        let trace: String
        let capacity: Int
        let keys: [UInt32]
        let hitMap: String
        let evictions: [[Int]]
        let oldestFirst: [UInt32]

        /// Nil for another policy, or where the keys are not spelt out.
        init?(_ fields: [String: Any]) {
            guard fields["policy"] as? String == "LRU", let keys = fields["keys"] as? [Int],
                let evictions = fields["evictions_at"] as? [[Int]],
                let final = fields["final"] as? [String: [Int]], let oldestFirst = final["lru_to_mru"],
                let trace = fields["trace"] as? String, let capacity = fields["capacity"] as? Int,
                let hitMap = fields["hitmap"] as? String
            else { return nil }
            (self.trace, self.capacity, self.hitMap, self.evictions) = (trace, capacity, hitMap, evictions)
            self.keys = keys.map(UInt32.init)
            self.oldestFirst = oldestFirst.map(UInt32.init)
        }
    }

    @Test(
        "LRU hits, evictions and final order are those of libCacheSim, Caffeine's simulator and cachetools",
        .enabled(if: file != nil, "there is no shared/vectors/cache-steps.json near the package"))
    func steps() throws {
        let data = try Data(contentsOf: try #require(Self.file))
        let list = try #require(JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        let vectors = list.compactMap(Vector.init)
        #expect(vectors.count == 7)
        for vector in vectors {
            var cache = LRUCache<UInt32, UInt32>(capacity: vector.capacity)
            var hitMap = ""
            var evictions: [[Int]] = []
            for (step, key) in vector.keys.enumerated() {
                if case .hit = cache.get(key, at: .zero) {
                    hitMap += "H"
                    continue
                }
                hitMap += "."
                if let evicted = cache.insert(key, key, at: .zero) { evictions.append([step, Int(evicted.key)]) }
            }
            #expect(hitMap == vector.hitMap, "\(vector.trace) at \(vector.capacity)")
            #expect(evictions == vector.evictions, "\(vector.trace) at \(vector.capacity)")
            #expect(cache.entriesByRecency.reversed().map(\.key) == vector.oldestFirst)
        }
    }
}
