internal import Timeline

extension Flow {
    /// An event that has been taken in; 16 bytes.
    ///
    /// Policies are noted by their place among those on the event, a bit for each.
    struct Taken: Sendable {
        var id: UInt64 = 0
        /// The policies that have not acknowledged their action.
        var unacknowledged: UInt16 = 0
        /// The policies whose answer is awaited.
        var open: UInt16 = 0
        /// The policies that a timeout has overtaken.
        var overtaken: UInt16 = 0
        var type: UInt8 = 0
        /// How many steps of cause and effect it is away from the beginning.
        var hops: UInt8 = 0
    }

    /// What a flow is doing.
    enum State: Hashable, Sendable {
        case notStarted
        case running
        case ended(Ending)
        case parked(Parking)
    }

    /// The place of an event that has been taken in.
    func place(of event: UInt64) -> Int? {
        (0..<events).first { taken[$0].id == event }
    }
}

extension Flow {
    /// What a flow is doing, or how it ended.
    public enum Phase: Hashable, Sendable {
        /// Nothing has happened yet.
        case notStarted
        /// It is under way. If it waits for nobody and no timeout runs, only an event from outside can move it.
        case running(waitingFor: PolicySet)
        /// It is over.
        case ended(Ending)
        /// It went too far: nothing happens until an operator decides.
        case parked(Parking)
    }

    /// How a flow ended.
    public enum Ending: Hashable, Sendable {
        /// With an event that ends it well.
        case well
        /// With an event that ends it badly.
        case badly
        /// With an event that ends it badly and that this timeout published.
        case timedOut(timeout: UInt8)
        /// An operator closed it.
        case closed
    }

    /// Why a flow was parked.
    public enum Parking: Hashable, Sendable {
        /// An event was more hops from the beginning than allowed; its type.
        case hopLimit(event: UInt8)
        /// It would have been one event more than a flow can remember; its type.
        case eventLimit(event: UInt8)
    }
}
