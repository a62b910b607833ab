import Simulation

extension Session {
    /// An edge, and what the run so far advises for the calls on it.
    public struct EdgeAdvice: Sendable {
        /// The edge's name.
        public let edge: String
        /// What to set; nil if the run has shown too little of the edge.
        public let advice: Advice?
        /// The advice as settings of this scenario, by their paths; empty if the edge has no such guards.
        public let settings: [(path: String, value: String)]
    }

    /// Proposes settings for the edge of a name, which may be that of its target where only one edge leads there.
    /// - Throws: what is wrong with the name.
    public func advice(onEdge name: String) throws(SyntaxProblem) -> EdgeAdvice {
        let plan = original.plan
        let edge = try Names(plan: plan).edge(name, at: 0)
        let advice = Advice(from: EdgeRecord(edge: edge.index, of: simulation, loadEnd: loadEnd))
        let guards = plan.edges[edge.index].guards.map(\.name)
        return EdgeAdvice(
            edge: edge.name, advice: advice, settings: advice?.settings(ofEdge: edge.name, guards: guards) ?? [])
    }

    /// How the requests of the run went: the share that was answered well, and the latency that 99 % did not exceed.
    public var outcome: (okShare: Double?, p99: String) {
        let meters = simulation.world.loadMeters
        let ended = meters.reduce(0) { $0 + $1.ended }
        var latencies = Latencies()
        for load in meters.indices { latencies.merge(simulation.history.latencies(load: load, .all, over: nil)) }
        let ok = meters.reduce(0) { $0 + $1.ok }
        return (ended > 0 ? Double(ok) / Double(ended) : nil, latencies.quantile(0.99).map { "\($0)" } ?? "-")
    }
}

extension Advice {
    /// The advice by setting paths, as far as an edge has the guards.
    fileprivate func settings(ofEdge edge: String, guards: [String]) -> [(path: String, value: String)] {
        var settings: [(path: String, value: String)] = []
        if guards.contains("timeout") { settings.append(("\(edge).timeout", "\(timeout)")) }
        if guards.contains("breaker") {
            settings += [
                ("\(edge).breaker.window", "\(window) calls"),
                ("\(edge).breaker.failures", Decimals.percent(threshold)),
                ("\(edge).breaker.slow", "50% over \(slowLimit)"), ("\(edge).breaker.open", "\(openTime)"),
                ("\(edge).breaker.probes", "\(probes)"),
            ]
        }
        return settings
    }
}
