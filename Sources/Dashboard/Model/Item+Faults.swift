internal import EventSourcing
internal import Simulation

extension Item {
    /// What can be broken when this is selected, the likeliest first; then everything else.
    func faultTargets(_ scene: Scene) -> [FaultPlan.Target] {
        var targets = ownFaultTargets(scene)
        for target in scene.plan.faultTargets where !targets.contains(target) { targets.append(target) }
        return targets
    }

    /// What has faults in force of the thing itself, a part of a service only where the service is not among it: to
    /// heal a service heals all of it.
    func brokenTargets(_ scene: Scene) -> [FaultPlan.Target] {
        var faults: Set<Int> = []
        return ownFaultTargets(scene).filter { target in
            let own = scene.world.faultsInForce(.target(target))
            defer { faults.formUnion(own) }
            return !faults.isSuperset(of: own)
        }
    }

    /// What can be broken of the thing itself.
    private func ownFaultTargets(_ scene: Scene) -> [FaultPlan.Target] {
        let plan = scene.plan
        switch self {
        case .saga(let request): return sagaTargets(request, scene)
        case .flow(let request):
            return scene.world.flow(ofRequest: request).map { plan.policyTargets($0.plan) } ?? []
        case .breaker(let edge, let stage, let part):
            return plan.partTargets(BreakerPlace(edge: edge, stage: stage, part: part))
                + Item.edge(edge).ownFaultTargets(scene)
        case .edge(let edge), .bulkhead(let edge, _), .guardOn(let edge, _), .compartment(let edge, _, _):
            return plan.connectionTargets(edge) + plan.serviceTargets(plan.edges[edge].target) + [.edge(edge)]
                + plan.operationTargets(plan.edges[edge].target)
        case .service(let service): return plan.serviceTargets(service) + plan.operationTargets(service)
        case .replica(let service, let replica): return [.replica(service: service, replica), .service(service)]
        case .cache(let service, let level): return [.cache(service: service, level: level), .service(service)]
        case .origin(let service, _): return [.cache(service: service, level: 0), .service(service)]
        case .event(let id): return scene.journal[id]?.place.faultTargets(scene) ?? []
        case .load(let load):
            return plan.edges.indices.filter { plan.edges[$0].source == .load(load) }.map { .edge($0) }
        case .fault(let number):
            let faults = scene.world.faultLog
            return faults.indices.contains(number - 1) ? [faults[number - 1].plan.target] : []
        case .store(let store): return [.store(store)] + plan.nodeTargets(store)
        case .node(let store, let node): return [.node(store: store, node), .store(store)]
        case .logged(let store, _): return [.store(store)] + plan.nodeTargets(store)
        case .projection(let projection): return [.projection(projection)]
        case .bus(let bus): return [.bus(bus)]
        case .queryBus(let projection): return plan.shardTargets(projection) + [.projection(projection)]
        case .shard(let projection, let shard):
            return [.shard(projection: projection, shard), .projection(projection)]
        case .ledger: return []
        case .gateway(let service), .issuer(let service), .stage(let service, nil, _), .logLine(let service, _):
            return plan.gatewayTargets(service)
        case .route(let service, let route), .stage(let service, let route?, _), .message(let service, let route, _):
            return plan.routeTargets(route, ofGateway: service)
        case .backend(let edge, let replica), .keys(let edge, let replica):
            let service = plan.edges[edge].target
            let own: [FaultPlan.Target] =
                plan.services[service].replicas > 1 ? [.replica(service: service, replica)] : []
            return own + [.service(service), .edge(edge)]
        }
    }

    /// The service that the saga's present step calls.
    private func sagaTargets(_ request: UInt64, _ scene: Scene) -> [FaultPlan.Target] {
        guard let saga = scene.followed(request)?.view, let step = saga.machine.currentStep else { return [] }
        let edge = scene.plan.sagas[saga.plan].actions[step].edge
        return [.service(scene.plan.edges[edge].target), .edge(edge)]
    }
}

