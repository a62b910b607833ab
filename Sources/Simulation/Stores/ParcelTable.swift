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

/// Parcels in slots, so that what is scheduled for them is a number.
struct ParcelTable: Sendable {
    private var slots: [Parcel] = []
    private var free: [UInt32] = []

    mutating func put(_ parcel: Parcel) -> UInt32 {
        guard let slot = free.popLast() else {
            slots.append(parcel)
            return UInt32(slots.count - 1)
        }
        slots[Int(slot)] = parcel
        return slot
    }

    subscript(slot: UInt32) -> Parcel { slots[Int(slot)] }

    /// Takes a parcel out of its slot.
    mutating func take(_ slot: UInt32) -> Parcel {
        free.append(slot)
        return slots[Int(slot)]
    }

    var footprint: Int { slots.count * MemoryLayout<Parcel>.stride }
}
