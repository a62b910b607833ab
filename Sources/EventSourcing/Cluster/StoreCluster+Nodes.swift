public import Timeline

extension StoreCluster {
    /// A node dies: what it had not on disk is gone, and whoever waits for its answers waits in vain.
    public mutating func crash(_ node: Int) {
        for index in replicas.indices where Int(replicas[index].node) == node && replicas[index].role != .down {
            move(index, to: replicas[index].durable)
            replicas[index].role = .down
            replicas[index].writing = nil
            replicas[index].leader = nil
            replicas[index].wakeAt = .distantFuture
            pending.removeAll { $0.replica == index }
        }
    }

    /// A node comes back with what it has on disk.
    public mutating func restart(_ node: Int, at now: Instant, _ effects: inout [ClusterEffect]) {
        for index in replicas.indices where Int(replicas[index].node) == node && replicas[index].role == .down {
            replicas[index].role = .follower
            replicas[index].due = .distantFuture
            waitForLeader(index, at: now, &effects)
        }
    }

    /// How one node's copy of a partition stands.
    public struct CopyView: Hashable, Sendable {
        /// The node.
        public let node: Int
        /// Whether it leads, as it thinks.
        public let isLeader: Bool
        /// Whether its node runs.
        public let isUp: Bool
        /// The latest epoch that it has heard of.
        public let epoch: UInt32
        /// How many entries its history has.
        public let length: UInt32
        /// How many of them count, as far as it knows.
        public let committed: UInt32
        /// How many of them are on its disk.
        public let durable: UInt32
    }

    /// The copies of a partition, the preferred leader first.
    public func views(of partition: Int) -> [CopyView] {
        copies(of: partition).map { index in
            let replica = replicas[index]
            return CopyView(
                node: Int(replica.node), isLeader: replica.role == .leader, isUp: replica.role != .down,
                epoch: replica.epoch, length: tree.length(of: replica.tip), committed: replica.committed,
                durable: tree.length(of: tree.fork(of: replica.durable, and: replica.tip)))
        }
    }

    /// The node that leads a partition: of several that think so, the one of the latest epoch; nil if none does.
    public func leader(of partition: Int) -> Int? {
        let leading = copies(of: partition).filter { replicas[$0].role == .leader }
        return leading.max { replicas[$0].epoch < replicas[$1].epoch }.map { Int(replicas[$0].node) }
    }

    /// The node and partition of a copy.
    public func place(ofReplica index: Int) -> (node: Int, partition: Int) {
        (Int(replicas[index].node), Int(replicas[index].partition))
    }

    /// How many copies there are.
    public var replicaCount: Int { replicas.count }

    /// The last entry of a stream that counts, as a node knows it; 0 for none, or if the node keeps no copy of it.
    public func committedHead(of stream: UInt32, on node: Int) -> UInt32 {
        guard let index = replica(of: partition(of: stream), on: node) else { return 0 }
        var entry = head(of: stream, in: index)
        while entry != 0, tree[entry].length > replicas[index].committed { entry = tree[entry].previousInStream }
        return entry
    }
}
