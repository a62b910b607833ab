public import Caching

/// What a file-backed cache has done since it was opened.
///
/// Every entry that was inserted or recovered is either still held, or counted once in the evictions or as damaged.
public struct FileCacheStatistics: Hashable, Sendable {
    /// Lookups, insertions, and why entries left; dropped with their segment counts as for want of capacity.
    public var cache = CacheStatistics()
    /// Entries that were found when it was opened, damaged ones included.
    public var recovered = 0
    /// Entries that were written again because they had been read, and not dropped with their segment.
    public var reinsertions = 0
    /// Entries that were found damaged, when it was opened or when they were read.
    public var damaged = 0
    /// The bytes of keys, values and tags that callers have given to keep.
    public var bytesFromCallers = 0
    /// The bytes written to files, with frames, tombstones and reinsertions.
    public var bytesToDisk = 0

    /// Nothing done yet.
    public init() {}

    /// How many bytes are written for each byte that a caller gives, by this program alone: what file system and device
    /// add is not known here. Nil before the first.
    public var writeAmplification: Double? {
        bytesFromCallers == 0 ? nil : Double(bytesToDisk) / Double(bytesFromCallers)
    }
}