extension Component {
    /// What can be broken where something happened.
    fileprivate func faultTargets(_ scene: Scene) -> [FaultPlan.Target] {
        switch self {
        case .service(let service): [.service(Int(service))]
        case .replica(let service, let replica):
            [.replica(service: Int(service), Int(replica)), .service(Int(service))]
        case .operation(let operation):
            [.service(scene.plan.operations[Int(operation)].service), .operation(Int(operation))]
        case .edge(let edge), .guardOn(let edge, _), .guardPart(let edge, _, _):
            [.service(scene.plan.edges[Int(edge)].target), .edge(Int(edge))]
        case .cache(let service): [.cache(service: Int(service), level: 0)]
        case .fault(let index): [scene.world.faultLog[Int(index)].plan.target]
        case .saga(let saga): [.service(scene.plan.sagas[Int(saga)].home)]
        case .choreography(let index):
            [.choreography(Int(index)), .service(scene.plan.choreographies[Int(index)].broker)]
        case .store(let store): [.store(Int(store))]
        case .projection(let projection): [.projection(Int(projection))]
        case .bus(let bus): [.bus(Int(bus))]
        case .shard(let projection, let shard):
            [.shard(projection: Int(projection), Int(shard)), .projection(Int(projection))]
        case .system, .load, .ledger: []
        }
    }
}

extension Plan {
    fileprivate func operationTargets(_ service: Int) -> [FaultPlan.Target] {
        calledOperations(of: service).map { .operation($0) }
    }

    /// A gateway, its replicas and routes, and those who ask it.
    fileprivate func gatewayTargets(_ service: Int) -> [FaultPlan.Target] {
        let askers = loads.indices.filter { load in
            edges.contains { $0.source == .load(load) && $0.target == service }
        }
        return serviceTargets(service) + operationTargets(service) + askers.map { .load($0) }
    }

    /// A route, what it asks, and its gateway.
    fileprivate func routeTargets(_ route: Int, ofGateway service: Int) -> [FaultPlan.Target] {
        let ways = ways(ofRoute: route, ofGateway: service)
        return [.operation(operation(ofRoute: route, ofGateway: service))] + ways.map { .service(edges[$0].target) }
            + ways.map { .edge($0) } + gatewayTargets(service)
    }

    /// What one of a guard's several breakers is for.
    fileprivate func partTargets(_ place: BreakerPlace) -> [FaultPlan.Target] {
        let target = edges[place.edge].target
        switch breaker(at: GuardPlace(edge: place.edge, stage: place.stage))?.scope {
        case .replica where services[target].replicas > 1: return [.replica(service: target, place.part)]
        case .operation:
            let own = operations(of: target)
            return own.indices.contains(place.part) ? [.operation(own[place.part])] : []
        case .edge, .replica, .caller, nil: return []
        }
    }

    /// The connections of an edge, if calls hold any there.
    fileprivate func connectionTargets(_ edge: Int) -> [FaultPlan.Target] {
        let hasConnections = edges[edge].guards.contains { if case .connections = $0 { true } else { false } }
        return hasConnections ? [.connections(edge: edge)] : []
    }

    /// A service, and its replicas if it has several.
    fileprivate func serviceTargets(_ service: Int) -> [FaultPlan.Target] {
        let replicas = services[service].replicas
        return [.service(service)] + (replicas > 1 ? (0..<replicas).map { .replica(service: service, $0) } : [])
    }

    fileprivate func nodeTargets(_ store: Int) -> [FaultPlan.Target] {
        (0..<stores[store].cluster.nodes).map { .node(store: store, $0) }
    }

    /// The shards of a projection's query bus.
    fileprivate func shardTargets(_ projection: Int) -> [FaultPlan.Target] {
        (0..<(projections[projection].queries?.shards ?? 0)).map { .shard(projection: projection, $0) }
    }

    /// The policies of a choreography, and it as a whole.
    func policyTargets(_ choreography: Int) -> [FaultPlan.Target] {
        choreographies[choreography].reactions.indices.map { .policy(choreography: choreography, $0) }
            + [.choreography(choreography)]
    }

    /// Everything that can be broken.
    var faultTargets: [FaultPlan.Target] {
        services.indices.flatMap { serviceTargets($0) }
            + edges.indices.filter { edges[$0].isDeclared }.map { .edge($0) }
            + services.indices.flatMap { operationTargets($0) }
            + services.indices.filter { services[$0].cache != nil }.map { .cache(service: $0, level: 0) }
            + edges.indices.flatMap { connectionTargets($0) }
            + services.indices.filter { services[$0].memory != nil }.map { .memory(service: $0) }
            + stores.indices.flatMap { [.store($0)] + nodeTargets($0) }
            + projections.indices.map { .projection($0) } + buses.indices.map { .bus($0) }
            + projections.indices.flatMap { shardTargets($0) }
            + choreographies.indices.flatMap { policyTargets($0) }
    }
}
