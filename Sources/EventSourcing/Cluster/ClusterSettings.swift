public import Timeline

/// How a store of several nodes is set; every value has been checked.
public struct ClusterSettings: Hashable, Sendable {
    /// How many nodes there are.
    public let nodes: Int
    /// Into how many partitions the streams are sorted; each has a leader of its own.
    public let partitions: Int
    /// How many nodes keep each partition.
    public let copies: Int
    /// How many of them, the leader included, must have written an append to disk before it counts.
    public let acknowledgements: Int
    /// How many of them must vote for a new leader.
    public let votes: Int
    /// Whether a node refuses what a leader of an earlier epoch sends.
    ///
    /// Without, a leader that was paused or cut off, and replaced meanwhile, overwrites what its successor has written.
    public let isFenced: Bool
    /// How often a leader that has nothing to send says that it is there.
    public let heartbeat: Duration
    /// How long a node hears nothing of a leader before it stands for election; up to twice as long, by chance.
    public let electionTime: Duration

    /// What `ClusterSettings()` gives: three nodes, eight partitions, majorities, fencing.
    public static let standard = ClusterSettings(standard: ())

    private init(standard _: Void) {
        (nodes, partitions, copies, acknowledgements, votes, isFenced) = (3, 8, 3, 2, 2, true)
        (heartbeat, electionTime) = (.milliseconds(100), .seconds(1))
    }

    /// How many nodes there can be.
    public static var nodeLimit: Int { 8 }

    /// Checks the settings.
    /// - Parameters:
    ///   - nodes: 1 to 8.
    ///   - partitions: 1 to 256.
    ///   - copies: 1 to the number of nodes; 3, or all nodes if they are fewer.
    ///   - acknowledgements: 1 to the copies; a majority of them if nobody says. Fewer can lose appends that counted.
    ///   - votes: 1 to the copies; a majority of them if nobody says. Fewer can give two leaders at once.
    ///   - isFenced: whether earlier leaders are refused; they are.
    ///   - heartbeat: more than 0; 100 ms.
    ///   - electionTime: more than the heartbeat; 1 s.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        nodes: Int = 3, partitions: Int = 8, copies: Int? = nil, acknowledgements: Int? = nil, votes: Int? = nil,
        isFenced: Bool = true, heartbeat: Duration = .milliseconds(100), electionTime: Duration = .seconds(1)
    ) throws(SettingError) {
        func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(SettingError) {
            guard range.contains(value) else {
                throw SettingError(name, given: value, allowed: "\(range.lowerBound) to \(range.upperBound)")
            }
        }
        try check("nodes", nodes, 1...Self.nodeLimit)
        try check("partitions", partitions, 1...256)
        let copies = copies ?? min(3, nodes)
        try check("copies", copies, 1...nodes)
        let majority = copies / 2 + 1
        try check("acknowledgements", acknowledgements ?? majority, 1...copies)
        try check("votes", votes ?? majority, 1...copies)
        guard heartbeat > .zero else { throw SettingError("heartbeat", given: heartbeat, allowed: "more than 0s") }
        guard electionTime > heartbeat else {
            throw SettingError("electionTime", given: electionTime, allowed: "more than the heartbeat")
        }
        self.nodes = nodes
        self.partitions = partitions
        self.copies = copies
        self.acknowledgements = acknowledgements ?? majority
        self.votes = votes ?? majority
        self.isFenced = isFenced
        self.heartbeat = heartbeat
        self.electionTime = electionTime
    }
}
