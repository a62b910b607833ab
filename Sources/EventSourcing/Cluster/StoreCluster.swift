public import Timeline

/// An event store of several nodes, as one value: who leads which partition, what each node has written, what counts.
///
/// Streams are sorted into partitions, and some nodes keep a copy of each. One of them leads: it takes appends, decides
/// about them by the rules that every store keeps, and sends its history to the others. An append counts, and is
/// answered, when enough copies have it on disk. A copy that hears nothing of its leader stands for election; an epoch
/// tells later leaders from earlier ones, and a copy refuses what an earlier leader sends. It is a Raft for each
/// partition, with histories as ways through one tree.
///
/// With the standard settings nothing that was answered for is ever lost, as long as a majority of the disks survives.
/// Settings that weaken this are there to show what follows: fewer acknowledgements, fewer votes, no fencing.
///
/// It sends nothing and waits for nothing: whoever drives it hands it what arrives, and carries out the effects.
///
/// Sources: Ongaro and Ousterhout, *In search of an understandable consensus algorithm*, 2014; KurrentDB for the rules.
public struct StoreCluster: Sendable {
    /// How it is set.
    public let settings: ClusterSettings
    /// Everything that any node has ever written.
    public internal(set) var tree = HistoryTree()
    /// The order of all events.
    public internal(set) var log = PositionLog()
    /// What it has done so far.
    public internal(set) var totals = Totals()

    /// The copies: those of partition 0 first.
    var replicas: [Replica] = []
    /// Where each stream is: its partition, and its number within that.
    var places: [StreamPlace] = []
    var streamsIn: [UInt32]
    /// Appends that their leaders have taken and not answered.
    var pending: [Pending] = []
    /// Entries whose position is undecided, in the order in which they were written.
    var undecided: [Undecided] = []
    /// Of each partition, the latest epoch that has had a leader, and the last entry that counts in it.
    var reigns: [Reign]
    var random: RandomStream

    struct StreamPlace: Hashable {
        let partition: UInt16
        let local: UInt32
    }

    struct Undecided: Hashable {
        let entry: UInt32
        /// Whether a leader has answered for it that has a successor.
        var isPromised = false
    }

    struct Pending: Hashable {
        let ticket: UInt64
        let replica: Int
        let entry: UInt32
    }

    struct Reign: Hashable {
        var epoch: UInt32 = 0
        var truth: UInt32 = 0
    }

    /// What a cluster has done so far.
    public struct Totals: Hashable, Sendable {
        /// Appends that count.
        public var committed: UInt64 = 0
        /// Events that were answered for and are lost.
        public var lostEvents: UInt64 = 0
        /// Leaders that were elected.
        public var elections: UInt64 = 0
        /// Messages of earlier leaders that were refused.
        public var fenced: UInt64 = 0
        /// Entries that a copy had written and had to give up.
        public var overwritten: UInt64 = 0
    }

    /// A cluster at its beginning, without streams; the preferred node of each partition leads.
    /// - Parameters:
    ///   - settings: how it is set.
    ///   - random: chance for the waits before elections.
    public init(_ settings: ClusterSettings, random: RandomStream) {
        self.settings = settings
        self.random = random
        streamsIn = [UInt32](repeating: 0, count: settings.partitions)
        reigns = [Reign](repeating: Reign(), count: settings.partitions)
        for partition in 0..<settings.partitions {
            let nodes = Placement.nodes(for: partition, copies: settings.copies, among: settings.nodes)
            replicas += nodes.map { Replica(node: $0, partition: partition) }
        }
    }

    /// Begins: to be called once, before anything else.
    public mutating func start(at now: Instant, _ effects: inout [ClusterEffect]) {
        for index in replicas.indices { waitForLeader(index, at: now, &effects) }
        for partition in 0..<settings.partitions {
            let first = partition * settings.copies
            replicas[first].epoch = 1
            lead(first, at: now, &effects)
        }
    }

    /// Gives a new stream a number.
    /// - Parameter hash: a hash of its name.
    public mutating func addStream(hash: UInt64) -> UInt32 {
        let partition = Placement.partition(of: hash, among: settings.partitions)
        places.append(StreamPlace(partition: UInt16(partition), local: streamsIn[partition]))
        streamsIn[partition] += 1
        return UInt32(places.count - 1)
    }

    /// How many streams there are.
    public var streamCount: Int { places.count }

    /// The partition of a stream.
    public func partition(of stream: UInt32) -> Int { Int(places[Int(stream)].partition) }

    /// The copies of a partition, by their indexes.
    func copies(of partition: Int) -> Range<Int> {
        partition * settings.copies..<(partition + 1) * settings.copies
    }

    /// The copy of a partition that a node keeps; nil if it keeps none.
    func replica(of partition: Int, on node: Int) -> Int? {
        copies(of: partition).first { Int(replicas[$0].node) == node }
    }

    /// The last entry of a stream in a copy's history; 0 for none.
    func head(of stream: UInt32, in replica: Int) -> UInt32 {
        let local = Int(places[Int(stream)].local)
        return local < replicas[replica].heads.count ? replicas[replica].heads[local] : 0
    }

    /// Makes a history the one of a copy: gives up what is not part of it, takes over what is new.
    mutating func move(_ index: Int, to tip: UInt32) {
        let fork = tree.fork(of: replicas[index].tip, and: tip)
        var entry = replicas[index].tip
        while entry != fork {
            setHead(of: tree[entry], in: index, to: tree[entry].previousInStream)
            totals.overwritten += 1
            entry = tree[entry].previous
        }
        for entry in path(from: fork, to: tip) { setHead(of: tree[entry], in: index, to: entry) }
        replicas[index].tip = tip
        replicas[index].committed = min(replicas[index].committed, tree.length(of: tip))
    }

    /// The entries behind one, up to another of the same history.
    func path(from start: UInt32, to end: UInt32) -> [UInt32] {
        var path: [UInt32] = []
        var entry = end
        while entry != start, entry != 0 {
            path.append(entry)
            entry = tree[entry].previous
        }
        return path.reversed()
    }

    private mutating func setHead(of entry: HistoryTree.Entry, in replica: Int, to head: UInt32) {
        guard entry.stream != HistoryTree.Entry.leaderMark else { return }
        let local = Int(places[Int(entry.stream)].local)
        while replicas[replica].heads.count <= local { replicas[replica].heads.append(0) }
        replicas[replica].heads[local] = head
    }
}
