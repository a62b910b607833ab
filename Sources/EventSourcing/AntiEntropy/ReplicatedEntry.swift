public import Timeline

/// An event in a stream that every node may append to: what it is, and what its author's node knew of the stream.
///
/// Stream, origin and counter tell it from every other entry. A node that knows an entry knows all that the entry was
/// made upon, the earlier ones of its origin among them; so what it knows of a stream is a ``VersionVector``.
/// A trivial value; what the event says lies elsewhere, under its payload's number.
public struct ReplicatedEntry: Hashable, Sendable {
    /// The stream's number.
    public let stream: UInt32
    /// The node that it was appended to.
    public let origin: UInt8
    /// How many entries its origin had made in this stream, itself included.
    public let counter: UInt32
    /// Whether its author had read all that it is made upon, and thereby settles the conflicts there.
    public let settles: Bool
    /// Later than of all that it is made upon; see ``precedes(_:)``.
    public let lamport: UInt64
    /// What its origin knew of the stream when it was made.
    public let upon: VersionVector
    /// The event's id. Who appends an event again, to whatever node, gives it the same one.
    public let event: EventID
    /// A number of the caller's own.
    public let payload: UInt64
    /// When it was appended.
    public let madeAt: Instant

    /// An entry.
    public init(
        stream: UInt32, origin: UInt8, counter: UInt32, settles: Bool, lamport: UInt64, upon: VersionVector,
        event: EventID, payload: UInt64, madeAt: Instant
    ) {
        self.stream = stream
        self.origin = origin
        self.counter = counter
        self.settles = settles
        self.lamport = lamport
        self.upon = upon
        self.event = event
        self.payload = payload
        self.madeAt = madeAt
    }
}

extension ReplicatedEntry {
    /// Whether who has this vector of the entry's stream knows the entry.
    public func isKnown(to vector: VersionVector) -> Bool { vector[Int(origin)] >= counter }

    /// Whether its origin knew the other entry when it was made.
    public func isMadeUpon(_ other: ReplicatedEntry) -> Bool {
        stream == other.stream && other.isKnown(to: upon)
    }

    /// Whether both were made in ignorance of one another, in one stream.
    public func isConcurrent(with other: ReplicatedEntry) -> Bool {
        let isItself = origin == other.origin && counter == other.counter
        return stream == other.stream && !isItself && !isMadeUpon(other) && !other.isMadeUpon(self)
    }

    /// Whether it stands before the other one in every node's order: by Lamport's time, then by origin.
    ///
    /// What an entry is made upon stands before it. Source: Lamport, *Time, Clocks, and the Ordering of Events in a
    /// Distributed System*, CACM 21(7), 1978.
    public func precedes(_ other: ReplicatedEntry) -> Bool {
        (lamport, origin, counter) < (other.lamport, other.origin, other.counter)
    }
}
