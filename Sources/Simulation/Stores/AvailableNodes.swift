public import EventSourcing
import Timeline

/// The nodes of an event store that prefers availability: each takes appends by itself, on what it knows.
///
/// What a node knows is on its disk. So a crash costs only what was on its way there, of which nobody was told.
public struct AvailableNodes: Sendable {
    /// The nodes.
    public internal(set) var replicas: [AvailableReplica]
    /// What all of them have appended.
    public internal(set) var arena = EntryArena()
    /// Which of them are up.
    public private(set) var isUp: [Bool]
    /// How many streams the nodes that are up do not have alike.
    public private(set) var diverged = 0
    /// How many appends some node has found to have been made in ignorance of another one in their stream.
    public internal(set) var concurrent: UInt64 = 0
    /// How many events have lost their effect by that: the last writer knew nothing of them, or they cannot have
    /// happened where they stand now.
    public internal(set) var overruled: UInt64 = 0
    /// How many appends were of events that another node had under another number.
    var copies: UInt64 = 0
    /// Since when nodes have not been told what they should have been; nil if all is well.
    var apartSince: Instant?
    /// The journal entry that says so.
    var apartEntry = EntryID.none

    /// What is on its way between nodes, or to a disk.
    var parcels = Slots<Parcel>()
    /// How often each node has crashed: what was on its way to the disk before is lost.
    private(set) var crashes: [UInt32]
    /// Of each stream, whether the nodes that are up do not have it alike.
    private(set) var isApart: [Bool] = []
    /// What each node read of each stream last, the nodes of the first stream first.
    var known: [Known] = []

    /// The node that each service prefers, and the one that it asks.
    private var preferred: [UInt8]
    private(set) var asked: [UInt8]

    private(set) var rounds: [AntiEntropyTimer]
    private(set) var draws: RandomStream
    /// When each node is to begin a round.
    var wakes: [Agenda.TimerID]

    /// An aggregate as a node read it.
    struct Known: Sendable {
        var vector = VersionVector()
        var state = AggregateState()
        /// How many events the stream had.
        var events = 0
    }

    /// The nodes of a store at the beginning.
    /// - Parameters:
    ///   - plan: how they stay available.
    ///   - count: how many there are.
    ///   - preferred: which of them each service prefers.
    ///   - draws: where the time of each round is drawn from.
    init(_ plan: AvailabilityPlan, count: Int, preferred: [UInt8], draws: RandomStream) throws(SettingError) {
        let settings = try AvailableReplica.Settings(nodes: count, resolution: plan.resolution)
        var (replicas, rounds, draws) = ([AvailableReplica](), [AntiEntropyTimer](), draws)
        for node in 0..<count {
            replicas.append(try AvailableReplica(node: UInt8(node), settings))
            rounds.append(AntiEntropyTimer(node: UInt8(node), of: count, plan.rounds, at: .zero, using: &draws))
        }
        self.replicas = replicas
        self.rounds = rounds
        self.draws = draws
        self.preferred = preferred
        asked = preferred
        isUp = Array(repeating: true, count: count)
        crashes = Array(repeating: 0, count: count)
        wakes = Array(repeating: .none, count: count)
    }

    /// How many events there are.
    public var events: UInt64 { UInt64(arena.count) - copies }

    /// The node that a service asks.
    func node(askedBy service: Int) -> Int { Int(asked[service]) }

    /// A service has found that a node does not answer: the next one is asked, unless another call has found that out.
    mutating func correct(_ service: Int, asked node: UInt8) {
        guard asked[service] == node else { return }
        asked[service] = (node + 1) % UInt8(replicas.count)
    }

    /// A node answers again: services that prefer it ask it again.
    mutating func returned(_ node: Int) {
        for service in asked.indices where Int(preferred[service]) == node { asked[service] = UInt8(node) }
    }

    /// A node dies.
    mutating func crash(_ node: Int) {
        isUp[node] = false
        crashes[node] &+= 1
        compareAll()
    }

    /// A node comes back with what is on its disk; it begins its rounds anew.
    mutating func restart(_ node: Int, at now: Instant) {
        isUp[node] = true
        rounds[node] = AntiEntropyTimer(
            node: UInt8(node), of: replicas.count, rounds[node].settings, at: now, using: &draws)
        returned(node)
        compareAll()
    }

    /// When a node begins its next round.
    func nextRound(of node: Int) -> Instant { rounds[node].due }

    /// What a node begins a round with, if its time has come.
    mutating func beginRound(of node: Int, at now: Instant) -> ReplicaMessage? {
        guard isUp[node], let peer = rounds[node].take(at: now, using: &draws) else { return nil }
        return replicas[node].startRound(with: peer)
    }

    /// Sees whether the nodes have a stream alike.
    mutating func compare(_ stream: UInt32) {
        while isApart.count <= Int(stream) { isApart.append(false) }
        let isDifferent = !isAlike(stream)
        guard isDifferent != isApart[Int(stream)] else { return }
        isApart[Int(stream)] = isDifferent
        diverged += isDifferent ? 1 : -1
    }

    private mutating func compareAll() {
        for stream in isApart.indices { compare(UInt32(stream)) }
    }

    private func isAlike(_ stream: UInt32) -> Bool {
        guard let first = isUp.firstIndex(of: true) else { return true }
        let vector = replicas[first].vector(of: stream)
        return replicas.indices.allSatisfy { !isUp[$0] || replicas[$0].vector(of: stream) == vector }
    }
}
