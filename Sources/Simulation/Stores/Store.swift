import EventSourcing
import Timeline

/// One event store: its nodes, what its events say, and the draws for what takes time.
struct Store: Sendable {
    private(set) var plan: StorePlan
    /// Its nodes if it prefers consistency; its streams are numbered here in any case.
    var cluster: StoreCluster
    /// Its nodes if it prefers availability.
    var available: AvailableNodes?
    var facts = FactTable()
    var totals = StoreTotals()
    private var table = StreamTable()
    /// The state of each stream at its latest snapshot, with the entry that it includes.
    private var snapshots: [Snapshot] = []
    /// The last event of each stream that counts; 0 for none.
    private var latest: [UInt32] = []
    private var networkDraws: RandomStream
    private var diskDraws: RandomStream
    /// The timer of each copy that is to be called.
    var timers: [Agenda.TimerID]
    /// Which node each service takes for the leader of each partition, the partitions of the first service first.
    private var beliefs: [UInt8]

    private struct Snapshot {
        var entry: UInt32 = 0
        var state = AggregateState()
    }

    /// The state of each stream as it was read last, so that it need not be worked out anew.
    private var known: [Known] = []

    private struct Known {
        var snapshot = Snapshot()
        /// The snapshot that lay on the way to it, and how many events behind that.
        var base: UInt32 = 0
        var events = 0
    }

    /// A store at the beginning.
    /// - Parameters:
    ///   - services: how many there are.
    ///   - users: those that append to it, in the plan's order.
    init(_ plan: StorePlan, seed: UInt64, services: Int, users: [Int]) {
        func stream(_ purpose: String) -> RandomStream { RandomStream(seed: seed, name: plan.name, purpose: purpose) }
        let cluster = StoreCluster(plan.cluster, random: stream("elections"))
        self.cluster = cluster
        networkDraws = stream("network")
        diskDraws = stream("disk")
        timers = [Agenda.TimerID](repeating: .none, count: cluster.replicaCount)
        let leaders = (0..<plan.cluster.partitions).map { UInt8(cluster.views(of: $0)[0].node) }
        beliefs = Array(repeatElement(leaders, count: services).joined())
        self.plan = plan
        guard let availability = plan.availability else { return }
        // Each service that appends prefers a node of its own, as far as there are enough.
        let preferred = (0..<services).map { UInt8((users.firstIndex(of: $0) ?? 0) % plan.cluster.nodes) }
        // A cluster has no more nodes than there can be here.
        available = try? AvailableNodes(
            availability, count: plan.cluster.nodes, preferred: preferred, draws: stream("anti-entropy"))
    }

    /// The node that a service asks: the one that it takes for the stream's leader, or that it prefers and can reach.
    func node(askedBy service: Int, about stream: UInt32) -> Int {
        if let available { return available.node(askedBy: service) }
        return Int(beliefs[service * plan.cluster.partitions + cluster.partition(of: stream)])
    }

    /// A service has learnt who leads a stream's partition, or only that it is not the node that it asked: then the next
    /// one is tried, unless another call has found that out before.
    mutating func correct(_ service: Int, about stream: UInt32, asked node: UInt8, leader: Int?) {
        if available?.correct(service, asked: node) != nil { return }
        let partition = cluster.partition(of: stream)
        let place = service * plan.cluster.partitions + partition
        guard leader != nil || beliefs[place] == node else { return }
        let nodes = cluster.views(of: partition).map(\.node)
        let next = (nodes.firstIndex(of: Int(beliefs[place])) ?? 0) + 1
        beliefs[place] = UInt8(leader ?? nodes[next % nodes.count])
    }

    /// Takes over changed times and limits; the nodes stay as they are.
    mutating func change(to plan: StorePlan) {
        var plan = plan
        plan.cluster = self.plan.cluster
        plan.availability = self.plan.availability
        self.plan = plan
    }

    /// A node dies.
    mutating func crash(_ node: Int) {
        if available == nil { cluster.crash(node) } else { available?.crash(node) }
    }

    mutating func crossing() -> Duration { plan.network.sample(using: &networkDraws) }

    mutating func writing() -> Duration { plan.disk.sample(using: &diskDraws) }

    /// The stream about something, a new one if there is none.
    mutating func stream(about key: UInt64) -> UInt32 {
        if let stream = table.stream(of: key) { return stream }
        let stream = cluster.addStream(hash: key)
        table.add(key, stream)
        snapshots.append(Snapshot())
        known.append(Known())
        latest.append(0)
        return stream
    }

    /// The stream about something, if there is one.
    func number(ofStreamAbout key: UInt64) -> UInt32? { table.stream(of: key) }

    /// The last event of a stream that counts; 0 for none.
    func latest(of stream: UInt32) -> UInt32 { latest[Int(stream)] }

    /// What a node reads to bring an aggregate back.
    struct Reading {
        var state: AggregateState
        /// What the stream was then.
        var basis: Basis
        /// The entry of its last event; 0 without any, and where nobody needs it.
        var head: UInt32
        /// How many events were read for it.
        var events: Int
    }

    /// What a stream was when it was read.
    enum Basis: Hashable, Sendable {
        /// Its last event had this version; nil without any.
        case version(StreamVersion?)
        /// So much of it was known to a node of a store that prefers availability.
        case vector(VersionVector)
    }

