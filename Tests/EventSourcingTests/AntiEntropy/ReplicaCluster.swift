import EventSourcing
import Timeline

/// A cluster of replicas with messages on their way between them; who drives it decides what becomes of these.
struct ReplicaCluster {
    var replicas: [AvailableReplica]
    /// One for all nodes, or one for each.
    var arenas: [EntryArena]
    var underWay: [ReplicaMessage] = []
    var now = Instant.zero
    private var latestEvent: UInt64 = 0

    init(_ settings: AvailableReplica.Settings, ownArenas: Bool = false) throws {
        replicas = try (0..<UInt8(settings.nodes)).map { try AvailableReplica(node: $0, settings) }
        arenas = Array(repeating: EntryArena(), count: ownArenas ? settings.nodes : 1)
    }

    init(nodes: Int, streams: Int = 4, resolution: AvailableReplica.Resolution = .keepBoth) throws {
        try self.init(try .init(nodes: nodes, streams: streams, buckets: 4, resolution: resolution))
    }

    /// Which arena a node uses.
    func place(of node: Int) -> Int { arenas.count == 1 ? 0 : node }

    func arena(of node: Int) -> EntryArena { arenas[place(of: node)] }

    /// An entry as a node names it.
    func entry(_ number: UInt32, at node: Int) -> ReplicatedEntry? { arena(of: node)[number] }

    /// Appends an event, a new one if none is given.
    @discardableResult
    mutating func append(
        at node: Int, to stream: UInt32 = 0, event: EventID? = nil,
        expecting expected: AvailableReplica.Expectation = .any
    ) -> AvailableReplica.AppendResult {
        latestEvent += event == nil ? 1 : 0
        let id = event ?? EventID(high: 0, low: latestEvent)
        return replicas[node].append(
            id, payload: id.low, to: stream, expecting: expected, at: now, in: &arenas[place(of: node)])
    }

    /// A message arrives; returns what came of it. The replies are on their way.
    @discardableResult
    mutating func deliver(_ message: ReplicaMessage) -> AvailableReplica.Reception {
        let node = Int(message.to)
        if arenas.count > 1 { carryEntries(of: message) }
        let reception = replicas[node].receive(message, in: arena(of: node))
        underWay += reception.replies
        return reception
    }

    /// What the wire does where no arena is shared.
    private mutating func carryEntries(of message: ReplicaMessage) {
        guard case .entries(let entries) = message.body else { return }
        let sender = arenas[Int(message.from)]
        for run in entries.runs {
            for counter in run.first...run.last {
                let entry = sender.number(of: run.stream, run.origin, counter).flatMap { sender[$0] }
                if let entry { _ = arenas[Int(message.to)].add(entry) }
            }
        }
    }

    /// Begins a round, and delivers everything in order until nothing is under way; returns the messages.
    @discardableResult
    mutating func round(from node: Int, with peer: Int) -> [ReplicaMessage] {
        if let message = replicas[node].startRound(with: UInt8(peer)) { underWay.append(message) }
        return drain()
    }

    /// Delivers everything in order until nothing is under way; returns the messages.
    mutating func drain() -> [ReplicaMessage] {
        var delivered: [ReplicaMessage] = []
        while !underWay.isEmpty, delivered.count < 10_000 {
            let message = underWay.removeFirst()
            delivered.append(message)
            deliver(message)
        }
        return delivered
    }

    /// The payloads of a stream's events, in order.
    func history(_ node: Int, _ stream: UInt32 = 0) -> [UInt64] {
        replicas[node].history(of: stream, in: arena(of: node)).compactMap { entry($0.entry, at: node)?.payload }
    }

    /// The payloads of those that count.
    func effective(_ node: Int, _ stream: UInt32 = 0) -> [UInt64] {
        replicas[node].history(of: stream, in: arena(of: node)).filter { !$0.isSuperseded }
            .compactMap { entry($0.entry, at: node)?.payload }
    }

    /// The payloads of what arrived at a node, in order.
    func arrivals(_ node: Int) -> [UInt64] {
        replicas[node].arrivals(after: .start, limit: PageSize.limit).compactMap { entry($0, at: node)?.payload }
    }

    /// The payloads of the pairs in conflict at a node, the smaller first.
    func pairs(_ node: Int, open: Bool = false) -> [[UInt64]] {
        let arena = arena(of: node)
        let pairs = replicas[node].conflicts.flatMap { conflict in
            let opponents =
                open
                ? replicas[node].openOpponents(of: conflict, in: arena)
                : replicas[node].opponents(of: conflict, in: arena)
            return opponents.map { [$0, conflict.entry].compactMap { arena[$0]?.payload }.sorted() }
        }
        return pairs.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

extension ReplicaCluster {
    /// Two nodes whose messages are set otherwise.
    static func pair(
        streams: Int = 2_000, buckets: Int = 1_024, items: Int = 16, entries: Int = 64
    ) throws -> ReplicaCluster {
        try ReplicaCluster(
            try .init(
                nodes: 2, streams: streams, buckets: buckets, messageItems: items, messageEntries: entries,
                entryBytes: 100))
    }
}

extension ReplicaMessage {
    /// R root, = equal, H hashes, V vectors, A vectors in answer, E entries.
    var letter: Character {
        switch body {
        case .root: "R"
        case .equal: "="
        case .hashes: "H"
        case .vectors(let vectors): vectors.isAnswer ? "A" : "V"
        case .entries: "E"
        }
    }

    static func letters(_ messages: [ReplicaMessage]) -> String { String(messages.map(\.letter)) }

    /// How many items its list holds.
    var itemCount: Int {
        switch body {
        case .root, .equal: 0
        case .hashes(let pairs): pairs.count
        case .vectors(let vectors): vectors.known.count
        case .entries(let entries): entries.runs.count
        }
    }
}
