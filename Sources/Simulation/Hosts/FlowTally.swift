/// How the flows of one choreography stand.
public struct FlowTally: Hashable, Sendable {
    /// How many were started.
    public internal(set) var started: UInt64 = 0
    /// How many are on their way, and nothing has failed.
    public internal(set) var running: UInt64 = 0
    /// How many are on their way after something has failed, or has not come in time.
    public internal(set) var compensating: UInt64 = 0
    /// How many wait for nothing: nothing of them is on its way, no timeout runs, and yet they have not ended.
    public internal(set) var orphaned: UInt64 = 0
    /// How many went farther than they may, and wait for an operator.
    public internal(set) var parked: UInt64 = 0
    /// How many ended well.
    public internal(set) var completed: UInt64 = 0
    /// How many ended badly.
    public internal(set) var compensated: UInt64 = 0
    /// How many an operator has closed.
    public internal(set) var closed: UInt64 = 0
    /// How many events are set aside, since their subscriber could not deal with them.
    public internal(set) var deadLetters: UInt64 = 0

    /// How many have not ended.
    public var underWay: UInt64 { running + compensating + attention }

    /// How many wait for an operator.
    public var attention: UInt64 { orphaned + parked }

    /// One more, or one less, stands so.
    mutating func count(_ standing: FlowStanding, by change: Int) {
        let change = UInt64(bitPattern: Int64(change))
        switch standing {
        case .running: running &+= change
        case .compensating: compensating &+= change
        case .orphaned: orphaned &+= change
        case .parked: parked &+= change
        case .completed: completed &+= change
        case .compensated: compensated &+= change
        case .closed: closed &+= change
        }
    }
}
