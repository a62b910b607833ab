import Caching
import Timeline

/// A few nodes with caches, the bus between them, an origin, and what is true: the naive world in which the coherence of
/// caches is tried.
///
/// The value of a key is the number of its last write, so a stale one can be told by comparing.
struct Cluster {
    struct Copy {
        var version: UInt64
        var value: UInt64
        var expiresAt = Instant.distantFuture
    }

    struct Load {
        let token: InvalidationInbox<Int>.LoadToken
        /// How much the node had heard when it began.
        let heard: Int
        /// What was read; nil before that.
        var copy: Copy?
    }

    /// An invalidation that a node has heard of, and from when on it must be obeyed.
    struct Heard {
        let subject: InvalidationSubject<Int>
        let version: UInt64
        let end: Instant
        let isNews: Bool
    }

    struct Node {
        var copies: [Int: Copy] = [:]
        var loads: [Load] = []
        var heard: [Heard] = []
        var inbox: InvalidationInbox<Int>
    }

    static let keys = 0..<6
    static func tag(of key: Int) -> Int { key % 3 }

    var now = Instant.zero
    var random: RandomStream
    var bus: InvalidationBus<Int>
    var nodes: [Node]
    var onTheWay: [InvalidationDelivery<Int>] = []
    /// The writes of each key; one with every number of the sequence that is about it.
    var writes: [[UInt64]] = Array(repeating: [0], count: keys.count)
    var sequence: UInt64 = 0
    /// The share of deliveries that come twice.
    var duplication = 0.0
    /// Whether a load is always stored if nothing speaks against it, which is so while nothing is forgotten.
    let remembersAll: Bool
    /// What was wrong first.
    var fault: String?
    var counts = Counts()

    struct Counts {
        var hits = 0
        var staleHits = 0
        var stores = 0
        var refusals = 0
        var gaps = 0
    }

    init(_ settings: InvalidationBusSettings, capacity: Int, seed: UInt64) {
        bus = InvalidationBus(settings)
        nodes = Array(repeating: Node(inbox: InvalidationInbox(capacity: capacity)), count: settings.nodes)
        random = RandomStream(seed: seed, name: "cluster", purpose: "events")
        remembersAll = capacity >= 2 * Self.keys.count
    }

    func truth(_ key: Int, upTo version: UInt64) -> UInt64 { writes[key].last { $0 <= version } ?? 0 }

    /// Reads a key from a node's cache; nil for a miss.
    mutating func read(_ key: Int, on node: Int) -> UInt64? {
        guard let copy = nodes[node].copies[key] else { return nil }
        guard now < copy.expiresAt,
            nodes[node].inbox.isReadable(key, version: copy.version, tags: [Self.tag(of: key)], at: now)
        else {
            nodes[node].copies[key] = nil
            return nil
        }
        counts.hits += 1
        if copy.value < truth(key, upTo: sequence) { counts.staleHits += 1 }
        let ended = nodes[node].heard.contains {
            copy.value < $0.version && $0.end <= now && Self.concerns($0.subject, key)
                && copy.value < truth(key, upTo: $0.version)
        }
        if ended { fault = fault ?? "node \(node) has read \(copy.value) of key \(key) after it heard of a newer one" }
        return copy.value
    }

    private static func concerns(_ subject: InvalidationSubject<Int>, _ key: Int) -> Bool {
        subject == .key(key) || subject == .tag(tag(of: key)) || subject == .all
    }

    mutating func beginLoad(of key: Int, on node: Int) {
        let token = nodes[node].inbox.beginLoad(of: key)
        nodes[node].loads.append(Load(token: token, heard: nodes[node].heard.count))
    }

    /// A load reads the origin, or a copy of it that lags by some writes.
    mutating func readOrigin(load: Int, on node: Int, lag: UInt64) {
        let version = sequence - min(lag, sequence)
        let key = nodes[node].loads[load].token.key
        nodes[node].loads[load].copy = Copy(version: version, value: truth(key, upTo: version))
    }

