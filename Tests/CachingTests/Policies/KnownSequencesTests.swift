import Caching
import Testing

/// Sequences whose hits can be counted with a pencil, or stand in textbooks.
@Suite("Known sequences")
struct KnownSequencesTests {
    static let textbook: [UInt32] = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1]
    static let belady: [UInt32] = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5]
    static let loop: [UInt32] = (0..<4).flatMap { _ in 1...5 as ClosedRange<UInt32> }

    struct Case: CustomTestStringConvertible, Sendable {
        let policy: String
        let keys: [UInt32]
        let capacity: Int
        let hits: Int
        var testDescription: String { "\(policy), \(keys.count) keys, \(capacity) entries" }
    }

    static let cases: [Case] = [
        // The reference string of Silberschatz's textbook: 15 faults with FIFO, 12 with LRU, of 20 requests.
        Case(policy: "FIFO", keys: textbook, capacity: 3, hits: 5),
        Case(policy: "LRU", keys: textbook, capacity: 3, hits: 8),
        Case(policy: "SIEVE", keys: textbook, capacity: 3, hits: 9),
        Case(policy: "LFU", keys: textbook, capacity: 3, hits: 9),
        Case(policy: "ARC", keys: textbook, capacity: 3, hits: 7),
        // Belady's anomaly: with more room FIFO has fewer hits, LRU has not.
        Case(policy: "FIFO", keys: belady, capacity: 3, hits: 3),
        Case(policy: "FIFO", keys: belady, capacity: 4, hits: 2),
        Case(policy: "LRU", keys: belady, capacity: 3, hits: 2),
        Case(policy: "LRU", keys: belady, capacity: 4, hits: 4),
        // A loop over one key more than there is room for.
        Case(policy: "LRU", keys: loop, capacity: 4, hits: 0),
        Case(policy: "FIFO", keys: loop, capacity: 4, hits: 0),
        Case(policy: "LFU", keys: loop, capacity: 4, hits: 0),
        Case(policy: "SIEVE", keys: loop, capacity: 4, hits: 0),
        Case(policy: "ARC", keys: loop, capacity: 4, hits: 0),
        Case(policy: "S3-FIFO", keys: loop, capacity: 4, hits: 9),
        Case(policy: "S3-FIFO-v0", keys: loop, capacity: 4, hits: 6),
        Case(policy: "W-TinyLFU-exact", keys: loop, capacity: 4, hits: 9),
    ]

    @Test("hits", arguments: cases)
    func hits(_ known: Case) {
        #expect(Walk(known.policy, capacity: known.capacity, keys: known.keys)?.hits == known.hits)
    }

    @Test(
        "a cache for one entry hits a key that comes twice running, whatever the policy",
        arguments: ["LRU", "FIFO", "LFU", "CLOCK", "SIEVE", "S3-FIFO", "S3-FIFO-v0", "ARC", "2Q", "LIRS"])
    func one(policy: String) {
        #expect(Walk(policy, capacity: 1, keys: [1, 1, 2, 2, 1])?.hitMap == ".H.H.")
        #expect(Walk(policy, capacity: 0, keys: [1, 1, 2, 2, 1])?.hitMap == ".....")
    }

    @Test("the least frequently used entry is, of several, the one that was used longest ago")
    func leastFrequent() {
        #expect(Walk("LFU", capacity: 3, keys: [1, 2, 3, 1, 2, 3, 1, 4])?.evictions == [[7, 2]])
    }

    @Test("of the entries that CLOCK finds used, the first found goes first, and all have lost their marks")
    func clock() {
        #expect(Walk("CLOCK", capacity: 3, keys: [1, 2, 3, 1, 2, 3, 4, 5])?.evictions == [[6, 1], [7, 2]])
    }

    @Test("2Q lets a key into the main queue only when it comes back after it left the first")
    func twoQueues() {
        let walk = Walk("2Q", capacity: 4, keys: [1, 1, 1, 2, 3, 4, 5, 1])
        #expect(walk?.queues == ["A1in": [3, 4, 5], "Am": [1], "A1out": [2]])
    }
}
