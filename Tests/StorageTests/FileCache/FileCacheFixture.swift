import Caching
import Foundation
import Storage
import Testing
import Timeline

/// A file cache in a folder of its own, closed and opened again at will.
struct FileCacheFixture {
    private let scratch: ScratchFolder
    var folder: String { scratch.file("cache") }

    init() throws {
        scratch = try ScratchFolder()
    }

    /// The smallest segments there are.
    static let segmentSize = 32 << 10

    func open(
        segments: Int = 4, reinsertsHits: Bool = true, diskRoom: Int? = nil
    ) throws -> FileCache {
        let settings = try FileCacheSettings(
            capacity: segments * Self.segmentSize, segmentSize: Self.segmentSize, longestValue: 4_096,
            reinsertsHits: reinsertsHits, diskRoom: diskRoom)
        return try FileCache.open(folder: folder, settings)
    }

    /// The names of the segments, the oldest first.
    func segments() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("segment-") }.sorted()
    }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
    }

    /// Makes a file anew, without waiting for the disk as `Data` does.
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try? delete(name)
        let file = try #require(fopen("\(folder)/\(name)", "w"))
        let bytes = Array(bytes)
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count && fclose(file) == 0)
    }

    func delete(_ name: String) throws {
        try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
}

/// A value of one number, repeated, that does not end.
func envelope(_ number: Int, length: Int = 4, tags: [String] = []) throws -> CacheEnvelope {
    try CacheEnvelope([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: length), created: .zero, tags: tags)
}

/// The number in the value of a key; nil if it is not held.
func number(_ key: String, in cache: inout FileCache, at now: Instant = .zero) throws -> Int? {
    try cache.get(key, at: now)?.value.first.map(Int.init)
}