    /// A load ends.
    mutating func store(load: Int, on node: Int) {
        let load = nodes[node].loads.remove(at: load)
        guard let copy = load.copy else { return }
        let key = load.token.key
        let mayStore = nodes[node].inbox.mayStore(load.token, version: copy.version, tags: [Self.tag(of: key)])
        let relevant = nodes[node].heard.enumerated().filter { Self.concerns($0.element.subject, key) }
        let isBehind = relevant.contains { $0.element.version > copy.version }
        let hasRaced = relevant.contains { $0.offset >= load.heard && $0.element.isNews }
        if mayStore, isBehind || hasRaced { fault = fault ?? "node \(node) has stored a load that had raced" }
        if !mayStore, remembersAll, !isBehind, !hasRaced { fault = fault ?? "node \(node) has refused a good load" }
        counts.stores += mayStore ? 1 : 0
        counts.refusals += mayStore ? 0 : 1
        guard mayStore, copy.version >= nodes[node].copies[key]?.version ?? 0 else { return }
        nodes[node].copies[key] = copy
    }

    mutating func write(_ key: Int, on node: Int, _ decision: InvalidationDecision) {
        sequence += 1
        writes[key].append(sequence)
        hear(.key(key), version: sequence, .immediate, on: node)
        nodes[node].copies[key] = Copy(version: sequence, value: sequence)
        publish(.key(key), decision, from: node)
    }

    /// Everything with a tag changes.
    mutating func invalidate(tag: Int, on node: Int, _ decision: InvalidationDecision) {
        sequence += 1
        for key in Self.keys where Self.tag(of: key) == tag { writes[key].append(sequence) }
        hear(.tag(tag), version: sequence, .immediate, on: node)
        publish(.tag(tag), decision, from: node)
    }

    private mutating func publish(
        _ subject: InvalidationSubject<Int>, _ decision: InvalidationDecision, from node: Int
    ) {
        onTheWay += bus.publish(subject, version: sequence, decision, from: node, at: now, using: &random)
    }

    /// Lets time pass: whatever arrives in it, does.
    mutating func pass(until end: Instant) {
        while let next = nextMoment, next <= end {
            now = max(now, next)
            if let due = bus.nextRetry, due <= now { onTheWay += bus.retry(at: now, using: &random) }
            guard let place = onTheWay.firstIndex(where: { $0.at <= now }) else { continue }
            var delivery = onTheWay.remove(at: place)
            if let message = bus.arrive(delivery, at: now) { receive(message, on: delivery.receiver) }
            if random.chance(duplication) {
                delivery.at = now + .milliseconds(Int64(random.below(40)))
                onTheWay.append(delivery)
            }
        }
        now = end
    }

    private var nextMoment: Instant? {
        let arrival = onTheWay.lazy.map(\.at).min()
        guard let retry = bus.nextRetry else { return arrival }
        return min(arrival ?? retry, retry)
    }

    private mutating func receive(_ message: InvalidationMessage<Int>, on node: Int) {
        let held: UInt64? = if case .key(let key) = message.subject { nodes[node].copies[key]?.version } else { nil }
        note(message.subject, version: message.version, message.strategy, on: node)
        let reception = nodes[node].inbox.receive(message, held: held, at: now)
        obey(reception.action, about: message.subject, on: node)
        guard reception.resync != nil else { return }
        counts.gaps += 1
        onTheWay += bus.resync(node, at: now, using: &random)
    }

    private mutating func hear(
        _ subject: InvalidationSubject<Int>, version: UInt64, _ strategy: InvalidationStrategy, on node: Int
    ) {
        note(subject, version: version, strategy, on: node)
        _ = nodes[node].inbox.invalidate(subject, version: version, strategy, held: nil, at: now)
    }

    private mutating func note(
        _ subject: InvalidationSubject<Int>, version: UInt64, _ strategy: InvalidationStrategy, on node: Int
    ) {
        let end = if case .ttl(let life) = strategy { now + life } else { now }
        let isNews = !nodes[node].heard.contains {
            $0.version >= version && ($0.subject == subject || $0.subject == .all)
        }
        nodes[node].heard.append(Heard(subject: subject, version: version, end: end, isNews: isNews))
    }

    private mutating func obey(
        _ action: InvalidationInbox<Int>.Action, about subject: InvalidationSubject<Int>, on node: Int
    ) {
        switch action {
        case .flushAll: nodes[node].copies = [:]
        case .drop: if case .key(let key) = subject { nodes[node].copies[key] = nil }
        case .shorten(let end):
            guard case .key(let key) = subject, let copy = nodes[node].copies[key] else { return }
            nodes[node].copies[key]?.expiresAt = min(copy.expiresAt, end)
        case .ignore, .markStale: break
        }
    }
}
