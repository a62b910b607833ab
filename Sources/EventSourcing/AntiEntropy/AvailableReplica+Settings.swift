public import Timeline

extension AvailableReplica {
    /// What becomes of events that were appended in ignorance of one another.
    public enum Resolution: Hashable, Sendable {
        /// All count, and the conflict is listed until an event settles it.
        case keepBoth
        /// The one that stands last counts, with the history that its author saw; all else is superseded, but stays
        /// where it is, and has arrived. Conflicts are noted, but none is listed as open.
        case lastWriterWins
    }

    /// How a cluster is set, the same for all its nodes; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How many nodes there are.
        public let nodes: Int
        /// How many streams there can be; their numbers are the smaller ones.
        public let streams: Int
        /// How many buckets the Merkle tree has.
        public let buckets: Int
        /// How many pairs of hashes, vectors, or runs of entries a message holds at most.
        public let messageItems: Int
        /// How many entries a message holds at most.
        public let messageEntries: Int
        /// How many bytes of a message an entry is taken to fill.
        public let entryBytes: Int
        /// What becomes of conflicts.
        public let resolution: Resolution

        /// Checks the settings.
        /// - Parameters:
        ///   - nodes: 1 to 8.
        ///   - streams: 1 to 16 777 216; 1 048 576. Memory is taken up to the greatest number that is used.
        ///   - buckets: a power of two from 1 to 65 536; 1024. One for every few streams is a good measure.
        ///   - messageItems: 1 to 16; 16.
        ///   - messageEntries: 1 to 65 536; 64.
        ///   - entryBytes: 0 to 1 048 576; 256.
        ///   - resolution: what becomes of conflicts; all events count.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            nodes: Int, streams: Int = 1_048_576, buckets: Int = 1_024, messageItems: Int = 16,
            messageEntries: Int = 64,
            entryBytes: Int = 256, resolution: Resolution = .keepBoth
        ) throws(SettingError) {
            try Self.check("nodes", nodes, in: 1...VersionVector.nodeLimit)
            try Self.check("streams", streams, in: 1...16_777_216)
            _ = try MerkleTree(buckets: buckets)
            try Self.check("messageItems", messageItems, in: 1...16)
            try Self.check("messageEntries", messageEntries, in: 1...65_536)
            try Self.check("entryBytes", entryBytes, in: 0...1_048_576)
            self.nodes = nodes
            self.streams = streams
            self.buckets = buckets
            self.messageItems = messageItems
            self.messageEntries = messageEntries
            self.entryBytes = entryBytes
            self.resolution = resolution
        }

        private static func check(_ setting: String, _ given: Int, in allowed: ClosedRange<Int>) throws(SettingError) {
            guard allowed.contains(given) else {
                throw SettingError(setting, given: given, allowed: "\(allowed.lowerBound) to \(allowed.upperBound)")
            }
        }
    }

    /// What a node has done so far.
    public struct Totals: Hashable, Sendable {
        /// Events that were appended here.
        public internal(set) var appended: UInt64 = 0
        /// Appends that were repetitions.
        public internal(set) var repeated: UInt64 = 0
        /// Appends that were refused.
        public internal(set) var refused: UInt64 = 0
        /// Rounds of anti-entropy that were begun here.
        public internal(set) var rounds: UInt64 = 0
        /// Rounds after which the other node said at once that it knows the same.
        public internal(set) var equalRounds: UInt64 = 0
        /// Buckets that were found to differ, each time counted.
        public internal(set) var bucketsDiffering: UInt64 = 0
        /// Messages that were handed out to be sent.
        public internal(set) var messagesSent: UInt64 = 0
        /// Their bytes, as they are estimated.
        public internal(set) var bytesSent: UInt64 = 0
        /// Entries in them.
        public internal(set) var entriesSent: UInt64 = 0
        /// Entries that came and were new.
        public internal(set) var entriesLearned: UInt64 = 0
        /// Entries that came and were known.
        public internal(set) var entriesKnown: UInt64 = 0
        /// Entries that came before something that they are made upon, and were not taken.
        public internal(set) var entriesEarly: UInt64 = 0
        /// New entries whose event had come before under another entry.
        public internal(set) var copies: UInt64 = 0
        /// Conflicts that were noted.
        public internal(set) var conflicts: UInt64 = 0
        /// Of these, how many are open no more, or never were because the last writer wins.
        public internal(set) var settled: UInt64 = 0
    }
}
