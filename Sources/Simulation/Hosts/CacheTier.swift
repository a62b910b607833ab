import Caching
import Resilience
import Timeline

/// A service's cache: its levels, its loads, its writes, and what its replicas tell each other.
///
/// Keys of the levels are an operation's own; keys that are written are numbers, and all operations read them. A value is
/// how far the writes of all keys had come when it was read.
struct CacheTier: Sendable {
    typealias Levels = CacheLevels<UInt64, UInt64>
    typealias Path = ReadPath<UInt64, UInt64>

    var plan: CachePlan
    /// The operations that read through it, and what they are called in the keys that patterns match.
    let readers: [UInt16]
    let readerNames: [String]
    var levels: Levels
    /// Of each replica, or the only one: who loads, and who waits for it.
    var paths: [Path]
    var counts = CacheCounts()
    /// What each frame loads.
    var loads: [UInt32: Load] = [:]
    /// Where each frame waits for somebody else's load.
    var seats: [UInt32: Seat] = [:]
    /// How many writes there were.
    var origin: UInt64 = 0
    /// The latest write of each key that was written.
    var latest: [UInt32: Write] = [:]
    /// The latest write of each tag.
    var latestOfTag: [UInt32: Write] = [:]
    /// What the store has of each key, where writes reach it later than they are answered.
    var stored: [UInt32: UInt64] = [:]
    /// Of each replica: the writes that the store does not have yet.
    var queues: [WriteBehindQueue<UInt64, UInt64>] = []
    var flushTimers: [Agenda.TimerID] = []
    /// By which the replicas tell each other what was written, and what each has heard.
    var bus: InvalidationBus<UInt64>?
    var inboxes: [InvalidationInbox<UInt64>] = []
    var retryTimer = Agenda.TimerID.none
    /// Of each level, whether it is asked at all: one that fails is passed over for a while.
    var breakers: [CircuitBreaker]
    /// What is known of the keys, where it decides on promotions.
    var history: AccessHistory<UInt64>?
    var draws: RandomStream
    /// From which the size of each key's value follows.
    let sizeSeed: UInt64
    var busDraws: RandomStream

    /// A load under way.
    struct Load: Sendable {
        var flight: FlightID
        /// What is loaded, whatever operation reads it.
        var number: UInt32
        /// How far the writes had come when it began.
        var version: UInt64
        var node: Int
        var token: InvalidationInbox<UInt64>.LoadToken?
        /// For whom it is, if nobody waits for it.
        var warming: CacheWarmer<UInt64>.Load?
    }

    /// A write of a key.
    struct Write: Sendable {
        /// Which of the writes of all keys it was, and which the first of this key was.
        var (version, first): (UInt64, UInt64)
        var at: Instant
    }

    /// Of each replica: what it loads before it is asked for.
    var warmers: [CacheWarmer<UInt64>] = []
    var warmerTimers: [Agenda.TimerID]
    /// When all replicas are warmed next.
    var warmingTimer = Agenda.TimerID.none

    /// How many keys a replica remembers to have heard of.
    static var keysHeardOf: Int { 100_000 }

    init(_ cache: CachePlan, of service: Int, in plan: Plan) {
        let (name, replicas) = (plan.services[service].name, plan.services[service].replicas)
        let operations = plan.operations(of: service)
        let reading = operations.filter { plan.operations[$0].usesCache }
        self.plan = cache
        readers = reading.map { UInt16($0) }
        readerNames = reading.map { String(plan.operations[$0].name.dropFirst(name.count + 1)) }
        levels = Self.levels(cache, nodes: replicas)
        breakers = Array(repeating: CircuitBreaker(Self.breaker), count: cache.levels.count)
        warmerTimers = Array(repeating: .none, count: replicas)
        paths = Array(repeating: Path(cache.reading), count: cache.sharesFlights ? 1 : replicas)
        sizeSeed = plan.seed
        draws = RandomStream(seed: plan.seed, name: name, purpose: "cache")
        busDraws = RandomStream(seed: plan.seed, name: name, purpose: "invalidations")
        if let behind = cache.behind {
            queues = Array(repeating: WriteBehindQueue(behind.settings), count: replicas)
            flushTimers = Array(repeating: .none, count: replicas)
        }
        bus = cache.coherence?.settings(nodes: replicas).map { InvalidationBus($0) }
        // Who writes remembers it, whether others are told or not.
        let isWritten = operations.contains { plan.operations[$0].writing != .nothing }
        if cache.coherence != nil || isWritten && cache.writing != .ignore {
            inboxes = Array(repeating: InvalidationInbox(capacity: Self.keysHeardOf), count: replicas)
        }
        prepareWarming()
    }

