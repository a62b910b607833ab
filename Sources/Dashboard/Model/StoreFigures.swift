internal import EventSourcing
internal import Simulation

/// An event store as it stands: its partitions, and its nodes.
struct StoreFigures: Hashable, Sendable {
    /// How many streams it has.
    let streams: Int
    /// How many of its events count.
    let events: UInt64
    /// What its services have asked of it.
    let totals: StoreTotals
    /// What its nodes have been through.
    let cluster: StoreCluster.Totals
    /// The copies of each partition.
    let partitions: [[CopyFigures]]
    /// Its nodes, put together from their copies.
    let nodes: [NodeFigures]
    /// What its nodes know, if it prefers availability; then it has no partitions.
    let available: AvailableFigures?

    init(_ store: Int, in world: World, _ plan: StorePlan) {
        let state = world.cluster(ofStore: store)
        streams = state.streamCount
        events = world.eventsCommitted(inStore: store)
        totals = world.storeTotals(store)
        cluster = state.totals
        if let nodes = world.availableNodes(ofStore: store) {
            available = AvailableFigures(nodes)
            partitions = []
            self.nodes = nodes.replicas.indices.map { node in
                NodeFigures(node, of: nodes, world.condition(node, of: store))
            }
            return
        }
        available = nil
        let partitions = (0..<plan.cluster.partitions).map { CopyFigures.copies(of: $0, in: state) }
        self.partitions = partitions
        nodes = (0..<plan.cluster.nodes).map { node in
            NodeFigures(copies: partitions.joined().filter { $0.view.node == node }, world.condition(node, of: store))
        }
    }

    /// Partitions that nobody leads.
    var leaderless: Int { partitions.count { copies in !copies.contains { $0.view.isLeader } } }

    /// How many nodes at most think that they lead the same partition.
    var mostLeaders: Int { partitions.map { copies in copies.count { $0.view.isLeader } }.max() ?? 0 }
}

/// One node's copy of a partition, with what its leader has.
struct CopyFigures: Hashable, Sendable {
    let view: StoreCluster.CopyView
    /// How many events the leader of the latest epoch has that are not on its disk; nil if nobody leads.
    let behind: Int?
    /// Whether it thinks that it leads while another one leads with its epoch or a later one: their histories differ,
    /// or soon will.
    let isApart: Bool

    static func copies(of partition: Int, in cluster: StoreCluster) -> [CopyFigures] {
        let views = cluster.views(of: partition)
        let leaders = views.filter(\.isLeader)
        let latest = leaders.map(\.epoch).max()
        let rightful = leaders.filter { $0.epoch == latest }
        return views.map { view in
            let isRightful = rightful.contains(view)
            let gaps = rightful.map { max(0, Int($0.length) - Int(view.durable)) }
            return CopyFigures(
                view: view, behind: isRightful ? 0 : gaps.min(),
                isApart: view.isLeader && (!isRightful || rightful.count > 1))
        }
    }
}

/// A node of an event store as it stands.
struct NodeFigures: Hashable, Sendable {
    /// What is wrong with it, the worst first.
    enum Condition: Hashable, Sendable {
        case down, cutOff, paused, losing, slow, well
    }

    let condition: Condition
    /// How many partitions it thinks that it leads.
    let leads: Int
    /// Of how many it has a copy.
    let holds: Int
    /// The latest epoch that it has heard of.
    let epoch: UInt32
    /// How many events the leaders have that are not on its disk.
    let behind: Int
    /// Whether it thinks that it leads where another one does.
    let isApart: Bool

    init(copies: [CopyFigures], _ condition: Condition) {
        self.condition = copies.contains { !$0.view.isUp } ? .down : condition
        leads = copies.count { $0.view.isLeader }
        holds = copies.count
        epoch = copies.map(\.view.epoch).max() ?? 0
        behind = copies.reduce(0) { $0 + ($1.behind ?? 0) }
        isApart = copies.contains { $0.isApart }
    }

    /// A node of a store that prefers availability: it leads nothing, and is behind by what it has not heard of.
    init(_ node: Int, of nodes: AvailableNodes, _ condition: Condition) {
        self.condition = nodes.isUp[node] ? condition : .down
        (leads, holds, epoch, isApart) = (0, 0, 0, false)
        behind = Int(clamping: Int64(clamping: nodes.events) - nodes.replicas[node].lastArrival.number)
    }
}

extension World {
    /// What the faults in force make of a node.
    fileprivate func condition(_ node: Int, of store: Int) -> NodeFigures.Condition {
        let kinds = faults(onNode: node, ofStore: store).map { faultLog[$0].plan.kind }
        if kinds.contains(.crash) { return .down }
        if kinds.contains(.cut) { return .cutOff }
        if kinds.contains(.pause) { return .paused }
        if kinds.contains(.lose) { return .losing }
        return kinds.contains { if case .latency = $0 { true } else { false } } ? .slow : .well
    }

    /// The faults in force on a node, those on its whole store included, by their places in the log.
    func faults(onNode node: Int, ofStore store: Int) -> [Int] {
        faultLog.indices.filter { index in
            let target = faultLog[index].plan.target
            return faultLog[index].isActive && (target == .store(store) || target == .node(store: store, node))
        }
    }
}
