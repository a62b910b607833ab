internal import Simulation

/// One of the screens that the number keys lead to.
enum Page: Hashable, CaseIterable, Sendable {
    /// Everything at a glance.
    case overview
    /// Every circuit breaker, and all about one.
    case breakers
    /// Every pool that calls stand in, and what else guards the ways between services.
    case bulkheads
    /// The event stores with their logs, and the projections that read them.
    case events
    /// The command buses, and the query buses with their shards.
    case commands
    /// Every saga, and all about one.
    case sagas
    /// The caches with their levels, and what they have from their origins.
    case caches
    /// The gateways with their routes and logs, what a request passes there, and the backends behind.
    case gateway

    var title: String {
        switch self {
        case .overview: "Overview"
        case .breakers: "Breakers"
        case .bulkheads: "Bulkheads"
        case .events: "Events"
        case .commands: "Commands"
        case .sagas: "Sagas"
        case .caches: "Caches"
        case .gateway: "Gateway"
        }
    }

    /// The screens that have something to show of a plan.
    static func shown(_ plan: Plan) -> [Page] { allCases.filter { $0.whatIsMissing(in: plan) == nil } }

    /// What a plan would need for the screen to have something to show; nil if it has that.
    func whatIsMissing(in plan: Plan) -> String? {
        switch self {
        case .overview, .breakers, .bulkheads: nil
        case .events: plan.stores.isEmpty ? "event store" : nil
        case .commands: plan.buses.isEmpty && plan.queryBuses.isEmpty ? "command bus and no query bus" : nil
        case .sagas: plan.sagas.isEmpty && plan.choreographies.isEmpty ? "saga and no choreography" : nil
        case .caches: plan.cachedServices.isEmpty ? "service with a cache" : nil
        case .gateway: plan.gateways.isEmpty && plan.balancerPlaces.isEmpty ? "gateway and no balancer" : nil
        }
    }

    /// Its number, which is its key.
    var number: Int { (Page.allCases.firstIndex(of: self) ?? 0) + 1 }

    /// The panes on it, in the order in which Tab goes through them.
    var panes: [Pane] {
        switch self {
        case .overview: [.sagas, .breakers, .services, .caches, .events, .requests, .faults]
        case .breakers: [.breakerList]
        case .bulkheads: [.pools, .guards]
        case .events: [.stores, .projections, .log]
        case .commands: [.commands, .queries]
        case .sagas: [.sagaList, .flowList]
        case .caches: [.cacheLevels, .origins]
        case .gateway: [.routes, .chain, .backends, .accessLog]
        }
    }

    /// The panes on it that can have something to show of a plan.
    func panes(in plan: Plan) -> [Pane] {
        panes.filter { pane in
            switch pane {
            case .sagaList: !plan.sagas.isEmpty
            case .flowList: !plan.choreographies.isEmpty
            case .routes, .chain, .accessLog: !plan.gateways.isEmpty
            default: true
            }
        }
    }

    /// The pane that has the focus at first.
    var firstFocus: Pane {
        switch self {
        case .overview: .breakers
        case .breakers: .breakerList
        case .bulkheads: .pools
        case .events: .stores
        case .commands: .commands
        case .sagas: .sagaList
        case .caches: .cacheLevels
        case .gateway: .routes
        }
    }
}
