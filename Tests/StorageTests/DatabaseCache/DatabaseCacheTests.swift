import Caching
import Foundation
import GRDB
import Storage
import Testing
import Timeline

@Suite("Cache in a database")
struct DatabaseCacheTests {
    private let scratch: ScratchFolder
    private var path: String { scratch.file("cache.db") }

    init() throws {
        scratch = try ScratchFolder()
    }

    private func at(_ seconds: Int64) -> Instant { .after(.seconds(seconds)) }

    private func open(
        rows: Int = 1_000, bytes: Int = 1 << 20, pages: Int? = nil, isReadOnly: Bool = false
    ) throws -> DatabaseCache {
        let settings = try DatabaseCacheSettings(
            mostRows: rows, mostBytes: bytes, patience: .milliseconds(20), maximumPages: pages)
        return try DatabaseCache(path: path, settings, isReadOnly: isReadOnly)
    }

    private func number(_ key: String, in cache: inout DatabaseCache) throws -> Int? {
        try cache.get(key, at: .zero)?.value.first.map(Int.init)
    }

    @Test("what was set, replaced and removed is so after a restart too, with all that the envelope holds")
    func restart() throws {
        let full = try CacheEnvelope(
            [1, 2, 3], version: .max, created: at(1), expires: at(50), staleUntil: at(60), tags: ["user:1", ""])
        var cache = try open()
        try cache.set("full", full, at: at(1))
        try cache.set("négatif", try CacheEnvelope(nil, created: at(1)), at: at(1))
        for number in 1...3 { try cache.set("replaced", try envelope(number), at: at(1)) }
        try cache.set("", try envelope(4), at: at(1))
        #expect(try cache.remove("") && cache.remove("") == false)
        try cache.close()
        cache = try open()
        #expect(try cache.get("full", at: at(2)) == full)
        #expect(try cache.get("négatif", at: at(2))?.isNegative == true)
        #expect(try number("replaced", in: &cache) == 3)
        #expect(try cache.get("", at: at(2)) == nil)
        #expect(try cache.size().rows == 3 && cache.statistics.hits == 3 && cache.statistics.misses == 1)
    }

    @Test("what has expired is not handed out; stale only on request, and not for ever")
    func expiry() throws {
        var cache = try open()
        try cache.set("k", try CacheEnvelope([1], created: at(0), expires: at(10), staleUntil: at(20)), at: at(0))
        #expect(try cache.get("k", at: at(9)) != nil)
        #expect(try cache.get("k", at: at(10)) == nil)
        #expect(try cache.get("k", at: at(19), allowingStale: true) != nil)
        #expect(try cache.get("k", at: at(20), allowingStale: true) == nil)
        #expect(cache.statistics.expired == 2 && cache.statistics.hits == 2)
        #expect(try cache.set("k", try CacheEnvelope([2], created: at(0), expires: at(5)), at: at(5)) == false)
        #expect(try cache.size().rows == 0)
    }

    @Test("a tag drops all that have it, in steps if asked to, and not what has been set again without it")
    func tags() throws {
        var cache = try open()
        for key in 0..<10 {
            try cache.set("\(key)", try envelope(key, tags: ["all", "of \(key % 2)", "all"]), at: .zero)
        }
        try cache.set("4", try envelope(4, tags: ["of 1"]), at: .zero)
        #expect(try cache.remove(tagged: "of 0", limit: 3) == 3)
        #expect(try cache.remove(tagged: "of 0") == 1)
        #expect(try cache.remove(tagged: "none") == 0)
        #expect(try cache.remove(tagged: "of 1") == 6)
        #expect(try cache.size().rows == 0 && cache.size().bytes == 0)
        #expect(try scratch.shell("SELECT count(*) FROM entry_tag", path) == ["0"])
    }

    @Test("what has ended is purged in steps, those first that ended first")
    func purge() throws {
        var cache = try open()
        for key in 0..<10 {
            let ends = at(Int64(10 - key))
            try cache.set("\(key)", try CacheEnvelope([1], created: .zero, expires: ends), at: .zero)
        }
        #expect(try cache.purge(at: at(6), limit: 4) == 4)
        #expect(try cache.get("6", at: .zero) == nil)
        #expect(try cache.get("5", at: .zero) != nil)
        #expect(try cache.purge(at: at(6), limit: 4) == 2)
        #expect(try cache.purge(at: at(6), limit: 4) == 0 && cache.purge(at: at(60), limit: -1) == 0)
        #expect(cache.statistics.evictions[.expired] == 6)
    }

    @Test("for want of room what has ended leaves first, then what was written least recently, by rows or by bytes")
    func eviction() throws {
        var cache = try open(rows: 3)
        for key in 1...3 { try cache.set("\(key)", try envelope(key), at: at(0)) }
        try cache.set("2", try CacheEnvelope([9], created: at(0), expires: at(5)), at: at(0))
        try cache.set("4", try envelope(4), at: at(5))
        #expect(try cache.get("1", at: at(5)) != nil && cache.statistics.evictions[.expired] == 1)
        try cache.set("1", try envelope(11), at: at(5))
        try cache.set("5", try envelope(5), at: at(5))
        #expect(try cache.get("3", at: at(5)) == nil && cache.statistics.evictions[.capacity] == 1)
        #expect(try number("1", in: &cache) == 11)
        try cache.close()
        cache = try open(bytes: 2_500)
        for key in 10..<30 { try cache.set("\(key)", try envelope(key, length: 1_000), at: at(5)) }
        #expect(try cache.size().rows == 2 && cache.size().bytes <= 2_500)
        #expect(try number("29", in: &cache) == 29)
        #expect(try cache.set("29", try envelope(1, length: 2_500), at: at(5)) == false)
        #expect(try cache.get("29", at: at(5)) == nil)
    }

