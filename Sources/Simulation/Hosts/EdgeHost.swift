import Timeline

/// The guard that stands at a place of an edge's chain, by its index in its own chapter.
enum GuardRef: Hashable, Sendable {
    case bulkhead(UInt16)
    case semaphore(UInt16)
    case retry(UInt16)
    case breaker(UInt16)
    case timeout(UInt16)
    case hedge(UInt16)
    case fallback(UInt16)
    case balancer(UInt16)
    case connections(UInt16)
    case memory(UInt16)
    case limiter(UInt16)
    case throttle(UInt16)
    case concurrency(UInt16)
    case isolator(UInt16)
}

extension GuardRef {
    /// Its index in its own chapter.
    var index: Int {
        switch self {
        case .bulkhead(let index), .semaphore(let index), .retry(let index), .breaker(let index), .timeout(let index),
            .hedge(let index), .fallback(let index), .balancer(let index), .connections(let index), .memory(let index),
            .limiter(let index), .throttle(let index), .concurrency(let index), .isolator(let index):
            Int(index)
        }
    }
}

/// The chapter of the ways between services: networks, and which guards stand where.
struct EdgeHost: Sendable {
    private struct Edge {
        var network: Distribution
        var draws: RandomStream
        var passesDeadline: Bool
        var passesCancellation: Bool
        /// How many replicas run, to choose from in turn; 0 where there is one, or a guard chooses.
        var replicas: UInt8
        var nextReplica: UInt8 = 0
        /// Where a balancer stands in the chain, at which frames remember where they have been; `max` for nowhere.
        var balancerStage = UInt8.max

        mutating func cross() -> Duration { network.sample(using: &draws) }
    }

    private var edges: [Edge]
    /// The retry budget of each edge, by its index in its own chapter; -1 for none.
    private var budgets: [Int]
    /// The guards of all edges, in ``stages`` places each.
    private var chains: [GuardRef?]

    /// One place more than an edge can have guards, so that every chain ends with an empty one.
    private static var stages: Int { EdgePlan.guardLimit + 1 }

    /// The edges, without guards yet.
    init(plan: Plan) {
        edges = plan.edges.map { edge in
            Edge(
                network: edge.network, draws: RandomStream(seed: plan.seed, name: edge.name, purpose: "network"),
                passesDeadline: edge.passesDeadline, passesCancellation: edge.passesCancellation,
                replicas: UInt8(clamping: Self.choice(on: edge, plan)))
        }
        budgets = Array(repeating: -1, count: plan.edges.count)
        chains = Array(repeating: nil, count: plan.edges.count * Self.stages)
    }

    private static func choice(on edge: EdgePlan, _ plan: Plan) -> Int {
        let service = plan.services[edge.target]
        let isBalanced = edge.guards.contains { if case .balancer = $0 { true } else { false } }
        return service.replicas > 1 && !isBalanced ? service.runningReplicas : 0
    }

    /// The replica whose turn it is; nil where there is only one, or a guard chooses.
    mutating func nextReplica(on edge: UInt16) -> UInt8? {
        let edge = Int(edge)
        guard edges[edge].replicas > 0 else { return nil }
        // Where it has fallen behind the last one that runs, the first has its turn.
        let turn = edges[edge].nextReplica < edges[edge].replicas ? edges[edge].nextReplica : 0
        edges[edge].nextReplica = (turn + 1) % edges[edge].replicas
        return turn
    }

    /// Gives an edge its retry budget.
    mutating func place(budget: Int?, edge: Int) { budgets[edge] = budget ?? -1 }

    /// The retry budget of an edge, if it has one.
    func budget(_ edge: UInt16) -> Int? { budgets[Int(edge)] >= 0 ? budgets[Int(edge)] : nil }

    /// Puts a guard at a place of an edge's chain.
    mutating func place(_ ref: GuardRef, edge: Int, stage: Int) {
        chains[edge * Self.stages + stage] = ref
        if case .balancer = ref { edges[edge].balancerStage = UInt8(stage) }
    }

    /// Where a balancer stands in the chain of an edge; nil for nowhere.
    func balancerStage(_ edge: UInt16) -> UInt8? {
        let stage = edges[Int(edge)].balancerStage
        return stage == .max ? nil : stage
    }

    /// Takes over changed networks, what they hand on and how many replicas run; the chain of guards stays.
    mutating func change(to plan: Plan) {
        for (index, edge) in plan.edges.enumerated() {
            edges[index].network = edge.network
            edges[index].passesDeadline = edge.passesDeadline
            edges[index].passesCancellation = edge.passesCancellation
            edges[index].replicas = UInt8(clamping: Self.choice(on: edge, plan))
        }
    }

    /// Whether calls on this edge know when their caller stops waiting.
    func passesDeadline(_ edge: UInt16) -> Bool { edges[Int(edge)].passesDeadline }

    /// Whether a call on this edge ends when its caller has gone.
    func passesCancellation(_ edge: UInt16) -> Bool { edges[Int(edge)].passesCancellation }

    /// The guard at a place of a chain, or nil behind the last.
    func guardRef(_ edge: UInt16, _ stage: UInt8) -> GuardRef? {
        Int(stage) < Self.stages ? chains[Int(edge) * Self.stages + Int(stage)] : nil
    }

    /// The law of an edge's network.
    func network(of edge: UInt16) -> Distribution { edges[Int(edge)].network }

    /// How long a message takes.
    mutating func crossing(of edge: UInt16) -> Duration { edges[Int(edge)].cross() }

    /// Whether a breaker judges the attempts that pass these places of a chain: one with no retry behind it.
    func hasBreaker(_ edge: UInt16, _ stages: Range<UInt8>) -> Bool {
        for stage in stages.reversed() {
            switch guardRef(edge, stage) {
            case .breaker: return true
            case .retry: return false
            case .bulkhead, .semaphore, .timeout, .hedge, .fallback, .balancer, .connections, .memory, nil, .limiter,
                .throttle, .concurrency, .isolator:
                continue
            }
        }
        return false
    }

    /// The retries of an edge, by their indices in their own chapter.
    func retries(of edge: UInt16) -> [Int] {
        (0..<UInt8(Self.stages)).compactMap {
            if case .retry(let index)? = guardRef(edge, $0) { Int(index) } else { nil }
        }
    }

    /// Whether an edge makes further attempts while the first still runs.
    func hedges(_ edge: UInt16) -> Bool {
        (0..<UInt8(Self.stages)).contains { if case .hedge? = guardRef(edge, $0) { true } else { false } }
    }

    /// Whether an edge tries failed calls again.
    func hasRetry(_ edge: UInt16) -> Bool {
        (0..<UInt8(Self.stages)).contains { if case .retry? = guardRef(edge, $0) { true } else { false } }
    }
}

extension EdgeHost {
    func mix(into digest: inout Digest) {
        for var edge in edges { digest.mix(edge.draws.next()) }
    }
}
