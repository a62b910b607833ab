internal import Simulation

// Where things are in a plan, and what they are called on the screen.

/// The place of a guard.
struct GuardPlace: Hashable, Sendable {
    var edge: Int
    var stage: Int
}

extension Plan {
    /// The places of the guards that meet a condition, edge by edge, outermost first.
    func places(where condition: (GuardPlan) -> Bool) -> [GuardPlace] {
        edges.indices.flatMap { edge in
            edges[edge].guards.indices.filter { condition(edges[edge].guards[$0]) }
                .map { GuardPlace(edge: edge, stage: $0) }
        }
    }

    /// The projections that have a query bus.
    var queryBuses: [Int] { projections.indices.filter { projections[$0].queries != nil } }

    var breakerPlaces: [GuardPlace] {
        places { if case .breaker = $0 { true } else { false } }
    }

    /// The places of the guards that calls stand in line at.
    var poolPlaces: [GuardPlace] {
        places {
            switch $0 {
            case .bulkhead, .semaphore, .connections: true
            default: false
            }
        }
    }

    /// What a guard is called among others of its kind: by its target where that is unique, else by its edge.
    func name(of place: GuardPlace, among places: [GuardPlace]) -> String {
        let edge = edges[place.edge]
        let alike = places.filter { edges[$0.edge].target == edge.target }
        return alike.count == 1 ? services[edge.target].name : edge.name
    }

    /// What the guard at a place is called below the service before which it stands: by its kind where no other of the
    /// kind stands there, else by its caller too.
    func poolName(at place: GuardPlace) -> String {
        let target = edges[place.edge].target
        let kind = edges[place.edge].guards[place.stage].name
        let alike = places { $0.name == kind }.filter { edges[$0.edge].target == target }
        return alike.count == 1 ? kind : "by \(callerName(ofEdge: place.edge)), \(kind)"
    }

    /// Whether no other edge from a service leads where this one does.
    func isOnlyWay(edge: Int) -> Bool {
        edges.indices.allSatisfy { other in
            if case .load = edges[other].source { return true }
            guard other != edge else { return true }
            return edges[other].target != edges[edge].target
        }
    }

    /// Who calls over an edge.
    func callerName(ofEdge edge: Int) -> String {
        switch edges[edge].source {
        case .service(let service): services[service].name
        case .operation(let operation): operations[operation].name
        case .load(let load): loads[load].name
        }
    }

    /// The operations of a service, sagas left out: those are driven by it, not called.
    func calledOperations(of service: Int) -> [Int] {
        let drivers = sagas.map(\.operation)
        return operations(of: service).filter { !drivers.contains($0) }
    }
}

extension Component {
    /// A guard's name by its target alone, `payment breaker`, where that says which one; else nil.
    func shortName(_ plan: Plan) -> String? {
        guard case .guardOn(let edge, let stage) = self, plan.isOnlyWay(edge: Int(edge)) else { return nil }
        let guards = plan.edges[Int(edge)].guards
        guard Int(stage) < guards.count else { return nil }
        let kind = guards[Int(stage)].name
        guard guards.count(where: { $0.name == kind }) == 1 else { return nil }
        return "\(plan.services[plan.edges[Int(edge)].target].name) \(kind)"
    }
}
