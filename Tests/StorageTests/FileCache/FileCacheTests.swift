import Caching
import Foundation
import Storage
import Testing
import Timeline

@Suite("File cache")
struct FileCacheTests {
    private let fixture: FileCacheFixture

    init() throws {
        fixture = try FileCacheFixture()
    }

    private func at(_ seconds: Int64) -> Instant { .after(.seconds(seconds)) }

    @Test("what was set, replaced and removed is so after a restart too, with all that the envelope holds")
    func restart() throws {
        let full = try CacheEnvelope(
            [1, 2, 3], version: 9, created: at(1), expires: at(50), staleUntil: at(60), tags: ["user:1", ""])
        var cache = try fixture.open()
        try cache.set("full", full, at: at(1))
        try cache.set("négatif", try CacheEnvelope(nil, created: at(1)), at: at(1))
        for number in 1...3 { try cache.set("replaced", try envelope(number), at: at(1)) }
        try cache.set("removed", try envelope(4), at: at(1))
        #expect(try cache.remove("removed", at: at(1)))
        #expect(try cache.remove("absent", at: at(1)) == false)
        cache.close()
        cache = try fixture.open()
        #expect(try cache.get("full", at: at(2)) == full)
        #expect(try cache.get("négatif", at: at(2))?.isNegative == true)
        #expect(try number("replaced", in: &cache) == 3)
        #expect(try cache.get("removed", at: at(2)) == nil)
        #expect(cache.count == 3 && cache.statistics.recovered == 3)
    }

    @Test("what has expired is not handed out, before a restart or after; stale only on request, and not for ever")
    func expiry() throws {
        var cache = try fixture.open()
        try cache.set("k", try CacheEnvelope([1], created: at(0), expires: at(10), staleUntil: at(20)), at: at(0))
        for _ in 0..<2 {
            #expect(try cache.get("k", at: at(9)) != nil)
            #expect(try cache.get("k", at: at(10)) == nil)
            #expect(try cache.get("k", at: at(19), allowingStale: true) != nil)
            #expect(try cache.get("k", at: at(20), allowingStale: true) == nil)
            #expect(cache.count == 0 && cache.statistics.cache.expired == 2 && cache.statistics.cache.hits == 2)
            cache.close()
            cache = try fixture.open()
        }
    }

    @Test("everything is removed at once, for after a restart too, and what comes afterwards is held")
    func removeAll() throws {
        var cache = try fixture.open()
        for key in 0..<60 { try cache.set("\(key)", try envelope(key, length: 1_000), at: .zero) }
        let held = cache.count
        #expect(try cache.removeAll(at: .zero) == held)
        try cache.set("5", try envelope(55), at: .zero)
        #expect(try fixture.segments().count == 1 && cache.count == 1)
        cache.close()
        cache = try fixture.open()
        #expect(try number("5", in: &cache) == 55 && cache.count == 1)
    }

    @Test("keys and values that are too long, or over already, are not taken in, and a former value is gone")
    func refused() throws {
        var cache = try fixture.open()
        let longKey = String(repeating: "é", count: 513)
        #expect(try cache.set(longKey, try envelope(1), at: .zero) == false)
        #expect(try cache.get(longKey, at: .zero) == nil)
        #expect(try cache.set(String(longKey.dropLast()), try envelope(1, length: 4_096), at: .zero))
        for key in ["long", "over"] { try cache.set(key, try envelope(1), at: .zero) }
        #expect(try cache.set("long", try envelope(2, length: 4_097), at: .zero) == false)
        #expect(try cache.set("over", try CacheEnvelope([2], created: at(0), expires: at(5)), at: at(5)) == false)
        #expect(try cache.get("long", at: .zero) == nil && cache.count == 1)
    }

    @Test("keys that look the same but have other bytes are two keys")
    func normalization() throws {
        var cache = try fixture.open()
        try cache.set("\u{e9}", try envelope(1), at: .zero)
        try cache.set("e\u{301}", try envelope(2), at: .zero)
        #expect(try number("\u{e9}", in: &cache) == 1 && cache.count == 2)
    }

