import EventSourcing

/// What is on its way between the nodes of a store that prefers availability, or to the disk of one of them.
struct Parcel: Sendable {
    let content: Content
    /// The node that it comes to.
    let node: UInt8
    /// How often that had crashed when it was given to its disk.
    var crashes: UInt32 = 0

    enum Content: Sendable {
        case message(ReplicaMessage)
        case append(Append)
    }

    /// An append that a node has taken and not yet written.
    struct Append: Sendable {
        let ticket: UInt64
        let stream: UInt32
        let event: EventID
        let payload: UInt64
        /// What its author had read of the stream.
        let vector: VersionVector
    }

    init(_ message: ReplicaMessage) {
        content = .message(message)
        node = message.to
    }

    init(_ append: Append, at node: UInt8) {
        content = .append(append)
        self.node = node
    }
}
