import Gateway
public import Simulation

/// The chapters of the guide, in the order in which a request comes through them.
public enum Chapter: String, CaseIterable, Hashable, Sendable {
    /// The way in.
    case gateway = "API Gateway"
    /// Commands, queries and projections.
    case cqrs = "CQRS"
    /// Aggregates and their events.
    case events = "Event Sourcing"
    /// What lasts, and is taken back if it cannot be finished.
    case sagas = "Saga"
    /// Calls that are given up early.
    case breakers = "Circuit Breaker"
    /// Calls that have room of their own.
    case bulkheads = "Bulkhead"
    /// What is known from before.
    case caching = "Caching"

    private static let cacheStage = Stage.cache.rawValue

    /// The chapters that an entry tells of; none for work that is no pattern's.
    public static func chapters(of entry: Entry, _ plan: Plan) -> [Chapter] {
        switch entry.place {
        case .service(let service), .replica(let service, _):
            plan.services[Int(service)].gateway == nil ? [] : [.gateway]
        case .operation(let operation):
            if plan.services[plan.operations[Int(operation)].service].gateway == nil {
                []
            } else if case .stage(let stage, _) = entry.why, stage == cacheStage {
                [.gateway, .caching]
            } else {
                [.gateway]
            }
        case .edge(let edge), .guardOn(let edge, _), .guardPart(let edge, _, _):
            entry.what == .sent ? chapters(of: plan.edges[Int(edge)]) : []
        case .cache: [.caching]
        case .saga, .choreography: [.sagas]
        case .store: [.events]
        case .projection, .bus, .shard:
            if case .answer(isStored: true) = entry.why { [.cqrs, .caching] } else { [.cqrs] }
        case .system, .load, .fault, .ledger: []
        }
    }

    /// What a call has come through that sets out on an edge.
    private static func chapters(of edge: EdgePlan) -> [Chapter] {
        var chapters: [Chapter] = []
        for each in edge.guards {
            switch each {
            case .breaker: chapters.append(.breakers)
            case .bulkhead, .semaphore, .connections, .memory, .isolator: chapters.append(.bulkheads)
            case .retry, .timeout, .hedge, .fallback, .balancer, .limiter, .throttle, .concurrency: continue
            }
        }
        return chapters
    }
}
