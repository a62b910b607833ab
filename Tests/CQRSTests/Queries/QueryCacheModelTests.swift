import CQRS
import EventSourcing
import Testing
import Timeline

@Suite("Query cache against the truth")
struct QueryCacheModelTests {
    /// Rows that change, replicas that lag behind them, and readers that take their time.
    struct World {
        var random: RandomStream
        var cache: QueryCache<[Int]>
        /// Every version that each row ever had, by the event that brought it.
        var rows: [[(position: Int64, value: Int)]]
        var position: Int64 = 0
        var reads: [(query: Query, fill: QueryCache<[Int]>.Fill, result: QueryResult<[Int]>)] = []

        init(seed: UInt64) {
            random = RandomStream(seed: seed, name: "cache", purpose: "truth")
            let rooms = Int(random.below(6))
            cache = QueryCache(capacity: 1 + Int(random.below(5)), rememberedTags: rooms)
            rows = Array(repeating: [(0, 0)], count: 3)
        }

        func value(of row: Int, at position: Int64) -> Int { rows[row].last { $0.position <= position }?.value ?? 0 }

        /// Two rows that a query is about.
        private mutating func pair() -> (Int, Int) { (Int(random.below(3)), Int(random.below(3))) }

        /// A row changes, and the cache is told.
        mutating func change() {
            position += 1
            let row = Int(random.below(3))
            rows[row].append((position, Int(position)))
            cache.invalidate(["row:\(row)"], at: Position(position))
        }

        /// Somebody reads two rows of a read model that may lag.
        mutating func read() throws {
            let (first, second) = pair()
            let query = try Query("Pair", criteria: ["first": "\(first)", "second": "\(second)"])
            let lag = Int64(random.below(4))
            let reached = max(0, position - lag)
            // The leader itself need not say how far it has come.
            let isSilent = lag == 0 && random.chance(0.5)
            let result = QueryResult(
                [value(of: first, at: reached), value(of: second, at: reached)],
                tags: ["row:\(first)", "row:\(second)"],
                position: isSilent ? nil : Position(reached))
            reads.append((query, cache.fill(), result))
        }

        /// Some reader is done.
        mutating func put() {
            guard !reads.isEmpty else { return }
            let read = reads.remove(at: Int(random.below(UInt64(reads.count))))
            _ = cache.put(read.result, of: read.query, from: read.fill, timeToLive: .seconds(1), at: .zero)
        }

        /// Whatever the cache holds is what the rows are now; returns whether it held something.
        mutating func check() throws -> Bool {
            let (first, second) = pair()
            let query = try Query("Pair", criteria: ["first": "\(first)", "second": "\(second)"])
            guard let hit = cache.result(of: query, at: .zero) else { return false }
            #expect(hit.result.value == [value(of: first, at: position), value(of: second, at: position)])
            return true
        }
    }

    @Test("with lagging replicas, slow readers and few remembered tags, no answer from the cache is ever old")
    func neverStale() throws {
        var hits = 0
        for seed in 0..<80 as Range<UInt64> {
            var world = World(seed: seed)
            for _ in 0..<200 {
                switch world.random.below(10) {
                case 0..<2: world.change()
                case 2..<5: try world.read()
                case 5..<8: world.put()
                default: hits += try world.check() ? 1 : 0
                }
            }
        }
        #expect(hits > 100, "it must hold something to be right about")
    }
}