    @Test("a batch is there as a whole or not at all, and of two for one key the last counts")
    func batch() throws {
        var cache = try open(pages: 60)
        let small = [("a", try envelope(1)), ("b", try envelope(2)), ("a", try envelope(3))]
        #expect(try cache.set(small, at: .zero) == 3)
        let large = try (0..<300).map { (key: "\($0)", envelope: try envelope($0, length: 1_000)) }
        let before = cache.statistics
        #expect(throws: StorageError.full(path)) { try cache.set(large, at: .zero) }
        #expect(try cache.size().rows == 2 && cache.statistics == before)
        #expect(try number("a", in: &cache) == 3)
        #expect(try cache.set("c", try envelope(4), at: .zero))
        try cache.close()
        cache = try open()
        #expect(try cache.set(large, at: .zero) == 300)
        #expect(try cache.size().rows == 303 && cache.removeAll() == 303)
        #expect(try cache.size().bytes == 0)
    }

    @Test("a file that another program holds is a typed error after the patience, and all is well when it lets go")
    func busy() throws {
        var cache = try open()
        try cache.set("a", try envelope(1), at: .zero)
        let other = try DatabaseQueue(path: path)
        try other.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN IMMEDIATE")
            #expect(throws: StorageError.locked(path)) { try cache.set("a", try envelope(2), at: .zero) }
            #expect(throws: StorageError.locked(path)) { try cache.purge(at: .zero) }
            #expect(try number("a", in: &cache) == 1)
            try database.execute(sql: "ROLLBACK")
        }
        try cache.set("a", try envelope(2), at: .zero)
        #expect(try number("a", in: &cache) == 2)
    }

    @Test("opened for reading it is read, and a set is a typed error")
    func readOnly() throws {
        #expect(throws: StorageError.absent(path, "cache database")) { _ = try open(isReadOnly: true) }
        var cache = try open()
        try cache.set("a", try envelope(1), at: .zero)
        var reader = try open(isReadOnly: true)
        #expect(try number("a", in: &reader) == 1)
        #expect(throws: StorageError.readOnly(path)) { try reader.set("a", try envelope(2), at: .zero) }
        #expect(throws: StorageError.readOnly(path)) { try reader.remove("a") }
        #expect(reader.statistics.insertions == 0)
    }

    @Test("an entry that is damaged is an error once, then a miss")
    func damaged() throws {
        var cache = try open()
        try cache.set("a", try envelope(1), at: .zero)
        try cache.set("b", try envelope(2), at: .zero)
        let other = try DatabaseQueue(path: path)
        try other.write { database in
            try database.execute(sql: "UPDATE entry SET envelope = x'0102' || substr(envelope, 3) WHERE key = 'a'")
        }
        #expect(throws: StorageError.damagedEntry(path, "number 1")) { _ = try cache.get("a", at: .zero) }
        #expect(try number("a", in: &cache) == nil)
        #expect(try number("b", in: &cache) == 2)
        #expect(cache.statistics.lookups == 3 && cache.statistics.misses == 2)
    }

    @Test("a file of another kind is named as such, and a closed cache says so")
    func foreign() throws {
        try Data("no database at all, but long enough".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: StorageError.foreign(path, "cache database")) { _ = try open() }
        try FileManager.default.removeItem(atPath: path)
        var cache = try open()
        try cache.close()
        #expect(throws: StorageError.other(path, "the cache is closed")) { _ = try cache.get("a", at: .zero) }
    }

    @Test("random operations by two openers and restarts: it is a dictionary", arguments: 1...6)
    func model(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "database", purpose: "operations")
        var caches = [try open(), try open()]
        var model: [String: (number: Int, tag: String)] = [:]
        for step in 0..<150 {
            let (key, which) = ("key \(random.below(12))", Int(random.below(2)))
            let tag = "tag \(random.below(4))"
            switch random.below(24) {
            case 0..<8:
                try caches[which].set(key, try envelope(step, length: 1, tags: [tag]), at: .zero)
                model[key] = (step, tag)
            case 8, 9:
                #expect(try caches[which].remove(key) == (model.removeValue(forKey: key) != nil))
            case 10:
                let count = model.count
                model = model.filter { $0.value.tag != tag }
                #expect(try caches[which].remove(tagged: tag) == count - model.count)
            case 11:
                try caches[which].close()
                caches[which] = try open()
            default:
                #expect(try number(key, in: &caches[which]) == model[key]?.number, "operation \(step)")
            }
        }
        #expect(try caches[0].size().rows == model.count)
    }

    @Test(
        "settings out of range are refused by name",
        arguments: [
            (0, 1, 0, nil, "mostRows"), (1, 0, 0, nil, "mostBytes"), (1, 1, -1, nil, "patience"),
            (1, 1, 61, nil, "patience"), (1, 1, 0, 0, "maximumPages"),
        ] as [(Int, Int, Int64, Int?, String)])
    func refusedSettings(rows: Int, bytes: Int, patience: Int64, pages: Int?, name: String) {
        let error = #expect(throws: SettingError.self) {
            try DatabaseCacheSettings(
                mostRows: rows, mostBytes: bytes, patience: .seconds(patience), maximumPages: pages)
        }
        #expect(error?.setting == name)
    }
}
