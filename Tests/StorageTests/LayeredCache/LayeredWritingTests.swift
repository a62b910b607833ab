import Caching
import Resilience
import Storage
import Testing
import Timeline

@Suite("Writing to a cache of levels")
struct LayeredWritingTests {
    typealias Level = LayeredCache.Level
    private let fixture: LayeredCacheFixture

    init() throws {
        fixture = try LayeredCacheFixture()
    }

    @Test("after a write every level has the new value, or with write-around none has any", arguments: [false, true])
    func write(around: Bool) throws {
        let strategy: WriteStrategy = around ? .writeAround : .writeThrough
        let settings = try LayeredCacheSettings(reading: LayeredCacheFixture.reading(), writing: strategy)
        var cache = try fixture.open(Level.allCases, settings)
        _ = cache.number("k", at: at(0), load: 1)
        var stored = 0
        let written = try cache.set("k", [2], at: at(1)) {
            stored += 1
            return .done
        }
        #expect(written.failure == nil)
        #expect(written.disagreeing == [])
        #expect(stored == 1)
        #expect(cache.number("k", at: at(1)).0 == (around ? nil : 2))
        try cache.close()
        for level in [Level.files, .node, .database] {
            var alone = try fixture.open([level])
            #expect(alone.number("k", at: at(1)).0 == (around ? nil : 2))
            try alone.close()
        }
    }

    @Test("a value that a level has no room for leaves none of its key there")
    func tooLarge() throws {
        var cache = try fixture.open()
        try cache.set("k", [1], at: at(0))
        try cache.set("k", [UInt8](repeating: 2, count: 5_000), at: at(1))
        try cache.close()
        cache = try fixture.open([.files, .database])
        let (number, source) = cache.number("k", at: at(1))
        #expect(number == 2)
        #expect(source?.level == .database)
        #expect(throws: SettingError.self) {
            try cache.set("k", [3], tags: [String](repeating: "t", count: 33), at: at(1))
        }
    }

    @Test("a level that missed a write is named, and does not hand out what it holds once it is well again")
    func disagreeing() throws {
        var cache = try fixture.open([.node, .database])
        try cache.set("k", [1], at: at(0))
        fixture.network.isDown = true
        #expect(try cache.set("k", [2], at: at(0)).disagreeing == [.node])
        fixture.network.isDown = false
        #expect(cache.number("k", at: at(0)).0 == 2)
        fixture.network.isDown = true
        #expect(cache.remove("k", at: at(1)).disagreeing == [.node])
        fixture.network.isDown = false
        #expect(cache.number("k", at: at(1), load: 3).1?.level == nil)
        #expect(cache.number("k", at: at(1)).1?.level == .node)
        // What must not be read was dropped there, and loaded under a lease; the first read had one from the refused value.
        #expect(fixture.network.node.statistics.leases == 2)
    }

    @Test("a full disk: the file level loses the key instead, or is named")
    func fullDisk() throws {
        var cache = try fixture.open([.files, .database], nil, diskRoom: 2_000)
        try cache.set("k", [1], at: at(0))
        let written = try cache.set("k", [UInt8](repeating: 2, count: 3_000), at: at(0))
        #expect(written.disagreeing == [])
        #expect(cache.number("k", at: at(0)).1?.level == .database)
        #expect(cache.number("k", at: at(0)).0 == 2)
    }

    @Test(
        "a write that the origin does not take changes no level; if nobody knows, none keeps the key",
        arguments: [WriteFailure.unavailable, .rejected, .timedOut])
    func failed(failure: WriteFailure) throws {
        var cache = try fixture.open()
        _ = cache.number("k", at: at(0), load: 1)
        #expect(try cache.set("k", [2], at: at(0)) { .failed(failure) }.failure == failure)
        #expect(cache.number("k", at: at(0)).0 == (failure == .timedOut ? nil : 1))
        #expect(cache.remove("k", at: at(0)) { .failed(failure) }.failure == failure)
        #expect(cache.number("k", at: at(0), load: 3).0 == (failure == .timedOut ? 3 : 1))
    }

    @Test("a tag removes what has it from every level, not what is set afterwards at the same moment")
    func tags() throws {
        var cache = try fixture.open()
        try cache.set("a", [1], tags: ["t", "u"], at: at(0))
        try cache.set("b", [2], tags: ["u"], at: at(0))
        try cache.set("unread", [2], tags: ["u"], at: at(0))
        #expect(cache.remove(tagged: "t", at: at(0)).disagreeing == [])
        #expect(cache.number("a", at: at(0)).1 == nil)
        #expect(cache.number("b", at: at(0)).1?.level == .memory)
        try cache.set("a", [3], tags: ["t"], at: at(0))
        #expect(cache.number("a", at: at(0)).0 == 3)
        try cache.close()
        cache = try fixture.open([.files, .database], at: at(1))
        cache.remove(tagged: "u", at: at(1))
        #expect(cache.number("a", at: at(1)).0 == 3)
        #expect(cache.number("b", at: at(1)).1 == nil)
        try cache.close()
        cache = try fixture.open([.database], at: at(1))
        #expect(cache.number("unread", at: at(1)).1 == nil)
        #expect(cache.number("a", at: at(1)).0 == 3)
    }

    @Test("a node that holds a newer version than is written loses it")
    func versions() throws {
        var cache = try fixture.open([.memory, .node])
        try cache.set("k", [1], version: 7, at: at(0))
        try cache.set("k", [2], version: 5, at: at(0))
        #expect(cache.number("k", at: at(0)).0 == 2)
        #expect(fixture.network.node.count == 0)
        for _ in 0..<5 {
            try cache.set("k", [1], version: 7, at: at(0))
            #expect(try cache.set("k", [2], version: 5, at: at(0)).disagreeing == [])
        }
        // It works; it only knows better.
        #expect(cache.breaker(of: .node).totals.failed == 0)
    }
}
