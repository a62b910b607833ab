internal import Gateway
internal import Simulation

// Where gateways and what lies behind them are in a plan.

/// A gateway, or one of its routes.
struct RoutePlace: Hashable, Sendable {
    var service: Int
    /// The route, from 0; nil for all of them together.
    var route: Int?
}

extension Plan {
    /// The services that are gateways.
    var gateways: [Int] { services.indices.filter { services[$0].gateway != nil } }

    /// The operation that a route of a gateway is.
    func operation(ofRoute route: Int, ofGateway service: Int) -> Int {
        routeOperations(of: service).lowerBound + route
    }

    /// What a route is called: without its gateway.
    func name(ofRoute route: Int, ofGateway service: Int) -> String {
        let name = operations[operation(ofRoute: route, ofGateway: service)].name
        let prefix = "\(services[service].name)."
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }

    /// The edges that lead to what a route of a gateway asks, in the order in which it does; of a saga, those of its steps.
    func ways(ofRoute route: Int, ofGateway service: Int) -> [Int] {
        var ways = operations[operation(ofRoute: route, ofGateway: service)].calls.map(\.edge)
        switch services[service].gateway?.routes[route].starts {
        case .saga(let saga): ways += sagas[saga].actions.map(\.edge)
        case .choreography(let index): ways += choreographies[index].reactions.map(\.call.edge)
        case nil: break
        }
        return ways.withoutRepeats
    }

    /// The edges that a place of a gateway is about: those behind one route; or behind all and before the gateway.
    func ways(of place: RoutePlace) -> [Int] {
        if let route = place.route { return ways(ofRoute: route, ofGateway: place.service) }
        let routes = services[place.service].gateway?.routes.indices ?? 0..<0
        let before = edges.indices.filter { edges[$0].target == place.service }
        return (before + routes.flatMap { ways(ofRoute: $0, ofGateway: place.service) }).withoutRepeats
    }

    /// The edges with a balancer.
    var balancedEdges: [Int] { balancerPlaces.map(\.edge).withoutRepeats }

    /// The balancer of an edge, if it has one: the innermost, which has the last word.
    func balancerPlace(onEdge edge: Int) -> GuardPlace? { balancerPlaces.last { $0.edge == edge } }

    /// The breakers of an edge of which each replica has one, if it has them.
    func replicaBreakers(onEdge edge: Int) -> GuardPlace? {
        breakerPlaces.last { place in place.edge == edge && breaker(at: place)?.scope == .replica }
    }
}

extension Array where Element: Hashable {
    /// Each element once, where it comes first.
    fileprivate var withoutRepeats: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
