public import Timeline

/// The contract of an event store, kept by a cluster: each call lets the nodes talk until it is answered.
///
/// Messages and disks take a little virtual time of its own clock. Nodes can be taken down, and links cut, between calls;
/// a call that no leader answers in time is ``EventStoreError/unavailable(_:)``. What is known about streams as a whole,
/// snapshots and texts, lies beside the nodes, so only events are replicated.
public struct ClusterEventStore: EventStore, Sendable {
    /// How much it takes at once.
    public let limits: AppendLimits
    /// What it has done so far.
    public internal(set) var metrics = EventStoreMetrics()
    /// The nodes.
    public internal(set) var cluster: StoreCluster
    /// The time among the nodes.
    public internal(set) var clock = Instant.zero

    var agenda: [Due] = []
    /// The latest append, by its ticket.
    var lastTicket: UInt64 = 0
    var streams: [Stream] = []
    var numbers: [StreamName: UInt32] = [:]
    /// What events say, by payload.
    var bodies: [Body] = []
    var answers: [UInt64: ClusterAnswer] = [:]
    var scavenged: Set<Position> = []
    var cuts: Set<Int> = []

    struct Stream {
        let name: StreamName
        var state = StreamState.none
        var snapshot: Snapshot?
    }

    struct Body {
        let event: EventData
        let at: Instant
    }

    enum Work {
        case deliver(ClusterMessage)
        case written(replica: Int, tip: UInt32)
        case wake(replica: Int)
    }

    struct Due {
        let at: Instant
        let work: Work
    }

    /// A cluster without events.
    public init(_ settings: ClusterSettings, seed: UInt64 = 1, limits: AppendLimits = .standard) {
        self.limits = limits
        cluster = StoreCluster(settings, random: RandomStream(seed: seed, name: "cluster", purpose: "elections"))
        var effects: [ClusterEffect] = []
        cluster.start(at: clock, &effects)
        carryOut(effects)
    }

    /// How long a message and a write take on this clock.
    static var step: Duration { .milliseconds(1) }

    /// How long a call waits for a leader.
    static var patience: Duration { .seconds(10) }

    /// Takes a node down.
    public mutating func crash(_ node: Int) { cluster.crash(node) }

    /// Brings a node back.
    public mutating func restart(_ node: Int) {
        var effects: [ClusterEffect] = []
        cluster.restart(node, at: clock, &effects)
        carryOut(effects)
    }

    /// Cuts a node off from all others, or connects it again.
    public mutating func setCut(_ node: Int, _ isCut: Bool) {
        if isCut { cuts.insert(node) } else { cuts.remove(node) }
    }

    /// Lets the nodes talk for so long.
    public mutating func run(for length: Duration) {
        let end = clock + length
        while let next = agenda.first, next.at <= end { carryOutNext() }
        clock = end
    }

    /// Lets the nodes talk until an append is answered; nil if nobody answers in time.
    mutating func answer(to ticket: UInt64, by end: Instant) -> ClusterAnswer? {
        while answers[ticket] == nil, let next = agenda.first, next.at <= end { carryOutNext() }
        return answers.removeValue(forKey: ticket)
    }

    private mutating func carryOutNext() {
        let due = agenda.removeFirst()
        clock = max(clock, due.at)
        var effects: [ClusterEffect] = []
        switch due.work {
        case .deliver(let message):
            let isCut = cuts.contains(Int(message.sender)) || cuts.contains(Int(message.receiver))
            if !isCut { cluster.receive(message, at: clock, &effects) }
        case .written(let replica, let tip): cluster.written(replica, tip: tip, at: clock, &effects)
        case .wake(let replica): cluster.wake(replica, at: clock, &effects)
        }
        carryOut(effects)
    }

    mutating func carryOut(_ effects: [ClusterEffect]) {
        for effect in effects {
            switch effect {
            case .send(let message): schedule(.deliver(message), at: clock + Self.step)
            case .write(let replica, let tip): schedule(.written(replica: replica, tip: tip), at: clock + Self.step)
            case .wake(let replica, let at): schedule(.wake(replica: replica), at: at)
            case .answer(let ticket, let answer): answers[ticket] = answer
            case .leads, .counts, .lost: break
            }
        }
    }

    private mutating func schedule(_ work: Work, at time: Instant) {
        let place = agenda.lastIndex { $0.at <= time }.map { $0 + 1 } ?? 0
        agenda.insert(Due(at: time, work: work), at: place)
    }
}