    @Test("the oldest segment is dropped for want of room, and the bytes on disk never exceed the capacity")
    func eviction() throws {
        var cache = try fixture.open(reinsertsHits: false)
        var largest = 0
        for key in 0..<200 {
            try cache.set("\(key)", try envelope(key, length: 1_000), at: .zero)
            largest = max(largest, cache.bytes)
        }
        #expect((3 * FileCacheFixture.segmentSize...4 * FileCacheFixture.segmentSize).contains(largest))
        let onDisk = try fixture.segments().reduce(0) { try $0 + fixture.bytes($1).count }
        #expect(onDisk == cache.bytes && (90...130).contains(cache.count))
        let first = 200 - cache.count
        #expect(try number("\(first - 1)", in: &cache) == nil)
        #expect(try number("\(first)", in: &cache) == first)
        #expect(cache.statistics.cache.evictions[.capacity] == first)
        let amplification = try #require(cache.statistics.writeAmplification)
        #expect((1.0...1.1).contains(amplification))
    }

    @Test("an entry that is read stays, as long as it is read; one that is not read again leaves in the next round")
    func reinsertion() throws {
        var cache = try fixture.open()
        try cache.set("read", try envelope(1, length: 1_000), at: .zero)
        try cache.set("read once", try envelope(2, length: 1_000), at: .zero)
        _ = try cache.get("read once", at: .zero)
        for key in 0..<500 {
            try cache.set("\(key)", try envelope(key, length: 1_000), at: .zero)
            #expect(try number("read", in: &cache) == 1)
            if key == 150 { #expect(cache.count > 80 && cache.statistics.reinsertions == 2) }
        }
        #expect(try number("read once", in: &cache) == nil)
        #expect(cache.statistics.reinsertions > 3 && cache.statistics.reinsertions < 8)
        cache.close()
        cache = try fixture.open()
        #expect(try number("read", in: &cache) == 1)
    }

    @Test("reading everything reinserts at most half a segment at a time, so that new entries come in")
    func reinsertionBound() throws {
        var cache = try fixture.open(segments: 2)
        for key in 0..<100 {
            try cache.set("\(key)", try envelope(key, length: 1_000), at: .zero)
            for other in 0...key { _ = try cache.get("\(other)", at: .zero) }
        }
        let statistics = cache.statistics
        #expect(statistics.reinsertions < 100 && statistics.reinsertions > 25)
        #expect(cache.bytes <= 2 * FileCacheFixture.segmentSize)
        let counted = statistics.cache.insertions - statistics.cache.evictions.total
        #expect(counted == cache.count)
    }

    @Test("a second opener is told, and may open when the first has closed")
    func locked() throws {
        let cache = try fixture.open()
        let refusal = #expect(throws: StorageError.self) { _ = try fixture.open() }
        #expect(refusal == .locked(fixture.folder))
        #expect(cache.count == 0)
        cache.close()
        let again = try fixture.open()
        #expect(again.count == 0)
    }

    @Test("a smaller capacity drops the oldest at opening, a larger one keeps all")
    func resized() throws {
        var cache = try fixture.open(segments: 6, reinsertsHits: false)
        for key in 0..<300 { try cache.set("\(key)", try envelope(key, length: 1_000), at: .zero) }
        let before = cache.count
        cache.close()
        cache = try fixture.open(segments: 12)
        #expect(cache.count == before)
        cache.close()
        cache = try fixture.open(segments: 2)
        #expect(cache.bytes <= 2 * FileCacheFixture.segmentSize && cache.count < before)
        #expect(try number("299", in: &cache) == 299 % 256)
    }

    @Test(
        "settings out of range are refused by name",
        arguments: [
            (65_535, 32_768, 0, nil, "capacity"), (513 * 32_768, 32_768, 0, nil, "capacity"),
            (1 << 30, 32_767, 0, nil, "segmentSize"), (65_536, 32_768, 4_097, nil, "longestValue"),
            (-1, 32_768, 0, nil, "capacity"), (65_536, 32_768, 0, -1, "diskRoom"),
        ] as [(Int, Int, Int, Int?, String)])
    func refusedSettings(capacity: Int, segment: Int, value: Int, room: Int?, name: String) {
        let error = #expect(throws: SettingError.self) {
            try FileCacheSettings(capacity: capacity, segmentSize: segment, longestValue: value, diskRoom: room)
        }
        #expect(error?.setting == name)
    }
}
