import Caching
import Foundation
import Resilience
import Storage
import Testing
import Timeline

@Suite("Reading from a cache of levels")
struct LayeredReadingTests {
    typealias Fixture = LayeredCacheFixture
    typealias Level = LayeredCache.Level
    private let fixture: Fixture

    init() throws {
        fixture = try Fixture()
    }

    /// Puts a value that lives until 10 s, stale until 30 s, into one level alone.
    private func fill(_ level: Level, of key: String = "k", with number: UInt8 = 1, tags: [String] = []) throws {
        var cache = try fixture.open([level])
        try cache.set(key, [number], version: 3, tags: tags, at: at(0))
        try cache.close()
    }

    @Test(
        "a value is found at each level and goes up with what is left of its life",
        arguments: [Level.files, .node, .database])
    func found(level: Level) throws {
        try fill(level)
        var cache = try fixture.open()
        let (first, source) = cache.number("k", at: at(4))
        #expect(first == 1)
        #expect(source?.level == level)
        #expect(source?.age == .seconds(4))
        let (_, above) = cache.number("k", at: at(9))
        #expect(above?.level == .memory)
        #expect(above?.age == .seconds(9))
        for nearer in Level.allCases {
            #expect(cache.statistics(of: nearer).promotions == (nearer.rawValue < level.rawValue ? 1 : 0))
        }
        // Over for all of them at the same moment.
        let (last, loaded) = cache.number("k", at: at(10), load: 2)
        #expect(last == 2)
        #expect(loaded?.level == nil)
        #expect(cache.reads.loads == 1)
    }

