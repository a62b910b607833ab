import Timeline

/// One node's copy of one partition.
struct Replica: Sendable {
    /// What it is for the others.
    enum Role: UInt8, Hashable, Sendable {
        /// It copies what the leader sends.
        case follower
        /// It asks whether the others would vote for it.
        case asking
        /// It asks for votes.
        case candidate
        /// It takes appends.
        case leader
        /// Its node does not run.
        case down
    }

    let node: UInt8
    let partition: UInt16
    var role = Role.follower
    /// The latest epoch that it has heard of.
    var epoch: UInt32 = 0
    /// The epoch of the leader whose history it has: without fencing it may be an earlier one.
    var followed: UInt32 = 0
    /// For a leader without fencing: the epoch of a successor that it has heard of.
    var successor: UInt32 = 0
    /// For whom it has voted in this epoch.
    var vote: UInt8?
    /// Who has voted for it, by place among the copies.
    var votes: UInt8 = 0
    /// Who leads, as far as it knows.
    var leader: UInt8?
    /// When it last heard of a leader.
    var heardAt = Instant.zero
    /// The last entry of its history.
    var tip: UInt32 = 0
    /// The last entry that is on its disk, of this history or an earlier one.
    var durable: UInt32 = 0
    /// Up to where its disk is writing; nil if it does nothing.
    var writing: UInt32?
    /// How long the part of its history is that counts.
    var committed: UInt32 = 0
    /// When it stands for election, or says that it is there.
    var due = Instant.distantFuture
    /// When it is called next.
    var wakeAt = Instant.distantFuture
    /// For a leader: how long a part of its history each copy has on disk.
    var matched: [8 of UInt32] = .init(repeating: 0)
    /// The last entry of each stream, by the stream's number within the partition.
    var heads: [UInt32] = []

    init(node: Int, partition: Int) {
        self.node = UInt8(node)
        self.partition = UInt16(partition)
    }
}
