import Caching
import Foundation
import Storage
import Testing
import Timeline

@Suite("File cache after crashes and damage")
struct FileCacheDamageTests {
    private let fixture: FileCacheFixture

    init() throws {
        fixture = try FileCacheFixture()
    }

    /// What has been done to a file of some length: what keys hold then.
    private struct Moment {
        let length: Int
        let numbers: [String: Int]
    }

    /// A short log of every kind of record, and what is held after each of them.
    private func shortLog() throws -> [Moment] {
        var cache = try fixture.open()
        var moments = [Moment(length: 0, numbers: [:])]
        func note(_ cache: borrowing FileCache, _ numbers: [String: Int]) {
            moments.append(Moment(length: cache.bytes, numbers: numbers))
        }
        try cache.set("a", try envelope(1), at: .zero)
        note(cache, ["a": 1])
        try cache.set("b", try envelope(2, length: 20, tags: ["t"]), at: .zero)
        note(cache, ["a": 1, "b": 2])
        try cache.set("a", try envelope(3), at: .zero)
        note(cache, ["a": 3, "b": 2])
        try cache.remove("b", at: .zero)
        note(cache, ["a": 3])
        try cache.removeAll(at: .zero)
        note(cache, [:])
        try cache.set("b", try envelope(4), at: .zero)
        note(cache, ["b": 4])
        return moments
    }

    private func numbers(_ cache: inout FileCache) throws -> [String: Int] {
        var numbers: [String: Int] = [:]
        for key in ["a", "b"] { numbers[key] = try number(key, in: &cache) }
        return numbers
    }

    @Test("a write torn at any byte is cut off, everything before it is served, and the log goes on")
    func torn() throws {
        let moments = try shortLog()
        let name = try #require(try fixture.segments().last)
        let bytes = try fixture.bytes(name)
        #expect(bytes.count == moments.last?.length)
        for length in 0...bytes.count {
            try fixture.write(bytes.prefix(length), to: name)
            let whole = try #require(moments.last { $0.length <= length })
            var cache = try fixture.open()
            #expect(try numbers(&cache) == whole.numbers, "cut to \(length)")
            try cache.set("a", try envelope(9), at: .zero)
            cache.close()
            cache = try fixture.open()
            let expected = whole.numbers.merging(["a": 9]) { $1 }
            #expect(try numbers(&cache) == expected, "cut to \(length), and gone on")
        }
    }

    @Test("zeros and garbage behind the last record, as a power cut leaves them, are cut off")
    func garbage() throws {
        let moments = try shortLog()
        let name = try #require(try fixture.segments().last)
        let bytes = try fixture.bytes(name)
        let tails: [[UInt8]] = [
            [UInt8](repeating: 0, count: 500), [UInt8](repeating: 1, count: 500), Array(bytes.dropFirst(24)),
        ]
        for tail in tails {
            try fixture.write(bytes + tail, to: name)
            var cache = try fixture.open()
            let held = try numbers(&cache)
            #expect(held == moments.last?.numbers && cache.bytes == bytes.count)
        }
        try fixture.write([UInt8](repeating: 0, count: 4_096), to: name)
        var cache = try fixture.open()
        #expect(try numbers(&cache) == [:])
    }

    /// Fills several segments with two rounds over the same keys, the second with other numbers; removes some.
    private func filled() throws -> [String: Int] {
        var cache = try fixture.open(segments: 8, reinsertsHits: false)
        var held: [String: Int] = [:]
        for step in 0..<110 {
            let key = "\(step % 55)"
            if step % 10 == 9 {
                try cache.remove(key, at: .zero)
                held[key] = nil
            } else {
                try cache.set(key, try envelope(step, length: 1_000), at: .zero)
                held[key] = step
            }
        }
        return held
    }

    @Test("a change anywhere in the middle of the log never brings back what was replaced or removed")
    func middle() throws {
        let held = try filled()
        let names = try fixture.segments()
        let whole = try names.map { try fixture.bytes($0) }
        #expect(names.count == 4)
        for seed in 0..<50 as Range<UInt64> {
            var random = RandomStream(seed: seed, name: "file", purpose: "damage")
            for (name, bytes) in zip(names, whole) { try fixture.write(bytes, to: name) }
            let place = Int(random.below(UInt64(names.count - 1)))
            try fixture.write(damaged(whole[place], &random), to: names[place])
            var cache = try fixture.open(segments: 8)
            var found = 0
            for key in 0..<55 {
                guard let value = try number("\(key)", in: &cache) else { continue }
                found += 1
                #expect(value == held["\(key)"], "seed \(seed), key \(key)")
            }
            // What the last segment holds is there in any case.
            #expect(found >= 5 && found == cache.count, "seed \(seed)")
            #expect(cache.statistics.damaged >= 1 && found <= held.count, "seed \(seed)")
        }
    }