    /// Brings an aggregate back as a node has it: from its snapshot if that lies on the way, and the events behind it.
    mutating func read(_ stream: UInt32, on node: Int) -> Reading {
        if let known = available?.read(stream, on: node, facts) {
            return Reading(state: known.state, basis: .vector(known.vector), head: 0, events: known.events)
        }
        let head = cluster.committedHead(of: stream, on: node)
        let snapshot = snapshots[Int(stream)]
        let last = known[Int(stream)]
        let isKnown = { (entry: UInt32) in entry == last.snapshot.entry && last.base == snapshot.entry }
        var (path, entry) = ([UInt32](), head)
        while entry != 0, entry != snapshot.entry, !isKnown(entry) {
            path.append(entry)
            entry = cluster.tree[entry].previousInStream
        }
        var now = Known(snapshot: Snapshot(), base: entry, events: 0)
        if entry != 0 { now = isKnown(entry) ? last : Known(snapshot: snapshot, base: entry, events: 0) }
        for event in path.reversed() { now.snapshot.state.evolve(facts[cluster.tree[event].payload].kind) }
        now.snapshot.entry = head
        now.events += path.count
        known[Int(stream)] = now
        let version = head == 0 ? nil : cluster.tree[head].version
        return Reading(state: now.snapshot.state, basis: .version(version), head: head, events: now.events)
    }

    /// Whether a stream held an event of this id when it was read: the same command has been carried out before.
    func holds(_ event: EventID, in stream: UInt32, as reading: Reading) -> Bool {
        switch reading.basis {
        case .version: holds(event, behind: reading.head)
        case .vector(let vector): available?.holds(event, in: stream, knownTo: vector) ?? false
        }
    }

    /// Whether an event of this id stands before or at an entry.
    ///
    /// An event cannot stand before its request has come, so that mostly the last one settles it.
    private func holds(_ event: EventID, behind head: UInt32) -> Bool {
        var entry = head
        while entry != 0 {
            let each = cluster.tree[entry]
            if each.id == event { return true }
            if facts[each.payload].latestRequest < event.high { return false }
            entry = each.previousInStream
        }
        return false
    }

    /// An event counts: its state is kept, if that is due.
    mutating func takeEffect(of entry: UInt32) {
        latest[Int(cluster.tree[entry].stream)] = entry
        keepSnapshot(at: entry)
    }

    private mutating func keepSnapshot(at entry: UInt32) {
        guard let interval = plan.snapshots, (cluster.tree[entry].version.number + 1) % Int64(interval) == 0 else {
            return
        }
        let stream = cluster.tree[entry].stream
        guard let leader = cluster.leader(of: cluster.partition(of: stream)) else { return }
        let reading = read(stream, on: leader)
        guard reading.basis == .version(cluster.tree[entry].version) else { return }
        snapshots[Int(stream)] = Snapshot(entry: entry, state: reading.state)
        totals.snapshots += 1
    }

    /// About how many bytes a copy takes once the original goes on.
    var footprint: Int {
        // What each stream has: its place, its snapshot, and a head in each copy.
        let streams = cluster.streamCount * (MemoryLayout<Snapshot>.stride + 32 + 4 * plan.cluster.copies)
        return streams + (128 << 10) + (available?.footprint ?? 0)
    }

    func mix(into digest: inout Digest) {
        var (network, disk) = (networkDraws, diskDraws)
        digest.mix(network.next(), disk.next())
        digest.mix(UInt64(cluster.tree.count), UInt64(bitPattern: cluster.log.mark.number))
        digest.mix(totals.appended, totals.conflicts)
        available?.mix(into: &digest)
        for belief in beliefs { digest.mix(UInt64(belief)) }
        for partition in 0..<plan.cluster.partitions {
            for copy in cluster.views(of: partition) {
                digest.mix(UInt64(copy.length) << 32 | UInt64(copy.committed), UInt64(copy.epoch))
            }
        }
    }
}

/// What an event store has done so far.
public struct StoreTotals: Hashable, Sendable {
    /// Events of orders that count, or did when they were appended.
    public var orderEvents: UInt64 = 0
    /// Events of payments that do.
    public var paymentEvents: UInt64 = 0
    /// Recorded events that do.
    public var recordedEvents: UInt64 = 0
    /// Appends that came again and were known.
    public var repeated: UInt64 = 0
    /// Commands that changed nothing, since it was done before.
    public var done: UInt64 = 0
    /// Commands that an aggregate refused.
    public var refused: UInt64 = 0
    /// Times that somebody else had appended between reading and appending.
    public var conflicts: UInt64 = 0
    /// Commands that were given up after too many of them.
    public var gaveUp: UInt64 = 0
    /// Commands whose service waited in vain.
    public var timedOut: UInt64 = 0
    /// Events that were read to bring aggregates back.
    public var eventsRead: UInt64 = 0
    /// Snapshots that were taken.
    public var snapshots: UInt64 = 0

    /// Events that count, or did when they were appended.
    public var appended: UInt64 { orderEvents + paymentEvents + recordedEvents }

    /// How many of a category; of all with nil.
    public func appended(_ category: CommandPlan.Category?) -> UInt64 {
        switch category {
        case .order: orderEvents
        case .payment: paymentEvents
        case .event: recordedEvents
        case nil: appended
        }
    }

    mutating func count(_ category: CommandPlan.Category) {
        switch category {
        case .order: orderEvents += 1
        case .payment: paymentEvents += 1
        case .event: recordedEvents += 1
        }
    }
}
