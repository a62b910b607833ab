extension AvailableReplica {
    /// What came of a message.
    public struct Reception: Hashable, Sendable {
        /// What to send in answer.
        public internal(set) var replies: [ReplicaMessage] = []
        /// Where the log of arrivals ended before the message came; what is behind came with it.
        public let arrivalsBefore: Position
        /// How many conflicts had been noted before the message came; those behind came with it.
        public let conflictsBefore: Int
    }

    /// Begins a round of anti-entropy with another node; nil if there is no such node.
    ///
    /// The other one compares the root of its tree. Where they differ both go down their trees in turn, level by level,
    /// to the buckets that differ; there they tell each other what they know of each stream, and send what the other
    /// one lacks.
    public mutating func startRound(with peer: UInt8) -> ReplicaMessage? {
        guard isPeer(peer) else { return nil }
        totals.rounds += 1
        return message(to: peer, .root(tree.root))
    }

    /// Tells all other nodes of an entry that was just appended here; what does not arrive is left to anti-entropy.
    public mutating func announce(_ number: UInt32, in arena: EntryArena) -> [ReplicaMessage] {
        guard let entry = arena[number], knows(entry) else { return [] }
        var runs = MessageItems(blank: Self.blankRun)
        runs.append(.init(stream: entry.stream, origin: entry.origin, first: entry.counter, last: entry.counter))
        return (0..<UInt8(settings.nodes)).filter { $0 != node }.map { peer in
            message(to: peer, .entries(.init(runs: runs, rest: nil)))
        }
    }

    /// Takes a message; one that is not for this node, or not from another one of its cluster, is ignored.
    public mutating func receive(_ message: ReplicaMessage, in arena: EntryArena) -> Reception {
        var reception = Reception(arrivalsBefore: lastArrival, conflictsBefore: conflicts.count)
        guard message.to == node, isPeer(message.from) else { return reception }
        let peer = message.from
        switch message.body {
        case .root(let hash) where hash == tree.root: reception.replies = [self.message(to: peer, .equal)]
        case .root: reception.replies = descend(into: [MerkleTree.rootNode], with: peer)
        case .equal: totals.equalRounds += 1
        case .hashes(let pairs): reception.replies = descend(into: differing(pairs), with: peer)
        case .vectors(let vectors): reception.replies = compare(vectors, with: peer, in: arena)
        case .entries(let entries): reception.replies = take(entries, from: peer, in: arena)
        }
        return reception
    }

    private func isPeer(_ other: UInt8) -> Bool { other != node && Int(other) < settings.nodes }

    /// A message that is to be sent now.
    mutating func message(to peer: UInt8, _ body: ReplicaMessage.Body) -> ReplicaMessage {
        let message = ReplicaMessage(from: node, to: peer, body: body)
        totals.messagesSent += 1
        totals.entriesSent += UInt64(message.entryCount)
        totals.bytesSent += UInt64(message.estimatedBytes(entryBytes: settings.entryBytes))
        return message
    }

    /// The nodes whose hashes here are others than these.
    private func differing(_ pairs: MessageItems<ReplicaMessage.HashPair>) -> [Int] {
        var nodes: [Int] = []
        for pair in pairs {
            guard let own = tree.children(of: Int(pair.node)) else { continue }
            if own.left != pair.left { nodes.append(Int(pair.node) * 2) }
            if own.right != pair.right { nodes.append(Int(pair.node) * 2 + 1) }
        }
        return nodes
    }

    /// Tells what there is below nodes that differ: hashes, or of a bucket the vectors.
    private mutating func descend(into nodes: [Int], with peer: UInt8) -> [ReplicaMessage] {
        var replies: [ReplicaMessage] = []
        var pairs = MessageItems(blank: ReplicaMessage.HashPair(node: 0, left: 0, right: 0))
        for node in nodes {
            if let bucket = tree.bucket(at: node) {
                totals.bucketsDiffering += 1
                replies += vectors(of: streams(in: bucket), isAnswer: false, to: peer)
            } else if let children = tree.children(of: node) {
                if pairs.count == settings.messageItems {
                    replies.append(message(to: peer, .hashes(pairs)))
                    pairs = MessageItems(blank: pairs[0])
                }
                pairs.append(.init(node: UInt32(node), left: children.left, right: children.right))
            }
        }
        if !pairs.isEmpty { replies.append(message(to: peer, .hashes(pairs))) }
        return replies
    }
}
