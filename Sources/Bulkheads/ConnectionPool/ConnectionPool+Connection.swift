import Timeline

extension ConnectionPool {
    /// A connection: its place in the pool, and how many connections had the place before it.
    ///
    /// A report about a connection that is gone is told by its generation and ignored.
    public struct ConnectionID: Hashable, Sendable {
        /// The place.
        public let index: UInt16
        /// How many connections had the place before, modulo 2¹⁶.
        public let generation: UInt16

        /// Both in one number: the generation in the upper half.
        public var bits: UInt32 { UInt32(generation) << 16 | UInt32(index) }
    }

    /// The use of a connection by one request, to be handed back with ``release(_:broken:forNobody:at:)``.
    ///
    /// It ends with its first release: handing it back once more does not take the connection from the next holder.
    public struct Lease: Hashable, Sendable {
        /// The connection in use.
        public let connection: ConnectionID
        /// Which use of the connection's place this is, modulo 2³².
        public let number: UInt32
    }

    /// What a connection is doing; HikariCP's states of an entry, and creation.
    public enum ConnectionState: UInt8, Hashable, Sendable {
        /// Being created; its place is reserved.
        case creating
        /// Ready to be handed out: not in use.
        case idle
        /// With a request: in use.
        case inUse
        /// Being validated: reserved, so that nobody else gets it meanwhile.
        case validating
        /// Gone.
        case removed
    }

    /// Why a connection was closed.
    public enum CloseReason: UInt8, Hashable, Sendable, CaseIterable {
        /// Nobody had used it for `idleTimeout`.
        case idle
        /// Its lifetime was over.
        case lifetime
        /// Its validation failed or took too long, or it was reported lost.
        case dead
        /// It was returned as broken.
        case broken
        /// ``evictAll(at:)``, or a clock that stepped back.
        case evicted
        /// There were more than a lowered maximum.
        case surplus
        /// It was in use for longer than `reclaimAfter`.
        case reclaimed
        /// The pool was closed.
        case shutDown
    }

    /// What a connection is doing; ``ConnectionState/removed`` if there is none of that id.
    public func state(of connection: ConnectionID) -> ConnectionState {
        place(of: connection).map { connections[$0].state } ?? .removed
    }

    /// The request that has the connection; nil if none has.
    public func holder(of connection: ConnectionID) -> UInt64? {
        guard let place = place(of: connection), connections[place].state == .inUse else { return nil }
        return connections[place].request
    }

    /// A place in the pool and the connection in it.
    struct Connection: Hashable, Sendable {
        var generation: UInt16 = 0
        var state = ConnectionState.removed
        /// Why it will be closed when it is returned.
        var retirement: CloseReason?
        var leakReported = false
        var leases: UInt32 = 0
        var request: UInt64 = 0
        /// When its state began.
        var since = Instant.zero
        /// When it was last returned, or created.
        var lastUsed = Instant.zero
        var endOfLife = Instant.distantFuture
        /// Zero for no keepalive.
        var keepalive = Duration.zero
        var keepaliveAt = Instant.distantFuture
    }

    /// Where a connection is; nil if it is gone.
    func place(of connection: ConnectionID) -> Int? {
        let place = Int(connection.index)
        guard place < connections.count, connections[place].generation == connection.generation,
            connections[place].state != .removed
        else { return nil }
        return place
    }

    func id(at place: Int) -> ConnectionID {
        ConnectionID(index: UInt16(place), generation: connections[place].generation)
    }

    mutating func enter(_ state: ConnectionState, place: Int, at now: Instant) {
        connections[place].state = state
        connections[place].since = now
        connectionsDue = min(connectionsDue, due(of: connections[place]))
    }

    /// Takes a connection out of the counts of its state.
    mutating func leaveState(place: Int) {
        switch connections[place].state {
        case .creating: creating -= 1
        case .inUse: leaveUse(place: place)
        case .validating: validating -= 1
        case .idle: resting.removeAll { Int($0) == place }
        case .removed: break
        }
    }

    private mutating func leaveUse(place: Int) {
        active -= 1
        if connections[place].leakReported { leaked -= 1 }
    }

    /// Closes a connection in whatever state it is.
    mutating func close(place: Int, _ reason: CloseReason) {
        leaveState(place: place)
        discard(place: place, reason)
    }

    /// Closes a connection that has left the counts of its state.
    mutating func discard(place: Int, _ reason: CloseReason) {
        totals.closed.count(reason)
        actions.append(.close(id(at: place), reason))
        vacate(place: place)
        filling = true
    }

    mutating func vacate(place: Int) {
        connections[place].state = .removed
        connections[place].generation &+= 1
        vacant.append(UInt16(place))
    }

    /// Closes so many of the idle connections, least recently used first.
    mutating func closeResting(_ count: Int, _ reason: CloseReason) {
        for place in resting.prefix(count) {
            discard(place: Int(place), reason)
        }
        resting.removeFirst(count)
    }
}
