import EventSourcing
import Timeline

/// Drives a cluster through cuts and bad messages, then heals it, and notes what breaks a promise.
struct ReplicaChaos {
    var cluster: ReplicaCluster
    var model: CausalModel
    var random: RandomStream
    var timers: [AntiEntropyTimer]
    /// On which side of a cut each node is.
    var sides: [Int]
    var isHealed = false
    /// Who asked whom, how much was answered, and the hash of all that was known then.
    var transcript: [[UInt64]] = []
    var complaints: [String] = []
    var messagesMade: UInt64 = 0
    var messagesCut = 0
    private var events: [(id: EventID, stream: UInt32)] = []

    init(seed: UInt64, ownArenas: Bool) throws {
        var random = RandomStream(seed: seed, name: "replica", purpose: "chaos")
        let nodes = 3 + Int(random.below(3))
        let settings = try AvailableReplica.Settings(
            nodes: nodes, streams: 1 + Int(random.below(5)), buckets: 1 << Int(random.below(3)),
            messageItems: 1 + Int(random.below(4)), messageEntries: 1 + Int(random.below(5)),
            resolution: random.chance(0.25) ? .lastWriterWins : .keepBoth)
        cluster = try ReplicaCluster(settings, ownArenas: ownArenas)
        model = CausalModel(nodes: nodes)
        let timing = try AntiEntropyTimer.Settings(interval: .milliseconds(100), jitter: 0.3)
        timers = (0..<UInt8(nodes)).map {
            AntiEntropyTimer(node: $0, of: nodes, timing, at: .zero, using: &random)
        }
        sides = Array(repeating: 0, count: nodes)
        self.random = random
    }

    var nodes: Int { sides.count }

    /// Chaos for a while, then the cut is healed; all must become equal, though messages are still lost.
    mutating func run() {
        for _ in 0..<100 { disturb() }
        isHealed = true
        sides = Array(repeating: 0, count: nodes)
        var steps = 0
        while !isEqual, steps < 4_000 {
            passTime()
            deliverOne()
            deliverOne()
            deliverOne()
            steps += 1
        }
        if !isEqual { complaints.append("not equal after \(steps) steps") }
    }

    var isEqual: Bool { cluster.replicas.allSatisfy { $0.tree.root == cluster.replicas[0].tree.root } }

    private mutating func disturb() {
        switch random.below(20) {
        case 0..<5: append()
        case 5: appendAgain()
        case 6: sides = sides.map { _ in Int(random.below(2)) }
        case 7: sides = sides.map { _ in 0 }
        case 8..<12: passTime()
        default: deliverOne()
        }
        if cluster.underWay.count > 3_000 { complaints.append("a storm of messages") }
    }

    private mutating func append() {
        let event = EventID(using: &random)
        let stream = UInt32(random.below(UInt64(cluster.replicas[0].settings.streams)))
        events.append((event, stream))
        append(event, to: stream)
    }

    /// Somebody who got no answer asks another node, or the same one.
    private mutating func appendAgain() {
        guard !events.isEmpty else { return }
        let (event, stream) = events[Int(random.below(UInt64(events.count)))]
        append(event, to: stream)
    }

    private mutating func append(_ event: EventID, to stream: UInt32) {
        let node = Int(random.below(UInt64(nodes)))
        let known = cluster.replicas[node].vector(of: stream)
        let expected: AvailableReplica.Expectation =
            switch random.below(10) {
            case 0: .noStream
            case 1: .streamExists
            case 2..<5: .exactly(known)
            case 5: .exactly(VersionVector([1, 1, 1]))
            default: .any
            }
        let result = cluster.append(at: node, to: stream, event: event, expecting: expected)
        guard case .appended(let number) = result, let entry = cluster.entry(number, at: node) else { return }
        model.appended(entry, settles: expected == .exactly(known) || expected == .exactly(VersionVector([1, 1, 1])))
        guard random.chance(0.7) else { return }
        send(cluster.replicas[node].announce(number, in: cluster.arena(of: node)))
    }

    private mutating func passTime() {
        cluster.now = cluster.now + .milliseconds(Int64(random.below(30)))
        for node in timers.indices {
            guard let peer = timers[node].take(at: cluster.now, using: &random) else { continue }
            send([cluster.replicas[node].startRound(with: peer)].compactMap { $0 })
        }
    }

    private mutating func send(_ messages: [ReplicaMessage]) {
        messagesMade += UInt64(messages.count)
        for message in messages where !random.chance(0.1) { cluster.underWay.append(message) }
    }

    /// One of the messages arrives, whichever; it may come again.
    private mutating func deliverOne() {
        guard !cluster.underWay.isEmpty else { return }
        let index = Int(random.below(UInt64(cluster.underWay.count)))
        let message = random.chance(0.1) ? cluster.underWay[index] : cluster.underWay.remove(at: index)
        guard sides[Int(message.from)] == sides[Int(message.to)] else {
            messagesCut += 1
            return
        }
        let others = cluster.underWay
        cluster.underWay = []
        deliver(message)
        let replies = cluster.underWay
        cluster.underWay = others
        send(replies)
    }

    private mutating func deliver(_ message: ReplicaMessage) {
        let node = Int(message.to)
        let before = cluster.replicas[node]
        let (items, entries) = (message.itemCount, message.entryCount)
        if items > before.settings.messageItems { complaints.append("\(items) items in a message") }
        if entries > before.settings.messageEntries { complaints.append("\(entries) entries in a message") }
        let reception = cluster.deliver(message)
        let after = cluster.replicas[node]
        transcript.append([UInt64(message.from), UInt64(node), UInt64(reception.replies.count), after.tree.root])
        for stream in UInt32(0)..<UInt32(after.settings.streams)
        where before.vector(of: stream) != after.vector(of: stream) {
            let learned = cluster.arena(of: node)
                .walk(stream, from: before.vector(of: stream), through: after.vector(of: stream))
            for number in learned {
                if let entry = cluster.entry(number, at: node) { model.learned(entry, at: node) }
            }
        }
        if reception.arrivalsBefore != before.lastArrival { complaints.append("arrivals before the message") }
        if reception.conflictsBefore != before.conflicts.count { complaints.append("conflicts before the message") }
    }
}
