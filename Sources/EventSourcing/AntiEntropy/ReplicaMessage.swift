/// What one node of a cluster tells another; it stands for itself, and needs no memory of earlier ones.
///
/// A trivial value of 601 bytes, whatever it says: entries are named, not held.
public struct ReplicaMessage: Hashable, Sendable {
    /// The node that sends it.
    public let from: UInt8
    /// The node that it is for.
    public let to: UInt8
    /// What it says.
    public let body: Body

    /// What a message says.
    public enum Body: Hashable, Sendable {
        /// The hash of all that the sender knows.
        case root(UInt64)
        /// The sender knows just what was asked about.
        case equal
        /// Hashes of the sender's tree, where it differs from the receiver's.
        case hashes(MessageItems<HashPair>)
        /// What the sender knows of the streams of a bucket.
        case vectors(Vectors)
        /// Entries that the receiver may lack.
        case entries(Entries)
    }

    /// A message from one node to another.
    public init(from: UInt8, to: UInt8, body: Body) {
        self.from = from
        self.to = to
        self.body = body
    }
}

extension ReplicaMessage {
    /// How many entries it brings.
    public var entryCount: Int {
        guard case .entries(let entries) = body else { return 0 }
        return entries.runs.reduce(0) { $0 + $1.count }
    }

    /// About how many bytes it has on the wire.
    /// - Parameter entryBytes: how many an entry has, 0 to 1 048 576; what is outside counts as the nearest of these.
    public func estimatedBytes(entryBytes: Int) -> Int {
        let entryBytes = min(max(0, entryBytes), 1_048_576)
        let header = 16
        return switch body {
        case .root: header + 8
        case .equal: header
        case .hashes(let pairs): header + pairs.count * 20
        case .vectors(let vectors): header + 9 + vectors.known.count * 36
        case .entries(let entries): header + 9 + entries.runs.count * 13 + entryCount * entryBytes
        }
    }
}
