public import Timeline

/// How a file-backed cache is set; every value has been checked.
public struct FileCacheSettings: Hashable, Sendable {
    /// The sizes that a segment can have, in bytes.
    public static let segmentSizes = 32 << 10...256 << 20
    /// How many segments there can be.
    public static let segmentCounts = 2...512
    /// What an entry may take in its segment besides its value: key, tags and frames.
    static let mostOverhead = 12 << 10

    /// The most bytes that all segments have together.
    public let capacity: Int
    /// The most bytes that one segment has: what is dropped at once.
    public let segmentSize: Int
    /// The longest value that is taken in, in bytes.
    public let longestValue: Int
    /// Whether entries of the oldest segment that were read since they were written get another round.
    public let reinsertsHits: Bool
    /// The most bytes that the disk is assumed to have room for; nil for what it really has. To try out a full disk.
    public let diskRoom: Int?

    /// Checks the settings.
    /// - Parameters:
    ///   - capacity: 2 to 512 times the size of a segment.
    ///   - segmentSize: 32 KiB to 256 MiB; 4 MiB by default.
    ///   - longestValue: 0 to half a segment less 12 KiB, so that two entries fit in every segment; 1 MiB by default.
    ///   - reinsertsHits: yes by default.
    ///   - diskRoom: 0 or more, or nil.
    /// - Throws: a ``Timeline/SettingError`` that names the first setting out of its range.
    public init(
        capacity: Int, segmentSize: Int = 4 << 20, longestValue: Int = 1 << 20, reinsertsHits: Bool = true,
        diskRoom: Int? = nil
    ) throws(SettingError) {
        guard Self.segmentSizes.contains(segmentSize) else {
            throw SettingError("segmentSize", given: segmentSize, allowed: "32768 to 268435456 bytes")
        }
        guard Self.segmentCounts.contains(capacity / segmentSize), capacity <= 512 * segmentSize else {
            throw SettingError(
                "capacity", given: capacity,
                allowed: "\(2 * segmentSize) to \(512 * segmentSize) bytes (2 to 512 segments)")
        }
        let longest = segmentSize / 2 - Self.mostOverhead
        guard (0...longest).contains(longestValue) else {
            throw SettingError(
                "longestValue", given: longestValue, allowed: "0 to \(longest) bytes (half a segment less 12 KiB)")
        }
        if let diskRoom, diskRoom < 0 { throw SettingError("diskRoom", given: diskRoom, allowed: "0 or more bytes") }
        self.capacity = capacity
        self.segmentSize = segmentSize
        self.longestValue = longestValue
        self.reinsertsHits = reinsertsHits
        self.diskRoom = diskRoom
    }
}