    /// Half of ten lookups that fail open it, for two seconds; then one lookup tries.
    private static let breaker: CircuitBreaker.Settings = {
        do {
            return try CircuitBreaker.Settings(
                window: .calls(10), failureRate: 0.5, openTime: .seconds(2), probes: 1)
        } catch {
            preconditionFailure("these are in range: \(error)")
        }
    }()

    private static func levels(_ plan: CachePlan, nodes: Int) -> Levels {
        do {
            let settings = try plan.levels.map { level in
                try LevelSettings(level.name, capacity: level.capacity, isShared: level.isShared) {
                    level.policy.policy(capacity: $0) ?? LRU(capacity: $0)
                }
            }
            return Levels(settings, nodes: nodes, inclusion: plan.inclusion)
        } catch {
            preconditionFailure("a plan's sizes are checked: \(error)")
        }
    }

    /// Takes over changed sizes, lives and latencies.
    mutating func change(to plan: CachePlan) {
        self.plan = plan
        for place in paths.indices { paths[place].change(to: plan.reading) }
        for (level, settings) in plan.levels.enumerated() where settings.capacity != levels.capacity(of: level) {
            levels.resize(level, to: settings.capacity)
        }
        if let settings = plan.coherence?.settings(nodes: levels.nodes) { try? bus?.changeSettings(settings) }
        prepareWarming()
    }

    /// Who loads at a node, and who waits there.
    subscript(pathOf node: Int) -> Path {
        get { paths[min(node, paths.count - 1)] }
        _modify { yield &paths[min(node, paths.count - 1)] }
    }

    /// What the levels find the answer of an operation by.
    static func key(_ number: UInt64, _ operation: UInt16) -> UInt64 { UInt64(operation) << 32 | number }

    /// The tag of a key, as those that were invalidated are known by; none without tags.
    func tags(of key: UInt64) -> [UInt64] { tag(of: Self.number(of: key)).map { [UInt64($0)] } ?? [] }

    /// The tag of the key of a number, from 0; nil without tags.
    func tag(of number: UInt32) -> UInt32? { plan.tags.map { (number &- 1) % max(1, $0) } }

    /// The number of a key, whatever operation reads it.
    static func number(of key: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: key) }

    /// How large the value of a key is, in bytes, wherever it is cached; 1 where levels count entries.
    func size(of key: UInt64) -> Int {
        guard let sizes = plan.sizes else { return 1 }
        let seed = sizeSeed ^ RandomStream.scramble(UInt64(Self.number(of: key)))
        var stream = RandomStream(seed: seed, name: "value", purpose: "size")
        return sizes.bytes(using: &stream)
    }

    /// How much room a value of a key takes, in kilobytes; 1 where levels count entries, or if there is none.
    func weight(of value: CachedValue<UInt64>, _ key: UInt64) -> Int {
        value.value == nil ? 1 : kilobytes(of: key)
    }

    /// The size of the value of a key, rounded up.
    func kilobytes(of key: UInt64) -> Int { (size(of: key) - 1) / 1_000 + 1 }

    /// How long it takes to ask these levels, given as bits.
    mutating func latency(ofLevels asked: UInt8) -> Duration {
        var sum = Duration.zero
        for level in plan.levels.indices where asked & (1 << UInt8(level)) != 0 {
            sum = sum + plan.levels[level].latency.sample(using: &draws)
        }
        return sum
    }

    /// A node has crashed: what it had in memory, the nearest level, is gone, unless that is shared.
    mutating func loseMemory(ofNode node: Int) {
        if !plan.levels.isEmpty, !plan.levels[0].isShared { levels.flush(0, node: node) }
    }

    /// Empties a level at all nodes, or all levels; returns how many entries went.
    mutating func flush(_ level: Int?) -> Int {
        guard let level else { return plan.levels.indices.reduce(0) { $0 + levels.flush($1) } }
        return plan.levels.indices.contains(level) ? levels.flush(level) : 0
    }
}
