/// A part of a screen that answers one question.
enum Pane: Hashable, CaseIterable, Sendable {
    case sagas, breakers, services, caches, events, requests, faults
    case breakerList
    case pools, guards
    case stores, projections, log
    case commands, queries
    case sagaList, flowList
    case cacheLevels, origins
    case routes, chain, backends, accessLog

    var title: String {
        switch self {
        case .sagas, .sagaList: "Sagas"
        case .breakers, .breakerList: "Breakers"
        case .flowList: "Flows without an orchestrator"
        case .services: "Services and bulkheads"
        case .caches: "Caches"
        case .events: "Events"
        case .requests: "Requests and money"
        case .faults: "Faults"
        case .pools: "Pools of calls"
        case .guards: "Retries, limits and the rest"
        case .stores: "Event stores"
        case .projections: "Projections"
        case .log: "Streams and log"
        case .commands: "Command buses"
        case .queries: "Query buses and their shards"
        case .cacheLevels: "Levels of the caches"
        case .origins: "Origin and hindsight"
        case .routes: "Routes"
        case .chain: "What a request passes"
        case .backends: "Backends"
        case .accessLog: "Access log"
        }
    }

    /// The title where room is scarce.
    var shortTitle: String {
        switch self {
        case .flowList: "Flows"
        case .services: "Services"
        case .requests: "Loads"
        case .pools: "Pools"
        case .guards: "Retries and limits"
        case .stores: "Stores"
        case .log: "Log"
        case .commands: "Commands"
        case .queries: "Queries"
        case .cacheLevels: "Levels"
        case .origins: "Origin"
        case .chain: "Chain"
        case .accessLog: "Log"
        case .sagas, .sagaList, .breakers, .breakerList, .caches, .events, .faults, .projections, .routes, .backends:
            title
        }
    }

    /// The screen that it is on.
    var page: Page {
        switch self {
        case .sagas, .breakers, .services, .caches, .events, .requests, .faults: .overview
        case .breakerList: .breakers
        case .pools, .guards: .bulkheads
        case .stores, .projections, .log: .events
        case .commands, .queries: .commands
        case .sagaList, .flowList: .sagas
        case .cacheLevels, .origins: .caches
        case .routes, .chain, .backends, .accessLog: .gateway
        }
    }
}
