import Caching
import Storage
import Testing
import Timeline

@Suite("Placing new values in a cache of levels")
struct LayeredPlacementTests {
    typealias Level = LayeredCache.Level
    private let fixture: LayeredCacheFixture

    init() throws {
        fixture = try LayeredCacheFixture()
    }

    private func open(_ levels: [Level] = Level.allCases, _ placement: Placement = .guide) throws -> LayeredCache {
        let reading = try LayeredCacheFixture.reading()
        return try fixture.open(levels, LayeredCacheSettings(reading: reading, placement: placement))
    }

    /// Only values of less than 100 bytes are for the levels before the database.
    private static func smallOnly() throws -> Placement {
        .limits([PlacementLimit](repeating: try PlacementLimit(sizeUnder: 100), count: 3))
    }

    private static func bytes(_ count: Int, _ first: UInt8) -> [UInt8] {
        [first] + [UInt8](repeating: 0, count: count - 1)
    }

    @Test("a value of 50 KiB goes past the levels for small ones, loaded or written, and stays there")
    func large() throws {
        var cache = try open()
        let bytes = Self.bytes(50 << 10, 7)
        _ = try cache.get("loaded", at: at(0)) { _ in try LayeredCache.Loaded(bytes) }
        try cache.set("written", bytes, at: at(0))
        for second in 1...3 as ClosedRange<Int64> {
            #expect(cache.number("loaded", at: at(second)).1?.level == .node)
            #expect(cache.number("written", at: at(second)).1?.level == .node)
        }
        let statistics = Level.allCases.map { cache.statistics(of: $0) }
        #expect(statistics.map(\.stores) == [0, 0, 2, 2])
        #expect(statistics.map(\.promotions) == [0, 0, 0, 0])
    }

    @Test("an older, smaller value is gone from the levels that a larger one goes past when that is written")
    func outgrown() throws {
        var cache = try open()
        try cache.set("k", [1], at: at(0))
        #expect(cache.number("k", at: at(0)).1?.level == .memory)
        let written = try cache.set("k", Self.bytes(50 << 10, 2), at: at(1))
        #expect(written.disagreeing == [])
        let (number, source) = cache.number("k", at: at(1))
        #expect(number == 2)
        #expect(source?.level == .node)
        try cache.close()
        cache = try open([.files])
        #expect(cache.number("k", at: at(1)).1 == nil)
    }

    @Test("nor is it served stale once a larger one was loaded")
    func outgrownStale() throws {
        var cache = try open([.memory, .node])
        _ = cache.number("k", at: at(0), load: 1)
        let larger = Self.bytes(50 << 10, 2)
        _ = try cache.get("k", at: at(10)) { _ in try LayeredCache.Loaded(larger) }
        #expect(cache.number("k", at: at(11)).0 == 2)
        fixture.network.isDown = true
        #expect(cache.number("k", at: at(12)).1 == nil)
    }

    @Test("a newcomer is placed by its size alone", arguments: [(100, 0), (1_024, 1), (10_240, 2), (102_400, 3)])
    func newcomer(size: Int, first: Int) throws {
        var cache = try open()
        let bytes = Self.bytes(size, 1)
        _ = try cache.get("k", at: at(0)) { _ in try LayeredCache.Loaded(bytes) }
        let stores = Level.allCases.map { cache.statistics(of: $0).stores }
        #expect(stores == Level.allCases.map { $0.rawValue < first ? 0 : 1 })
    }

    @Test("a small value goes to the first level while its key is hot, not once it is known to be cold")
    func hot() throws {
        var cache = try open()
        _ = cache.number("k", at: at(0), load: 1)
        _ = cache.number("k", at: at(10), load: 2)
        #expect(cache.statistics(of: .memory).stores == 1)
        let (number, source) = cache.number("k", at: at(11))
        #expect(number == 2)
        #expect(source?.level == .node)
        for _ in 0..<60 { _ = cache.number("k", at: at(12)) }
        // Hot by now, it has gone up level by level.
        #expect(cache.number("k", at: at(13)).1?.level == .memory)
        #expect(Level.allCases.map { cache.statistics(of: $0).promotions } == [1, 1, 0, 0])
        _ = cache.number("k", at: at(20), load: 3)
        #expect(cache.statistics(of: .memory).stores == 2)
        try cache.set("k", [4], at: at(21))
        #expect(cache.statistics(of: .memory).stores == 3)
        #expect(cache.number("k", at: at(21)).0 == 4)
    }

    @Test(
        "a level that could not drop the smaller value is named, and does not hand it out later",
        arguments: [false, true])
    func unreachable(isLoaded: Bool) throws {
        var cache = try open([.node, .database], Self.smallOnly())
        try cache.set("k", [1], at: at(0))
        let larger = Self.bytes(200, 2)
        fixture.network.isDown = true
        if isLoaded {
            try cache.refresh("k", at: at(1)) { _ in try LayeredCache.Loaded(larger) }
        } else {
            #expect(try cache.set("k", larger, at: at(1)).disagreeing == [.node])
        }
        fixture.network.isDown = false
        let (number, source) = cache.number("k", at: at(2))
        #expect(number == 2)
        #expect(source?.level == .database)
        #expect(fixture.network.node.count == 0)
    }

    @Test("a load whose value goes past the node gives its lease back")
    func lease() throws {
        var cache = try open([.node, .database], Self.smallOnly())
        let bytes = Self.bytes(200, 1)
        _ = try cache.get("k", at: at(0)) { _ in try LayeredCache.Loaded(bytes) }
        #expect(cache.number("k", at: at(1)).1?.level == .database)
        guard case .missWithLease = fixture.network.node.handle(.get("k"), at: at(2)) else {
            Issue.record("somebody has the lease")
            return
        }
    }

    @Test("what is for a level that is not there goes to the last one that is")
    func lastLevel() throws {
        var cache = try open([.memory, .files], Self.smallOnly())
        try cache.set("k", Self.bytes(200, 1), at: at(0))
        #expect(cache.number("k", at: at(0)).1?.level == .files)
    }

    @Test("how keys are used is remembered only where promotion or placement asks for it")
    func history() throws {
        let smallOnly = try Self.smallOnly()
        #expect(try LayeredCacheSettings(placement: smallOnly).history == nil)
        #expect(try LayeredCacheSettings(placement: .guide).history?.keys == 10_000)
        #expect(try LayeredCacheSettings(promotion: .guide).history?.keys == 10_000)
    }
}
