extension ReplicaMessage {
    /// The hashes of the two children of a node of a Merkle tree.
    public struct HashPair: Hashable, Sendable {
        /// The node's number.
        public let node: UInt32
        /// The hash of the left child.
        public let left: UInt64
        /// The hash of the right child.
        public let right: UInt64

        /// The hashes of a node's children.
        public init(node: UInt32, left: UInt64, right: UInt64) {
            self.node = node
            self.left = left
            self.right = right
        }
    }

    /// Streams of one bucket: the first, and from there to the last as many apart as there are buckets.
    public struct StreamRange: Hashable, Sendable {
        /// The first stream's number.
        public let first: UInt32
        /// The last stream's number.
        public let last: UInt32

        /// Streams of a bucket.
        public init(first: UInt32, last: UInt32) {
            self.first = first
            self.last = last
        }
    }

    /// What somebody knows of a stream.
    public struct StreamVector: Hashable, Sendable {
        /// The stream's number.
        public let stream: UInt32
        /// What is known of it.
        public let vector: VersionVector

        /// What somebody knows of a stream.
        public init(stream: UInt32, vector: VersionVector) {
            self.stream = stream
            self.vector = vector
        }
    }

    /// All that the sender knows of some streams: of those that are not listed, nothing.
    public struct Vectors: Hashable, Sendable {
        /// The streams.
        public let range: StreamRange
        /// What is known of them.
        public let known: MessageItems<StreamVector>
        /// Whether the receiver need not say what it knows itself.
        public let isAnswer: Bool

        /// What somebody knows of some streams.
        public init(range: StreamRange, known: MessageItems<StreamVector>, isAnswer: Bool) {
            self.range = range
            self.known = known
            self.isAnswer = isAnswer
        }
    }

    /// Entries of one origin in a stream that follow one another.
    public struct Run: Hashable, Sendable {
        /// The stream's number.
        public let stream: UInt32
        /// The node that made them.
        public let origin: UInt8
        /// The first one's counter.
        public let first: UInt32
        /// The last one's counter.
        public let last: UInt32

        /// Entries that follow one another.
        public init(stream: UInt32, origin: UInt8, first: UInt32, last: UInt32) {
            self.stream = stream
            self.origin = origin
            self.first = first
            self.last = last
        }

        /// How many entries there are.
        public var count: Int { last >= first ? Int(last - first) + 1 : 0 }
    }

    /// Entries that the receiver may lack.
    public struct Entries: Hashable, Sendable {
        /// The entries.
        public let runs: MessageItems<Run>
        /// Streams of which there was more than the message holds; nil if that was all.
        public let rest: StreamRange?

        /// Some entries.
        public init(runs: MessageItems<Run>, rest: StreamRange?) {
            self.runs = runs
            self.rest = rest
        }
    }
}
