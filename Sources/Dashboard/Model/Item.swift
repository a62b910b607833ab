internal import Gateway
internal import Simulation

/// Something on the screen that can be selected.
enum Item: Hashable, Sendable {
    /// A saga, by the request that started it.
    case saga(request: UInt64)
    /// A flow of a choreography, by the request that began it.
    case flow(request: UInt64)
    /// The breaker at a place of an edge's chain; if there are several, that of one operation or replica.
    case breaker(edge: Int, stage: Int, part: Int)
    /// The bulkhead at a place of an edge's chain.
    case bulkhead(edge: Int, stage: Int)
    /// Another guard at a place of an edge's chain, or all breakers of a place together.
    case guardOn(edge: Int, stage: Int)
    /// A compartment of the isolator at a place of an edge's chain.
    case compartment(edge: Int, stage: Int, part: Int)
    /// An edge with all that stands on it.
    case edge(Int)
    /// A service.
    case service(Int)
    /// One of several replicas of a service, from 0.
    case replica(service: Int, Int)
    /// A service's cache, or one level of it; level 0 stands for both.
    case cache(service: Int, level: Int)
    /// What is said about what a service's cache has from its origin.
    case origin(service: Int, OriginFact)
    /// A journal entry, and those like it.
    case event(EntryID)
    /// A load.
    case load(Int)
    /// The ledger.
    case ledger
    /// An event store.
    case store(Int)
    /// A node of an event store, from 0.
    case node(store: Int, Int)
    /// A projection.
    case projection(Int)
    /// A command bus.
    case bus(Int)
    /// The query bus before a projection.
    case queryBus(projection: Int)
    /// A shard of a query bus, from 0.
    case shard(projection: Int, Int)
    /// An event in a store's log, by its position there.
    case logged(store: Int, position: Int64)
    /// A fault, from number 1.
    case fault(Int)
    /// A service that is a gateway, all its routes together.
    case gateway(service: Int)
    /// A route of a gateway, from 0.
    case route(service: Int, Int)
    /// Who issues the tokens that a gateway accepts.
    case issuer(service: Int)
    /// A stage of a gateway, as the requests of a route pass it, or with nil those of all; without a stage, what lies behind.
    case stage(service: Int, route: Int?, Stage?)
    /// A line of what has become of the latest request of a route, from 0.
    case message(service: Int, route: Int, Int)
    /// A replica of the service that an edge leads to, as that edge's balancer sees it.
    case backend(edge: Int, replica: Int)
    /// The keys of such a replica.
    case keys(edge: Int, replica: Int)
    /// A line of a gateway's access log, by its number from 1.
    case logLine(service: Int, Int)
}

extension Item {
    /// Whether it is a gateway, or something of one that its limits count for.
    var isOfGateway: Bool {
        switch self {
        case .gateway, .route, .stage, .message: true
        default: false
        }
    }
}
