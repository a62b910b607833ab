public import Timeline

/// What one node says to another, about one partition.
public struct ClusterMessage: Hashable, Sendable {
    /// Which partition.
    public let partition: UInt16
    /// Who says it.
    public let sender: UInt8
    /// To whom.
    public let receiver: UInt8
    /// The epoch in which it is said.
    public let epoch: UInt32
    /// What is said.
    public let kind: Kind

    /// What is said. A history is named by its last entry: what lies between two of them goes with the message.
    public enum Kind: Hashable, Sendable {
        /// The leader's history, and how long the part of it is that counts.
        case replicate(tip: UInt32, committed: UInt32)
        /// The leader's history is on disk up to this entry.
        case written(tip: UInt32)
        /// The sender knows of a later epoch: the receiver is no leader any more.
        case refused
        /// Asks whether the receiver would vote for it in this epoch; this is the sender's history.
        case asks(tip: UInt32)
        /// Would vote for the receiver in this epoch.
        case wouldVote
        /// Asks for a vote; this is the sender's history.
        case stands(tip: UInt32)
        /// Votes for the receiver.
        case votes
    }
}

/// What a cluster asks its driver to do.
public enum ClusterEffect: Hashable, Sendable {
    /// Take this to its receiver, if the network lets it.
    case send(ClusterMessage)
    /// Write the history of a node's copy to its disk up to this entry, then report it as written.
    case write(replica: Int, tip: UInt32)
    /// Tell whoever made the append what came of it.
    case answer(ticket: UInt64, ClusterAnswer)
    /// Call for the replica at this time, unless it says otherwise before.
    case wake(replica: Int, at: Instant)
    /// A node leads a partition from now on.
    case leads(node: Int, partition: Int, epoch: UInt32)
    /// An entry counts from now on, whoever still waits for the answer.
    case counts(entry: UInt32)
    /// Entries that had been answered for are part of no leader's history any more.
    case lost(partition: Int, entries: Int)
}

/// What came of an append to a cluster.
public enum ClusterAnswer: Hashable, Sendable {
    /// It counts: its last entry, by its number in the tree.
    case appended(entry: UInt32)
    /// It counted before.
    case wasThere(entry: UInt32)
    /// Such an append is under way; ask again.
    case notYetReplicated
    /// The stream is not as expected; this is its last version.
    case wrongVersion(actual: StreamVersion?)
    /// A part of it was there before.
    case partlyThere
    /// The node leads the partition not, or not any more; ask this one, if it is known.
    case notLeader(hint: Int?)
    /// The node has lost the lead while the append was under way: whether it counts is unknown.
    case unknown
}
