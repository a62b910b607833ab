import Timeline

/// The guard that stands at a place of an edge's chain, by its index in its own chapter.
enum GuardRef: Hashable, Sendable {
    case bulkhead(UInt16)
    case retry(UInt16)
    case breaker(UInt16)
    case timeout(UInt16)
}

/// The chapter of the ways between services: networks, and which guards stand where.
struct EdgeHost: Sendable {
    private struct Edge {
        var network: Distribution
        var draws: RandomStream
        var guardCount: UInt8 = 0
        var guards = [8 of GuardRef](repeating: .timeout(0))
        var attempts: UInt64 = 0
    }

    private var edges: [Edge]

    /// The edges, without guards yet.
    init(plan: Plan) {
        edges = plan.edges.map { edge in
            Edge(network: edge.network, draws: RandomStream(seed: plan.seed, name: edge.name, purpose: "network"))
        }
    }

    /// Puts a guard behind those that an edge has.
    mutating func append(_ ref: GuardRef, to edge: Int) {
        edges[edge].guards[Int(edges[edge].guardCount)] = ref
        edges[edge].guardCount += 1
    }

    /// Takes over changed networks; the chain of guards stays.
    mutating func change(to plan: Plan) {
        for (index, edge) in plan.edges.enumerated() { edges[index].network = edge.network }
    }

    /// The guard at a place of a chain, or nil behind the last.
    func guardRef(_ edge: UInt16, _ stage: UInt8) -> GuardRef? {
        stage < edges[Int(edge)].guardCount ? edges[Int(edge)].guards[Int(stage)] : nil
    }

    mutating func crossing(of edge: UInt16) -> Duration {
        if case .constant(let length) = edges[Int(edge)].network { return length }
        return edges[Int(edge)].network.sample(using: &edges[Int(edge)].draws)
    }

    mutating func countAttempt(_ edge: UInt16) { edges[Int(edge)].attempts += 1 }

    func attempts(_ edge: Int) -> UInt64 { edges[edge].attempts }
}

extension EdgeHost {
    func mix(into digest: inout Digest) {
        for var edge in edges { digest.mix(edge.draws.next(), edge.attempts) }
    }
}