    @Test("a segment in the middle that is cut off at the end of a record, or to nothing, takes what is older with it")
    func cutBetweenRecords() throws {
        let held = try filled()
        let names = try fixture.segments()
        let whole = try names.map { try fixture.bytes($0) }
        // Each record of the first ones has a head of 12 bytes, a key of 2, and a frame of 31 around 1000 bytes.
        for length in [0, 24, 24 + 1_045] {
            for (name, bytes) in zip(names, whole) { try fixture.write(bytes, to: name) }
            try fixture.write(whole[1].prefix(length), to: names[1])
            var cache = try fixture.open(segments: 8)
            #expect(cache.statistics.damaged >= 1 && (1..<held.count).contains(cache.count), "cut to \(length)")
            for key in 0..<55 {
                let value = try number("\(key)", in: &cache)
                #expect(value == nil || value == held["\(key)"], "cut to \(length), key \(key)")
            }
        }
    }

    /// A segment that is cut off, or has bits changed behind the four bytes that say what kind of file it is.
    private func damaged(_ bytes: [UInt8], _ random: inout RandomStream) -> [UInt8] {
        if random.chance(0.3) { return Array(bytes.dropLast(1 + Int(random.below(UInt64(bytes.count))))) }
        var bytes = bytes
        for _ in 0...random.below(4) {
            bytes[4 + Int(random.below(UInt64(bytes.count - 4)))] ^= 1 << UInt8(random.below(8))
        }
        return bytes
    }

    @Test("a segment that is missing takes what is older with it")
    func gap() throws {
        let held = try filled()
        let names = try fixture.segments()
        try fixture.delete(names[1])
        var cache = try fixture.open(segments: 8)
        #expect(try fixture.segments() == Array(names.dropFirst(2)))
        #expect((1..<held.count).contains(cache.count))
        for key in 0..<55 {
            let value = try number("\(key)", in: &cache)
            #expect(value == nil || value == held["\(key)"])
        }
    }

    @Test("an entry that is damaged while the cache is open is an error once, then a miss")
    func damagedEntry() throws {
        var cache = try fixture.open()
        try cache.set("a", try envelope(1, length: 100), at: .zero)
        try cache.set("b", try envelope(2, length: 100), at: .zero)
        let name = try #require(try fixture.segments().first)
        let handle = try #require(FileHandle(forUpdatingAtPath: "\(fixture.folder)/\(name)"))
        try handle.seek(toOffset: 100)
        try handle.write(contentsOf: [0])
        try handle.close()
        let path = "\(fixture.folder)/\(name)"
        do {
            _ = try cache.get("a", at: .zero)
            Issue.record("damage was handed out")
        } catch {
            #expect(error == .damagedEntry(path, "at byte 24"))
        }
        #expect(try number("a", in: &cache) == nil)
        #expect(try number("b", in: &cache) == 2)
        #expect(cache.statistics.damaged == 1 && cache.count == 1)
    }

    @Test("a full disk is an error that leaves everything as it was, and a removal makes no room but counts")
    func full() throws {
        var cache = try fixture.open(diskRoom: 10_000)
        var stored = 0
        let refusal = #expect(throws: StorageError.self) {
            while stored < 100 {
                try cache.set("\(stored)", try envelope(stored, length: 1_000), at: .zero)
                stored += 1
            }
        }
        let name = try #require(try fixture.segments().first)
        #expect(refusal == .full("\(fixture.folder)/\(name)") && stored == 9)
        #expect(throws: StorageError.self) { try cache.set("0", try envelope(77, length: 1_000), at: .zero) }
        for key in 0..<stored { #expect(try number("\(key)", in: &cache) == key) }
        try cache.set("small", try envelope(8), at: .zero)
        cache.close()
        cache = try fixture.open()
        for key in 0..<stored { #expect(try number("\(key)", in: &cache) == key) }
        #expect(cache.count == 10)
    }

    @Test("other files are left alone, and one that stands where a segment should is named, and not touched")
    func foreign() throws {
        var cache = try fixture.open()
        try cache.set("a", try envelope(1), at: .zero)
        cache.close()
        try fixture.write(Array("mine".utf8), to: "segment-notes")
        cache = try fixture.open()
        try cache.removeAll(at: .zero)
        cache.close()
        #expect(try fixture.bytes("segment-notes") == Array("mine".utf8))
        let content = Array("no segment at all, though it has the name of one".utf8)
        try fixture.write(content, to: "segment-00000000000000000000")
        let path = "\(fixture.folder)/segment-00000000000000000000"
        let refusal = #expect(throws: StorageError.self) { _ = try fixture.open() }
        #expect(refusal == .foreign(path, "file cache"))
        #expect(try fixture.bytes("segment-00000000000000000000") == content)
    }

    @Test("a folder that cannot be made, or is none, is a typed error")
    func noFolder() throws {
        let settings = try FileCacheSettings(capacity: 1 << 26)
        let missing = #expect(throws: StorageError.self) {
            _ = try FileCache.open(folder: fixture.folder + "/a/b", settings)
        }
        #expect(missing == .cannotOpen(fixture.folder + "/a/b", "No such file or directory"))
        #expect(throws: StorageError.self) { _ = try FileCache.open(folder: "/dev/null", settings) }
    }

    @Test("a folder that may not be written", .disabled(if: getuid() == 0, "root may write everywhere"))
    func readOnly() throws {
        try fixture.open().close()
        try FileManager.default.removeItem(atPath: fixture.folder + "/lock")
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: fixture.folder)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fixture.folder) }
        let refusal = #expect(throws: StorageError.self) { _ = try fixture.open() }
        #expect(refusal == .readOnly(fixture.folder + "/lock"))
    }
}
