public import Timeline

/// What the nodes of a cluster have written of all partitions, each entry with the one that it was written behind.
///
/// The history of one node is the way from its last entry back to the beginning. As long as all agree there is one way
/// for each partition; leaders that write without knowing of each other make it fork. Entries are never removed: what
/// no node's way leads over any more is what was lost.
public struct HistoryTree: Hashable, Sendable {
    /// One event in a history, or the mark of a new leader.
    public struct Entry: Hashable, Sendable {
        /// The number of its stream; ``leaderMark`` for the mark that a leader writes when it begins.
        public let stream: UInt32
        /// Where it stands in its stream.
        public let version: StreamVersion
        /// Its id.
        public let id: EventID
        /// Where it stands in the log of all partitions; ``Position/start`` for a leader's mark.
        public let position: Position
        /// The epoch of the leader that wrote it.
        public let epoch: UInt32
        /// How many entries its history has with it.
        public let length: UInt32
        /// The entry that it was written behind; 0 for none.
        public let previous: UInt32
        /// The entry before it in its stream; 0 for none.
        public let previousInStream: UInt32
        /// Whether it is the last of its append: histories end only there.
        public let endsAppend: Bool
        /// What its author knows it by.
        public let payload: UInt64
        /// When the leader wrote it.
        public let writtenAt: Instant

        /// The stream of a leader's marks.
        public static let leaderMark = UInt32.max
    }

    private var entries = SegmentedArray<Entry>(segment: 1_024)

    /// A tree without entries.
    public init() {}

    /// How many entries there are; they are numbered from 1.
    public var count: UInt32 { UInt32(entries.count) }

    /// The entry of a number from 1 to ``count``.
    public subscript(number: UInt32) -> Entry { entries[Int(number) - 1] }

    /// Adds an entry; returns its number.
    mutating func add(_ entry: Entry) -> UInt32 {
        entries.append(entry)
        return count
    }

    /// How many entries a history has that ends with this one; 0 for none.
    public func length(of tip: UInt32) -> UInt32 { tip == 0 ? 0 : self[tip].length }

    /// The entry of a history with which it had this length; 0 for none.
    public func ancestor(of tip: UInt32, length: UInt32) -> UInt32 {
        var entry = tip
        while entry != 0, self[entry].length > length { entry = self[entry].previous }
        return entry
    }

    /// Whether a history leads over an entry; every history leads over none.
    public func leads(_ tip: UInt32, over entry: UInt32) -> Bool {
        ancestor(of: tip, length: length(of: entry)) == entry
    }

    /// The last entry that two histories have in common; 0 if they have none.
    public func fork(of one: UInt32, and other: UInt32) -> UInt32 {
        let common = min(length(of: one), length(of: other))
        var (left, right) = (ancestor(of: one, length: common), ancestor(of: other, length: common))
        while left != right {
            left = self[left].previous
            right = self[right].previous
        }
        return left
    }
}
