public import Timeline

/// A fault that was injected.
public struct Fault: Sendable {
    /// What it is.
    public let plan: FaultPlan
    /// When it began.
    public let since: Instant
    /// When it ends by itself, if it does.
    public let until: Instant?
    /// When it ended.
    public internal(set) var healedAt: Instant?
    /// How many calls it has really hit.
    public internal(set) var hits: UInt64 = 0
    /// The entry that tells of its injection.
    public internal(set) var entry: EntryID
    var timer = Agenda.TimerID.none
    var draws: RandomStream

    /// Whether it is in force.
    public var isActive: Bool { healedAt == nil }
}

/// The chapter of what goes wrong.
struct FaultHost: Sendable {
    /// What the faults in force do to one piece of work.
    struct Impact {
        var extra = Duration.zero
        var fails = false
        var hangs = false
        /// It ends as the caller's fault.
        var isInvalid = false
        var cause: EntryID?
    }

    /// Every fault since the beginning, in order of injection: fault number n is at n − 1.
    private(set) var faults: [Fault] = []
    private var active: [Int] = []
    private let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
    }

    /// Puts a fault in force.
    mutating func inject(_ plan: FaultPlan, cause: Why, _ port: inout Port) -> Int {
        let index = faults.count
        let entry = port.note(.faultInjected, .fault(UInt16(clamping: index)), why: cause)
        faults.append(
            Fault(
                plan: plan, since: port.now, until: plan.length.map { port.now + $0 }, healedAt: nil, entry: entry,
                draws: RandomStream(seed: seed, name: "F\(index + 1)", purpose: "strike")))
        if let length = plan.length {
            faults[index].timer = port.schedule(after: length, .faultHeals(UInt32(index)))
        }
        active.append(index)
        port.touched.insert(.faults)
        return index
    }

    /// Ends a fault.
    mutating func heal(_ index: Int, _ port: inout Port) {
        guard faults[index].isActive else { return }
        port.cancel(&faults[index].timer)
        faults[index].healedAt = port.now
        active.removeAll { $0 == index }
        port.note(
            .faultHealed, .fault(UInt16(clamping: index)), why: .count(UInt32(clamping: faults[index].hits)),
            cause: faults[index].entry)
        port.touched.insert(.faults)
    }

    /// The fault's own end has come: its timer is spent.
    mutating func timerFired(_ index: Int) {
        faults[index].timer = .none
    }

    /// Counts something that a fault did.
    mutating func hit(_ index: Int, times: UInt64 = 1) {
        faults[index].hits += times
    }

    /// What happens to the work of an operation that begins now.
    mutating func strike(service: Int, replica: Int, operation: Int) -> Impact? {
        impact { Self.isWork($0, service, replica, operation) }
    }

    private static func isWork(_ target: FaultPlan.Target, _ service: Int, _ replica: Int, _ operation: Int) -> Bool {
        target == .operation(operation) || isStation(target, service, replica)
    }

    /// Whether a target is a replica, or the service that it belongs to.
    private static func isStation(_ target: FaultPlan.Target, _ service: Int, _ replica: Int) -> Bool {
        target == .service(service) || target == .replica(service: service, replica)
    }

    /// What makes work at a replica that begins now fail at once; nil if nothing does.
    mutating func strikeBadDeploy(service: Int, replica: Int) -> Impact? {
        striking(.badDeploy) { Self.isStation($0, service, replica) }.map { Impact(cause: faults[$0].entry) }
    }

    /// What leaves a call without an answer that comes over an edge to a replica now; nil if nothing does.
    mutating func strikeHalfOpen(service: Int, replica: Int, edge: Int) -> Impact? {
        striking(.halfOpen) { Self.isStation($0, service, replica) || $0 == .edge(edge) }
            .map { Impact(cause: faults[$0].entry) }
    }

    /// Whether calls over an edge to a replica still have a fault that leaves them without an answer.
    func isHalfOpen(service: Int, replica: Int, edge: Int) -> Bool {
        active.contains {
            let plan = faults[$0].plan
            return plan.kind == .halfOpen
                && (Self.isStation(plan.target, service, replica) || plan.target == .edge(edge))
        }
    }

    /// What happens to a message that crosses an edge now.
    @inline(__always)
    mutating func strike(edge: Int) -> Impact? {
        active.isEmpty ? nil : impact { $0 == .edge(edge) }
    }

    /// What happens to a health check that crosses an edge now.
    mutating func strikeProbe(edge: Int) -> Impact? {
        active.isEmpty ? nil : impact(isProbe: true) { $0 == .edge(edge) }
    }

    /// What happens to the work of a replica that begins now, where so many workers are stuck already.
    mutating func stick(service: Int, replica: Int, already stuck: Int) -> Impact? {
        var left = stuck
        for index in active {
            guard case .stuck(let workers) = faults[index].plan.kind,
                Self.isStation(faults[index].plan.target, service, replica)
            else { continue }
            if left < workers {
                faults[index].hits += 1
                return Impact(cause: faults[index].entry)
            }
            left -= workers
        }
        return nil
    }

    /// How many workers of a replica the faults hold at most.
    func stuckWorkers(service: Int, replica: Int) -> Int {
        active.reduce(0) { sum, index in
            guard case .stuck(let workers) = faults[index].plan.kind,
                Self.isStation(faults[index].plan.target, service, replica)
            else { return sum }
            return sum + workers
        }
    }

    private mutating func impact(isProbe: Bool = false, where isTarget: (FaultPlan.Target) -> Bool) -> Impact? {
        var impact = Impact()
        for index in active where isTarget(faults[index].plan.target) {
            switch faults[index].plan.kind {
            case .latency(let add, let jitter):
                guard faults[index].draws.chance(faults[index].plan.probability) else { continue }
                let spread = jitter > 0 ? 1 + jitter * (2 * faults[index].draws.uniform() - 1) : 1
                impact.extra = impact.extra + add * spread
            case .error:
                guard faults[index].draws.chance(faults[index].plan.probability) else { continue }
                impact.fails = true
            case .hang:
                guard faults[index].draws.chance(faults[index].plan.probability) else { continue }
                impact.hangs = true
            case .hungProbe:
                guard isProbe, faults[index].draws.chance(faults[index].plan.probability) else { continue }
                impact.hangs = true
            case .falseAlarm:
                guard isProbe, faults[index].draws.chance(faults[index].plan.probability) else { continue }
                impact.fails = true
            case .wrongStatus(let status):
                guard faults[index].draws.chance(faults[index].plan.probability) else { continue }
                if status < 500 { impact.isInvalid = true } else { impact.fails = true }
            case .badDeploy, .halfOpen, .crash, .capacity, .flush, .stuck, .leak, .allocate, .cut, .pause, .lose,
                .interrupt, .expiredKey, .spoofedHeader:
                continue
            }
            faults[index].hits += 1
            impact.cause = faults[index].entry
        }
        return impact.cause == nil ? nil : impact
    }

    /// The levels of a service's cache that a fault in force is about, as bits.
    func levelsStruck(ofCacheOf service: Int, levels: Int) -> UInt8 {
        var bits: UInt8 = 0
        for index in active {
            guard case .cache(service, let level) = faults[index].plan.target, faults[index].plan.kind != .flush else {
                continue
            }
            bits |= level == 0 ? UInt8(truncatingIfNeeded: (1 << levels) - 1) : 1 << UInt8(level - 1)
        }
        return bits
    }

    /// What happens to a lookup in a level of a service's cache, from 0.
    mutating func strike(level: Int, ofCacheOf service: Int) -> Impact? {
        impact { $0 == .cache(service: service, level: level + 1) || $0 == .cache(service: service, level: 0) }
    }

    /// What makes a call that ends on an edge keep its connection; nil if it gives it back.
    mutating func leak(edge: Int) -> EntryID? {
        striking(.leak) { $0 == .connections(edge: edge) }.map { faults[$0].entry }
    }

    /// What makes a request of a load say of itself what it should not; nil if it does not.
    mutating func spoofs(load: Int) -> EntryID? {
        striking(.spoofedHeader) { $0 == .load(load) }.map { faults[$0].entry }
    }

    /// The oldest fault of a kind in force on such a target that strikes now, counted; nil if none does.
    private mutating func striking(_ kind: FaultPlan.Kind, where isTarget: (FaultPlan.Target) -> Bool) -> Int? {
        for index in active where faults[index].plan.kind == kind && isTarget(faults[index].plan.target) {
            guard faults[index].draws.chance(faults[index].plan.probability) else { continue }
            faults[index].hits += 1
            return index
        }
        return nil
    }

    /// The fault of a kind that is in force on a node of an event store, if one is.
    func fault(_ kind: FaultPlan.Kind, onNode node: Int, ofStore store: Int) -> Int? {
        active.first { faults[$0].plan.kind == kind && Self.isNode(faults[$0].plan.target, store, node) }
    }

    /// Whether a message to or from a node is lost.
    mutating func loses(messageOfNode node: Int, ofStore store: Int) -> Bool {
        guard let index = fault(.lose, onNode: node, ofStore: store),
            faults[index].draws.chance(faults[index].plan.probability)
        else { return false }
        faults[index].hits += 1
        return true
    }

    /// By how much the disk of a node is slower.
    mutating func slowsDisk(ofNode node: Int, store: Int) -> Duration {
        impact { Self.isNode($0, store, node) }?.extra ?? .zero
    }

    /// What happens to a batch that a projection deals with now.
    mutating func strike(projection: Int) -> Impact? {
        active.isEmpty ? nil : impact { $0 == .projection(projection) }
    }

    /// The crash that holds a projection, a bus or a shard down, if one does.
    func crash(on target: FaultPlan.Target) -> Int? {
        active.first { faults[$0].plan.kind == .crash && faults[$0].plan.target == target }
    }

    /// What happens to the work of a bus's handler that begins now.
    mutating func strike(bus: Int) -> Impact? {
        active.isEmpty ? nil : impact { $0 == .bus(bus) }
    }

    /// What happens to a query that a shard works on from now.
    mutating func strike(shard: Int, ofProjection projection: Int) -> Impact? {
        impact { $0 == .shard(projection: projection, shard) }
    }

    /// Whether a message for a projection, or an answer to it, is lost.
    mutating func loses(messageOfProjection projection: Int) -> Bool {
        let lossy = active.first {
            faults[$0].plan.kind == .lose && faults[$0].plan.target == .projection(projection)
        }
        guard let lossy, faults[lossy].draws.chance(faults[lossy].plan.probability) else { return false }
        faults[lossy].hits += 1
        return true
    }

    /// The fault by which an event is not delivered to the subscriber that a policy is; nil if it is.
    mutating func loses(eventFor policy: Int, ofChoreography choreography: Int) -> Int? {
        striking(.lose) { Self.isSubscriber($0, policy, choreography) }
    }

    /// What happens to an event that sets out to the subscriber that a policy is.
    mutating func strike(policy: Int, ofChoreography choreography: Int) -> Impact? {
        impact { Self.isSubscriber($0, policy, choreography) }
    }

    private static func isSubscriber(_ target: FaultPlan.Target, _ policy: Int, _ choreography: Int) -> Bool {
        target == .choreography(choreography) || target == .policy(choreography: choreography, policy)
    }

    /// The fault by which what drives a saga crashes now; nil if it does not.
    mutating func interrupts(at point: CrashPoint, step: Int, ofSaga saga: Int) -> Int? {
        let fault = active.first {
            let plan = faults[$0].plan
            return plan.kind == .interrupt(at: point)
                && (plan.target == .saga(saga) || plan.target == .sagaStep(saga: saga, step))
        }
        guard let fault, faults[fault].draws.chance(faults[fault].plan.probability) else { return nil }
        faults[fault].hits += 1
        return fault
    }

    private static func isNode(_ target: FaultPlan.Target, _ store: Int, _ node: Int) -> Bool {
        target == .store(store) || target == .node(store: store, node)
    }

    /// Whether any fault is in force.
    var areActive: Bool { !active.isEmpty }

    /// The indices of the faults in force, oldest first.
    var activeIndices: [Int] { active }

    /// The crash that holds a replica down, if one does.
    func crash(of service: Int, replica: Int) -> Int? {
        active.first { faults[$0].plan.kind == .crash && Self.isStation(faults[$0].plan.target, service, replica) }
    }

    /// Whether work that hangs at an operation still has a fault that makes it hang.
    func hangs(service: Int, replica: Int, operation: Int) -> Bool {
        active.contains {
            faults[$0].plan.kind == .hang && Self.isWork(faults[$0].plan.target, service, replica, operation)
        }
    }

    /// Whether messages on an edge, or health checks, still have a fault that holds them.
    func hangs(edge: Int, isProbe: Bool) -> Bool {
        active.contains {
            let plan = faults[$0].plan
            return plan.target == .edge(edge) && (plan.kind == .hang || isProbe && plan.kind == .hungProbe)
        }
    }

    /// The share of its workers that faults have left a replica.
    func capacityLeft(of service: Int, replica: Int) -> Double {
        active.reduce(1) { left, index in
            guard case .capacity(let lose) = faults[index].plan.kind,
                Self.isStation(faults[index].plan.target, service, replica)
            else { return left }
            return left * (1 - lose)
        }
    }
}

extension FaultHost {
    func mix(into digest: inout Digest) {
        for var fault in faults {
            digest.mix(fault.draws.next(), UInt64(fault.hits))
            digest.mix(UInt64(bitPattern: fault.healedAt?.nanoseconds ?? -1))
        }
    }
}
