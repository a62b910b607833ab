internal import Simulation

/// A pool as a row of a list: what it is called, its numbers, and what the history has of it.
struct ListedPool {
    var name: String
    /// Whether it stands below the service that it is a part of, or stands before.
    var isPart = true
    var figures: PoolFigures
    var isDown = false
    /// Whether it gets calls, if it is a replica; if not, it only finishes what it has.
    var isRunning = true
    /// What balancers make of it, if it is a replica.
    var standing = ReplicaStanding()
    /// How many wait; nil where the history does not have it.
    var queue: History.Series?
    /// How many were turned away; nil where the history does not have it.
    var rejections: History.Series?
}

extension Scene {
    /// The pool that a row is about, as it was sampled; nil if the row is about something else.
    func pool(of item: Item) -> ListedPool? {
        switch item {
        case .service(let service):
            guard sample.services.indices.contains(service) else { return nil }
            return ListedPool(
                name: name(ofService: service), isPart: false, figures: sample.services[service],
                isDown: world.isDown(service: service), queue: .queued(service: service),
                rejections: .rejected(service: service))
        case .replica(let service, let replica):
            guard let replicas = sample.replicas[service], replicas.indices.contains(replica) else { return nil }
            return ListedPool(
                name: plan.services[service].name(ofReplica: replica), figures: replicas[replica],
                isDown: world.isDown(service: service, replica: replica),
                isRunning: world.isRunning(service: service, replica: replica),
                standing: sample.standing(ofService: service, replica: replica),
                queue: .replicaQueued(service: service, replica: replica),
                rejections: .replicaRejected(service: service, replica: replica))
        case .bulkhead(let edge, let stage), .guardOn(let edge, let stage):
            let place = GuardPlace(edge: edge, stage: stage)
            return sample.guards[place].map { pool in
                ListedPool(
                    name: plan.poolName(at: place), figures: pool, queue: queueSeries(of: place),
                    rejections: rejectionSeries(of: place))
            }
        case .compartment(let edge, let stage, let part):
            let place = GuardPlace(edge: edge, stage: stage)
            guard let pools = sample.compartments[place], pools.indices.contains(part) else { return nil }
            return ListedPool(
                name: plan.compartmentName(part, of: place), figures: pools[part],
                queue: .compartmentQueued(edge: edge, stage: stage, compartment: part),
                rejections: .compartmentRefused(edge: edge, stage: stage, compartment: part))
        case .saga, .flow, .breaker, .edge, .cache, .origin, .event, .load, .ledger, .fault, .store, .node, .logged,
            .projection, .bus, .queryBus, .shard, .gateway, .route, .issuer, .stage, .message, .backend, .keys,
            .logLine:
            return nil
        }
    }

    /// A service's name, and how many of its replicas run if not all do.
    private func name(ofService service: Int) -> String {
        let (running, all) = (world.running(ofService: service), world.replicas(ofService: service))
        return running < all ? "\(plan.services[service].name) \(running) of \(all)" : plan.services[service].name
    }

    /// Who waits at a guard, over time; nil where that is not measured.
    private func queueSeries(of place: GuardPlace) -> History.Series? {
        switch plan.edges[place.edge].guards[place.stage] {
        case .connections: .connectionWaiters(edge: place.edge, stage: place.stage)
        case .semaphore: .semaphoreWaiters(edge: place.edge, stage: place.stage)
        default: world.bulkheadNumber(edge: place.edge, stage: place.stage).map { .bulkheadQueued($0) }
        }
    }

    /// Whom it turned away, over time; nil where that is not measured.
    private func rejectionSeries(of place: GuardPlace) -> History.Series? {
        switch plan.edges[place.edge].guards[place.stage] {
        case .connections: .connectionTimeouts(edge: place.edge, stage: place.stage)
        case .semaphore: .semaphoreRejected(edge: place.edge, stage: place.stage)
        default: world.bulkheadNumber(edge: place.edge, stage: place.stage).map { .bulkheadRejected($0) }
        }
    }
}

extension Plan {
    /// The pools that calls to a service pass before it: guards, and compartments of isolators.
    func poolItems(before service: Int) -> [Item] {
        poolPlaces.filter { edges[$0.edge].target == service }.map { poolItem(at: $0) }
            + compartmentItems(before: service)
    }

    /// What is selected when the row of a bulkhead or a semaphore is.
    private func poolItem(at place: GuardPlace) -> Item {
        if case .bulkhead = edges[place.edge].guards[place.stage] {
            return .bulkhead(edge: place.edge, stage: place.stage)
        }
        return .guardOn(edge: place.edge, stage: place.stage)
    }
}
