import Caching
import Testing
import Timeline

@Suite("Optimal replacement")
struct OptimalReplacementTests {
    @Test(
        "hits with insertion forced, as cache2k's tests have them",
        arguments: [
            ([1, 1, 1, 0, 0, 0], 1, 4), ([1, 2, 3, 2], 1, 0), ([2, 3, 1, 3, 0, 1], 2, 2),
            ([0, 4, 2, 6, 4, 1, 5, 0, 3, 1, 1], 3, 4), ([1, 1, 1, 0, 0, 0, 2, 2, 2, 1, 0, 0], 2, 8),
            ([7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1], 3, 11),
            ([1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5], 3, 5), ([], 3, 0), ([1, 1], 0, 0),
        ] as [([UInt32], Int, Int)])
    func published(keys: [UInt32], capacity: Int, hits: Int) {
        #expect(OptimalReplacement.tally(of: keys, capacity: capacity, bypasses: false).hits == hits)
    }

    @Test("a key that may stay out saves what is held: a, b, a in one entry")
    func bypass() {
        #expect(OptimalReplacement.tally(of: [0, 1, 0], capacity: 1, bypasses: false).hits == 0)
        #expect(OptimalReplacement.tally(of: [0, 1, 0], capacity: 1, bypasses: true).hits == 1)
    }

    @Test("no choice of who leaves has more hits, over all choices for 300 short traces")
    func isOptimal() {
        var random = RandomStream(seed: 1, name: "trace", purpose: "keys")
        for _ in 0..<300 {
            let capacity = 1 + Int(random.below(3))
            let keys = (0..<12).map { _ in UInt32(random.below(6)) }
            for bypasses in [false, true] {
                let best = Self.best(keys[...], held: [], capacity: capacity, bypasses: bypasses)
                let tally = OptimalReplacement.tally(of: keys, capacity: capacity, bypasses: bypasses)
                #expect(tally.hits == best, "\(keys) in \(capacity), bypass \(bypasses)")
            }
        }
    }

    /// The most hits over all choices, by trying them.
    private static func best(_ keys: ArraySlice<UInt32>, held: Set<UInt32>, capacity: Int, bypasses: Bool) -> Int {
        guard let key = keys.first else { return 0 }
        let rest = keys.dropFirst()
        if held.contains(key) { return 1 + best(rest, held: held, capacity: capacity, bypasses: bypasses) }
        if held.count < capacity {
            return best(rest, held: held.union([key]), capacity: capacity, bypasses: bypasses)
        }
        var most = bypasses ? best(rest, held: held, capacity: capacity, bypasses: bypasses) : 0
        for victim in held {
            let next = held.subtracting([victim]).union([key])
            most = max(most, best(rest, held: next, capacity: capacity, bypasses: bypasses))
        }
        return most
    }
}
