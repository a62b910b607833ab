public import Caching
import Foundation
public import Timeline

/// A cache in files: the level for a local disk, larger and slower than memory, and still there after a restart.
///
/// It is a log, as caches on flash have it (CacheLib's Navy, Kangaroo): entries are appended to segment files of a fixed
/// size, an index in memory says where each key's newest one stands, and when there is no more room the oldest segment
/// is dropped as a whole. So all writes are sequential, and nothing is ever written in place. Entries of that segment
/// that were read since they were written are appended again, up to half a segment, which makes it FIFO with reinsertion
/// (the CLOCK of a log); ``FileCacheSettings/reinsertsHits`` turns that off.
///
/// - **Restart**: opening reads all segments once and rebuilds the index. A removal is written too (a tombstone), so it
///   survives. For that reason the moments that are passed have to be wall time, see ``Caching/CacheEnvelope``.
/// - **Crash**: what a killed process has written is there; a record that was only half written is cut off, and everything
///   before it is served. After a power cut, what came last may be missing, removals too, unless ``synchronize()`` was
///   called after them.
/// - **Damage**: what does not have the checksum that it was written with is never handed out, and where a removal or a
///   newer value may have been lost in the middle of the log, everything older is dropped. Damage in the newest segment
///   cannot be told from a power cut, and is treated as one.
/// - **Errors** leave it as it was before the call, but for removals, which count even if they could not be written. A
///   caller may treat every error as a miss and go on.
///
/// One opener at a time; a second one is refused. It costs memory for each entry: its key and about 100 bytes.
public struct FileCache: ~Copyable, Sendable {
    /// The longest key, in bytes of UTF-8; a longer one is never held.
    public static let longestKey = 1_024

    /// Where a key's newest entry stands.
    struct Place {
        var segment: UInt64
        var offset: Int
        var length: Int
        var expires: Instant
        var staleUntil: Instant
        var wasRead = false
    }

    /// A file of the log, and what was appended to it.
    struct Segment {
        var file: SegmentFile
        var length: Int
        /// The keys whose values it holds or held, as often as they were set, in order.
        var keys: [[UInt8]] = []
    }

    /// How it is set.
    public let settings: FileCacheSettings
    /// What it has done since it was opened.
    public internal(set) var statistics = FileCacheStatistics()
    let folder: String
    let lock: FolderLock
    /// By bytes, since texts that are equal to people may be different keys.
    var index: [[UInt8]: Place] = [:]
    /// The oldest first, numbered without gaps; the last is appended to.
    var segments: [Segment] = []

    /// Opens a cache, or makes an empty one.
    /// - Parameters:
    ///   - folder: where the files are; it is made if it is not there. Other files in it are left alone.
    ///   - settings: how it is set; may differ from when it was last open.
    /// - Throws: why it cannot be opened: another opener holds it, or it may not be written, or something else stands
    ///   where its files should.
    public static func open(
        folder: String, _ settings: FileCacheSettings
    ) throws(StorageError) -> FileCache {
        if mkdir(folder, 0o755) != 0 && errno != EEXIST { throw StorageError(system: errno, path: folder) }
        var cache = FileCache(folder, settings, try FolderLock(folder: folder))
        try cache.recover()
        return cache
    }

    private init(_ folder: String, _ settings: FileCacheSettings, _ lock: FolderLock) {
        self.folder = folder
        self.settings = settings
        self.lock = lock
    }

    /// Closes it. What was written is there also if this is never called.
    public consuming func close() {}

    /// How many entries it holds, those included that have ended unnoticed.
    public var count: Int { index.count }

    /// How many bytes all segments have together; never more than ``FileCacheSettings/capacity``.
    public var bytes: Int { segments.reduce(0) { $0 + $1.length } }

    /// What is held for a key, if it is live.
    /// - Parameter allowingStale: whether a value that has expired will do, as long as it may be used stale.
    /// - Throws: why it could not be read; a damaged entry is dropped.
    public mutating func get(
        _ key: String, at now: Instant, allowingStale: Bool = false
    ) throws(StorageError) -> CacheEnvelope? {
        let key = Array(key.utf8)
        guard let place = index[key] else {
            statistics.cache.misses += 1
            return nil
        }
        guard now < place.staleUntil, allowingStale || now < place.expires else {
            statistics.cache.expired += 1
            if now >= place.staleUntil { drop(key, because: .expired) }
            return nil
        }
        let envelope: CacheEnvelope
        do {
            envelope = try read(key, at: place)
        } catch {
            statistics.cache.misses += 1
            throw error
        }
        statistics.cache.hits += 1
        if !place.wasRead { index[key]?.wasRead = true }
        return envelope
    }

    mutating func read(_ key: [UInt8], at place: Place) throws(StorageError) -> CacheEnvelope {
        let file = segment(place.segment).file
        let bytes = try file.read(place.offset..<place.offset + place.length)
        let expected = SegmentRecord.Place(segment: place.segment, offset: place.offset)
        if let record = SegmentRecord(bytes.span, at: expected), record.kind == .value, record.key == key,
            let envelope = try? CacheEnvelope(decoding: bytes.span.extracting(record.payload))
        {
            return envelope
        }
        index[key] = nil
        statistics.damaged += 1
        throw StorageError.damagedEntry(file.path, "at byte \(place.offset)")
    }

    /// The segment of a number that is in the index.
    func segment(_ number: UInt64) -> Segment { segments[Int(number - segments[0].file.number)] }

    /// A key's entry is there no more.
    mutating func drop(_ key: [UInt8], because cause: EvictionCause) {
        if index.removeValue(forKey: key) != nil { statistics.cache.evictions[cause] += 1 }
    }
}
