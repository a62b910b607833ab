import Caching
import Foundation
import Testing

/// Step-by-step hit maps, evictions and final states that independent programs agree on.
@Suite("Published step-by-step vectors", .enabled(if: SharedFiles.folder != nil, "there is no shared/vectors here"))
struct PublishedStepsTests {
    struct Vector {
        let policy: String
        let title: String
        let capacity: Int
        let keys: [UInt32]
        let hitMap: String
        let evictions: [[Int]]
        let final: [String: Any]

        /// Nil where the keys or the evictions are not spelt out.
        init?(_ fields: [String: Any]) {
            guard let keys = fields["keys"] as? [Int], let evictions = fields["evictions_at"] as? [[Int]],
                let policy = fields["policy"] as? String, let trace = fields["trace"] as? String,
                let capacity = fields["capacity"] as? Int, let hitMap = fields["hitmap"] as? String
            else { return nil }
            self.policy = policy
            title = "\(policy), \(trace) at \(capacity)"
            (self.capacity, self.hitMap, self.evictions) = (capacity, hitMap, evictions)
            self.keys = keys.map(UInt32.init)
            final = fields["final"] as? [String: Any] ?? [:]
        }
    }

    private func vectors() throws -> [Vector] {
        let data = try SharedFiles.file("vectors/cache-steps.json")
        let list = try JSONSerialization.jsonObject(with: data) as? [[String: Any]]
        return (list ?? []).compactMap(Vector.init)
    }

    @Test("hits, evictions and final queues are those of refsim, libCacheSim and Caffeine's simulator")
    func steps() throws {
        var checked = 0
        for vector in try vectors() {
            guard let walk = Walk(vector.policy, capacity: vector.capacity, keys: vector.keys) else { continue }
            checked += 1
            #expect(walk.hitMap == vector.hitMap, "\(vector.title)")
            #expect(walk.evictions == vector.evictions, "\(vector.title)")
            check(walk, vector)
        }
        #expect(checked == 56)
    }

    @Test("the optimum has the published hits")
    func optimum() throws {
        let optima = try vectors().filter { $0.policy == "OPT" }
        #expect(optima.count == 7)
        for vector in optima {
            let tally = OptimalReplacement.tally(of: vector.keys, capacity: vector.capacity, bypasses: false)
            let hits = vector.hitMap.count { $0 == "H" }
            #expect(tally.hits == hits, "\(vector.title)")
        }
    }

    /// Compares the queues that a vector names with the policy's own.
    private func check(_ walk: Walk, _ vector: Vector) {
        let queues: [(published: String, ours: String)] = [
            ("lru_to_mru", "queue"), ("oldest_to_newest", "queue"), ("ghost_old_to_new", "ghost"), ("T1", "T1"),
            ("T2", "T2"), ("B1", "B1"), ("B2", "B2"), ("window", "window"), ("probation", "probation"),
            ("protected", "protected"),
        ]
        for (published, ours) in queues {
            guard let keys = vector.final[published] as? [Int] else { continue }
            #expect(walk.queues[ours] == keys, "\(vector.title): \(published)")
        }
        let marked: [(published: String, ours: String, newestFirst: Bool)] = [
            ("small_old_to_new", "small", false), ("main_old_to_new", "main", false), ("head_to_tail", "queue", true),
        ]
        for (published, ours, newestFirst) in marked {
            guard let counted = vector.final[published] as? [[Int]] else { continue }
            // Published counts of S3-FIFO go on beyond 3, from where on they make no difference.
            let pairs = counted.map { [$0[0], min($0[1], 3)] }
            let keys = walk.queues[ours] ?? []
            let marks = walk.marks[ours] ?? []
            let found = zip(keys, marks).map { [$0, $1] }
            #expect((newestFirst ? found.reversed() : found) == pairs, "\(vector.title): \(published)")
        }
    }
}
