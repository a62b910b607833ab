internal import Simulation

/// How long the requests of each route took in the last ten seconds, looked up once a second while somebody looks: a
/// quantile costs more than all else in a frame.
struct RouteLatencies: Hashable, Sendable {
    private var window: Int?
    private var operations: [Int: LoadLatencies.Quantiles] = [:]

    /// Looks them up if a second has closed since, or time was turned back.
    mutating func observe(_ history: History, _ plan: Plan) {
        guard window != history.windows else { return }
        window = history.windows
        for service in plan.gateways {
            for route in plan.services[service].gateway?.routes.indices ?? 0..<0 {
                let operation = plan.operation(ofRoute: route, ofGateway: service)
                let latencies = history.latencies(operation: operation, .all, over: history.lastTenSeconds)
                operations[operation] = .init(p50: latencies.quantile(0.5), p99: latencies.quantile(0.99))
            }
        }
    }

    /// Those of one route, by its operation.
    func ofOperation(_ operation: Int) -> LoadLatencies.Quantiles? { operations[operation] }
}
