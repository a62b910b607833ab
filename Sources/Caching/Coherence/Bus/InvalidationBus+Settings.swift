public import Timeline

/// What becomes of messages that a node has missed.
public struct InvalidationRecovery: Hashable, Sendable {
    /// How long after a loss what was missed is sent again; 2 s by default, as in FusionCache.
    public let delay: Duration
    /// How many messages are kept for each node. Beyond that it has to drop everything.
    public let capacity: Int

    /// Checks the settings.
    /// - Parameters:
    ///   - delay: more than 0.
    ///   - capacity: 0 to 1 000 000 messages.
    /// - Throws: a ``SettingError`` for a setting out of its range.
    public init(delay: Duration = .seconds(2), capacity: Int = 1_000) throws(SettingError) {
        guard delay > .zero else { throw SettingError("delay", given: delay, allowed: "more than 0s") }
        guard (0...1_000_000).contains(capacity) else {
            throw SettingError("capacity", given: capacity, allowed: "0 to 1000000 messages")
        }
        self.delay = delay
        self.capacity = capacity
    }
}

/// How a bus is set; every value has been checked.
public struct InvalidationBusSettings: Hashable, Sendable {
    /// How many nodes there are.
    public let nodes: Int
    /// The group of each node, such as the number of its zone.
    public let groups: [Int]
    /// How long a message takes.
    public let latency: Distribution
    /// The share of messages that are lost.
    public let loss: Double
    /// Whether messages from one node to another arrive in the order in which they were sent, as over a connection.
    public let isInOrder: Bool
    /// What becomes of what a node has missed; nil if nothing does.
    public let recovery: InvalidationRecovery?

    /// Checks the settings.
    /// - Parameters:
    ///   - nodes: 1 to 64.
    ///   - groups: one number for each node; by default all nodes are one group.
    ///   - latency: how long a message takes; draws below 0 count as 0.
    ///   - loss: the probability with which a message is lost, 0 to 1.
    ///   - isInOrder: whether no message overtakes another on its way between the same two nodes.
    ///   - recovery: what becomes of what a node has missed; nil if nothing does.
    /// - Throws: a ``SettingError`` for a setting out of its range.
    public init(
        nodes: Int, groups: [Int]? = nil, latency: Distribution = .constant(.milliseconds(1)), loss: Double = 0,
        isInOrder: Bool = true, recovery: InvalidationRecovery?
    ) throws(SettingError) {
        guard (1...NodeSet.mostNodes).contains(nodes) else {
            throw SettingError("nodes", given: nodes, allowed: "1 to \(NodeSet.mostNodes)")
        }
        let groups = groups ?? [Int](repeating: 0, count: nodes)
        guard groups.count == nodes else {
            throw SettingError("groups", given: groups.count, allowed: "\(nodes), one for each node")
        }
        guard (0...1).contains(loss) else { throw SettingError("loss", given: loss, allowed: "0 to 1") }
        self.nodes = nodes
        self.groups = groups
        self.latency = latency
        self.loss = loss
        self.isInOrder = isInOrder
        self.recovery = recovery
    }

    /// Who is told of what a node has written; nobody if there is no such node.
    public func receivers(of propagation: Propagation, from writer: Int) -> NodeSet {
        guard groups.indices.contains(writer) else { return NodeSet() }
        var receivers: NodeSet
        switch propagation {
        case .none: return NodeSet()
        case .group: receivers = NodeSet(groups.indices.filter { groups[$0] == groups[writer] })
        case .others: receivers = NodeSet(groups.indices)
        case .all: return NodeSet(groups.indices)
        }
        receivers.remove(writer)
        return receivers
    }
}

/// What a bus has done since it was made.
public struct InvalidationBusTotals: Hashable, Sendable {
    /// Invalidations that were published.
    public var published = 0
    /// Messages that were sent on their way, also again.
    public var sent = 0
    /// Messages that were lost on their way.
    public var lost = 0
    /// Messages that did not get through since a node was cut off.
    public var cutOff = 0
    /// Messages that took the place of a former one in a queue, or were covered by one that drops everything.
    public var superseded = 0
    /// Queues that had no more room, so that their node has to drop everything.
    public var overflows = 0

    /// Nothing done yet.
    public init() {}
}