    @Test("what is loaded goes into every level, and each has it alone too")
    func loaded() throws {
        var cache = try fixture.open()
        let (_, source) = cache.number("k", at: at(0), load: 7)
        #expect(source?.level == nil)
        for level in Level.allCases { #expect(cache.statistics(of: level).stores == 1) }
        try cache.close()
        for level in [Level.files, .node, .database] {
            var alone = try fixture.open([level], at: at(1))
            let (number, source) = alone.number("k", at: at(1))
            #expect(number == 7)
            #expect(source?.level == level)
            try alone.close()
        }
        #expect(fixture.network.node.statistics.leases == 1)
    }

    @Test("a restart leaves what is in files and database, with its end; tagged values only in the database")
    func restart() throws {
        try fill(.files, of: "plain")
        try fill(.files, of: "tagged", with: 2, tags: ["t"])
        try fill(.database, of: "tagged", with: 3, tags: ["t"])
        var cache = try fixture.open(at: at(1))
        #expect(cache.number("plain", at: at(1)).1?.level == .files)
        let (number, source) = cache.number("tagged", at: at(1))
        #expect(number == 3)
        #expect(source?.level == .database)
        // Files do not take in what they would not hand out.
        #expect(cache.statistics(of: .files).promotions == 0)
        #expect(cache.number("tagged", at: at(10)).1?.isStale == true)
    }

    @Test("a file level that cannot be read is a miss, and is left alone after five times, for two seconds")
    func brokenFiles() throws {
        var cache = try fixture.open([.memory, .files, .database])
        for key in 0..<8 as Range<UInt8> { _ = cache.number("\(key)", at: at(0), load: key) }
        try cache.close()
        cache = try fixture.open([.memory, .files, .database])
        // What its entries stand in is gone under its hands.
        for name in try FileManager.default.contentsOfDirectory(atPath: fixture.folder) where name != "lock" {
            #expect(truncate("\(fixture.folder)/\(name)", 24) == 0)
        }
        for key in 0..<6 {
            let (number, source) = cache.number("\(key)", at: at(1))
            #expect(number == UInt8(key))
            #expect(source?.level == .database)
        }
        #expect(cache.breaker(of: .files).trips == 1)
        #expect(cache.breaker(of: .files).state == .open)
        #expect(cache.breaker(of: .database).state == .closed)
        let failures = cache.statistics(of: .files).failures
        #expect(failures == 5 || failures == 6)
    }

    @Test("a node that cannot be reached is asked five times, then again after two seconds")
    func brokenNode() throws {
        var cache = try fixture.open([.node])
        fixture.network.isDown = true
        for second in 0..<3 { #expect(cache.number("k", at: at(Int64(second)), load: 1).0 == 1) }
        #expect(cache.breaker(of: .node).state == .open)
        #expect(cache.breaker(of: .node).totals.permitted == 5)
        fixture.network.isDown = false
        #expect(cache.number("k", at: at(3), load: 2).1?.level == nil)
        #expect(fixture.network.node.count == 0)
        #expect(cache.number("k", at: at(4), load: 2).1?.level == nil)
        #expect(cache.number("k", at: at(5)).1?.level == .node)
        #expect(cache.breaker(of: .node).state == .closed)
    }

    @Test("what is over is served if a load fails, and no other is tried for a second; then it fails")
    func failSafe() throws {
        var cache = try fixture.open()
        _ = cache.number("k", at: at(0), load: 1)
        let (number, source) = cache.number("k", at: at(10))
        #expect(number == 1)
        #expect(source?.isStale == true)
        #expect(cache.number("k", at: at(10), load: 2).0 == 1)
        #expect(cache.reads.loads == 2)
        #expect(cache.number("k", at: at(11), load: 2).0 == 2)
        #expect(cache.statistics(of: .memory).stale == 3)
        let over = at(41)
        #expect(throws: Fixture.OriginDown.self) {
            try cache.get("k", at: over) { _ throws(Fixture.OriginDown) in throw Fixture.OriginDown() }
        }
        // The lease was given back: the next reader need not wait for it.
        #expect(cache.number("k", at: over, load: 3).0 == 3)
        #expect(cache.reads.failures == 2)
        #expect(cache.statistics(of: .memory).stale == 3)
    }

    @Test("files and a database serve what is over too, the least stale first", arguments: [Level.files, .database])
    func leastStale(level: Level) throws {
        try fill(level)
        var cache = try fixture.open([level])
        #expect(cache.number("k", at: at(29)).1?.isStale == true)
        #expect(cache.number("k", at: at(30)).1 == nil)
        try cache.close()
        cache = try fixture.open([.files, .database])
        var other = try fixture.openDatabase()
        let longer = try CacheEnvelope([9], version: 3, created: at(1), expires: at(12), staleUntil: at(40))
        try other.set("k", longer, at: at(1))
        let (number, source) = cache.number("k", at: at(13))
        #expect(number == 9)
        #expect(source?.level == .database)
    }

    @Test("that there is no value is remembered as long as absence may be, in every level")
    func absence() throws {
        var cache = try fixture.open()
        var loads = 0
        for second in [0, 4, 5] as [Int64] {
            let answer = cache.get("k", at: at(second)) { _ in
                loads += 1
                return nil
            }
            guard case .absent(let source) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(source.level == (second == 4 ? .memory : nil))
        }
        #expect(loads == 2)
        try cache.close()
        cache = try fixture.open([.database], at: at(9))
        let (number, source) = cache.number("k", at: at(9))
        #expect(number == nil)
        #expect(source?.level == .database)
    }

    @Test("if absence is not remembered, what was there before is no longer served")
    func forgotten() throws {
        let reading = try ReadSettings(
            lifetime: .seconds(10), failSafe: ReadSettings.FailSafe(limit: .seconds(20)))
        var cache = try fixture.open(Level.allCases, LayeredCacheSettings(reading: reading))
        _ = cache.number("k", at: at(0), load: 1)
        #expect(cache.get("k", at: at(10)) { _ in nil }.isAbsent)
        #expect(cache.number("k", at: at(10)).1 == nil)
        #expect(fixture.network.node.statistics.waits == 0)
    }

    @Test("who finds that another one loads is told to come again, or gets what is stale; the database is asked first")
    func busy() throws {
        var cache = try fixture.open([.node, .database])
        _ = fixture.network.node.handle(.get("k"), at: at(1))
        let answer = cache.get("k", at: at(2)) { _ in nil }
        #expect(answer == .busy(until: at(11)))
        try fill(.database)
        #expect(cache.number("k", at: at(3)).1?.level == .database)
        #expect(fixture.network.node.count == 0)
        #expect(cache.number("k", at: at(10), load: 2).1?.isStale == true)
        #expect(cache.number("k", at: at(11), load: 2).0 == 2)
        #expect(cache.reads.loads == 1)
    }

    @Test("a value that goes up to the node does so under its lease, and ends there with a new one")
    func nodeLife() throws {
        try fill(.database)
        var cache = try fixture.open([.node, .database])
        _ = cache.number("k", at: at(4))
        #expect(fixture.network.node.count == 1)
        _ = cache.number("k", at: at(10), load: 2)
        #expect(fixture.network.node.statistics.leases == 2)
        #expect(fixture.network.node.statistics.hits == 0)
    }

    @Test("what was deleted from the node while it was loaded does not come in there")
    func deletedMeanwhile() throws {
        var cache = try fixture.open([.node])
        let network = fixture.network
        _ = try cache.get("k", at: at(0)) { key in
            _ = network.node.handle(.delete(key), at: at(0))
            return try LayeredCache.Loaded([1])
        }
        #expect(network.node.count == 0)
        #expect(cache.breaker(of: .node).totals.failed == 0)
    }

    @Test("a value that the node has marked as stale is loaded by the one with the lease, others get it as it is")
    func markedStale() throws {
        var cache = try fixture.open([.node])
        _ = cache.number("k", at: at(0), load: 1)
        _ = fixture.network.node.handle(.delete("k", stale: .seconds(30)), at: at(1))
        #expect(cache.number("k", at: at(1), load: 2).0 == 2)
        _ = fixture.network.node.handle(.delete("k", stale: .seconds(30)), at: at(2))
        _ = fixture.network.node.handle(.get("k"), at: at(2))
        let (number, source) = cache.number("k", at: at(2), load: 3)
        #expect(number == 2)
        #expect(source?.isStale == true)
        #expect(cache.reads.loads == 2)
    }

    @Test("without single flight nobody waits for another's load")
    func crowd() throws {
        var cache = try fixture.open([.node], LayeredCacheSettings())
        _ = fixture.network.node.handle(.get("k"), at: at(0))
        #expect(cache.number("k", at: at(1), load: 2).0 == 2)
        #expect(fixture.network.node.count == 0)
    }

    @Test("a fresh value of an older version than a stale one above it is not used, nor put in its place")
    func versions() throws {
        var cache = try fixture.open([.memory, .database])
        _ = try cache.get("k", at: at(0)) { _ in try LayeredCache.Loaded([7], version: 7) }
        var other = try fixture.openDatabase()
        try other.set("k", try CacheEnvelope([5], version: 5, created: at(0), expires: at(99)), at: at(0))
        let lagging = try cache.get("k", at: at(10)) { _ in try LayeredCache.Loaded([6], version: 6) }
        guard case .value([6], let source) = lagging else {
            Issue.record("\(lagging)")
            return
        }
        #expect(source.level == nil)
        let (number, last) = cache.number("k", at: at(11))
        #expect(number == 7)
        #expect(last?.level == .memory)
    }

    @Test("the guide's rule leaves a cold key where it is, and takes a hot one up")
    func guide() throws {
        try fill(.database, of: "cold")
        try fill(.database, of: "hot")
        let reading = try ReadSettings(lifetime: .minutes(60))
        var cache = try fixture.open(Level.allCases, LayeredCacheSettings(reading: reading, promotion: .guide))
        #expect(cache.number("cold", at: at(1)).1?.level == .database)
        #expect(cache.number("cold", at: at(2)).1?.level == .database)
        for _ in 0..<60 { _ = cache.number("hot", at: at(2)) }
        #expect(cache.number("hot", at: at(3)).1?.level == .memory)
        #expect(cache.number("cold", at: at(3)).1?.level == .database)
        let promotions = Level.allCases.map { cache.statistics(of: $0).promotions }
        #expect(promotions == [1, 1, 1, 0])
    }

    @Test("a value that nears its end is fresh and asks to be refreshed, which renews it")
    func refresh() throws {
        let reading = try Fixture.reading(.eager(share: 0.8))
        var cache = try fixture.open(Level.allCases, LayeredCacheSettings(reading: reading))
        _ = cache.number("k", at: at(0), load: 1)
        #expect(cache.number("k", at: at(7)).1?.needsRefresh == false)
        #expect(cache.number("k", at: at(8)).1?.needsRefresh == true)
        try cache.refresh("k", at: at(8)) { _ in try LayeredCache.Loaded([2]) }
        // One that fails leaves what is there.
        let kept = try cache.refresh("k", at: at(9)) { _ in throw Fixture.OriginDown() }
        guard case .value([2], let fresh) = kept else {
            Issue.record("\(kept)")
            return
        }
        #expect(fresh.isStale == false)
        let (number, source) = cache.number("k", at: at(17))
        #expect(number == 2)
        #expect(source?.isStale == false)
        #expect(cache.number("k", at: at(18)).1?.isStale == true)
    }

    @Test("a level that missed a refresh does not bring back what it holds")
    func missedRefresh() throws {
        var cache = try fixture.open([.node])
        _ = cache.number("k", at: at(0), load: 1)
        fixture.network.isDown = true
        try cache.refresh("k", at: at(1)) { _ in try LayeredCache.Loaded([2]) }
        fixture.network.isDown = false
        #expect(cache.number("k", at: at(2), load: 2).1?.level == nil)
    }

    @Test("by chance a value is refreshed the earlier the longer its load took, as far as that is known")
    func early() throws {
        let settings = try LayeredCacheSettings(reading: LayeredCacheFixture.reading(.early(beta: 1_000)))
        var cache = try fixture.open([.memory, .database], settings)
        _ = try cache.get("k", at: at(0)) { _ in try LayeredCache.Loaded([1], took: .seconds(3)) }
        #expect(cache.number("k", at: at(4)).1?.needsRefresh == true)
        try cache.close()
        cache = try fixture.open([.memory, .database], settings)
        #expect(cache.number("k", at: at(4)).1?.needsRefresh == false)
    }

    @Test("a load that takes its time begins the life of its value at its end")
    func slowLoad() throws {
        var cache = try fixture.open()
        _ = try cache.get("k", at: at(0)) { _ in try LayeredCache.Loaded([1], took: .seconds(3)) }
        #expect(cache.number("k", at: at(12)).1?.age == .seconds(9))
        #expect(cache.number("k", at: at(13)).1?.isStale == true)
    }
}

extension LayeredCache.Answer {
    fileprivate var isAbsent: Bool { if case .absent = self { true } else { false } }
}
