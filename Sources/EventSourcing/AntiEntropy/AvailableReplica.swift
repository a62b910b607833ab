public import Timeline

/// One node's part of an event store that stays available: it takes appends while the network is cut, and afterwards
/// finds out from the others what it lacks, loses nothing, and names what was decided in ignorance of one another.
///
/// - **Streams.** Each node numbers what it appends to a stream itself. Entries arrive in causal order: one that is made
///   upon something that is not here yet is not taken. So what a node knows of a stream is a ``VersionVector``, and who
///   knows the same reads the same, in the same order.
/// - **Arrival.** Entries that come late take their places within the order of a stream. Whoever must get every event
///   once, such as a projection, reads this node's own log of ``arrivals(after:limit:)``, in which nothing is put in
///   between. An event that was appended to two nodes under one id comes there once.
/// - **Conflicts.** Events of a stream that were appended in ignorance of one another are noted once, when the later one
///   arrives; see ``Conflict``.
/// - **Anti-entropy.** A ``MerkleTree`` over the vectors finds streams that differ. Every message stands for itself: it
///   may be lost, doubled, late or out of order, and the next round makes good for it.
///
/// Flat arrays of trivial elements; entries lie in an ``EntryArena``. Sources: Petersen and others, *Flexible Update
/// Propagation for Weakly Consistent Replication* (Bayou), SOSP 1997; DeCandia and others, *Dynamo*, SOSP 2007.
public struct AvailableReplica: Hashable, Sendable {
    /// The node's number.
    public let node: UInt8
    /// How the cluster is set; the same for all nodes.
    public let settings: Settings
    /// What it has done so far.
    public internal(set) var totals = Totals()
    /// The hashes of what it knows of each stream, by the stream's number.
    public internal(set) var tree: MerkleTree
    /// Lamport's clock: the latest time of all entries that are known here.
    public internal(set) var clock: UInt64 = 0
    /// All conflicts that were noted here, in this order, settled ones among them.
    public internal(set) var conflicts: [Conflict] = []

    /// By the stream's number, up to the greatest of which something is known.
    var streams: [StreamRecord] = []
    /// The entries that brought a new event, in the order in which they came.
    var arrived: [UInt32] = []

    /// What is known about a stream.
    struct StreamRecord: Hashable, Sendable {
        var vector = VersionVector()
        /// How many entries brought an event that had come before.
        var copies: UInt32 = 0
        /// The latest conflict that is open, from which a chain leads to the others.
        var openConflict = Conflict.none
    }

    /// A node that knows nothing.
    /// - Throws: a ``SettingError`` if the cluster has no such node.
    public init(node: UInt8, _ settings: Settings) throws(SettingError) {
        guard Int(node) < settings.nodes else {
            throw SettingError("node", given: node, allowed: "0 to \(settings.nodes - 1)")
        }
        self.node = node
        self.settings = settings
        tree = try MerkleTree(buckets: settings.buckets)
    }

    /// What it knows of a stream: the stream's version here.
    public func vector(of stream: UInt32) -> VersionVector {
        Int(stream) < streams.count ? streams[Int(stream)].vector : VersionVector()
    }

    /// Whether it knows an entry.
    public func knows(_ entry: ReplicatedEntry) -> Bool {
        entry.isKnown(to: vector(of: entry.stream))
    }

    /// The position of the event that arrived last, appended here or elsewhere.
    public var lastArrival: Position { Position(Int64(arrived.count)) }

    /// The entries that brought new events behind a position, in the order in which they came: the first has the next
    /// position, and there are no gaps.
    /// - Parameters:
    ///   - position: behind which to begin.
    ///   - limit: how many at most, 1 to 4096; what is outside counts as the nearest of these.
    public func arrivals(after position: Position, limit: Int) -> ArraySlice<UInt32> {
        let start = Int(min(max(0, position.number), Int64(arrived.count)))
        return arrived[start..<min(arrived.count, start + PageSize.clamped(limit))]
    }
}
