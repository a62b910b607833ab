import EventSourcing
import Sagas
public import Simulation

/// Something of a plan: its place there, and its name in full.
public struct PlanName: Hashable, Sendable {
    /// Its index in the plan.
    public let index: Int
    /// Its name, as the scenario has it.
    public let name: String
}

/// A guard of an edge.
public struct GuardName: Hashable, Sendable {
    /// The edge's index in the plan.
    public let edge: Int
    /// The guard's place in the edge's chain.
    public let stage: Int
    /// The edge's name, with a number behind it if the edge has several of the kind: `shop -> payment`.
    public let name: String
    /// Which of its kind it is on the edge, from 1, outermost first.
    public let number: Int

    /// The name as a line writes it.
    var text: String { number > 1 ? "\(name.asName) \(number)" : name.asName }
}

/// What a fault is to happen to, and its name.
public struct TargetName: Hashable, Sendable {
    /// The target, by its index.
    public let target: FaultPlan.Target
    /// Its name: a service, `service.operation`, an edge, or `service.l1`.
    public let name: String
}

/// Finds the parts of a plan by the names that people write.
struct Names {
    let plan: Plan

    var services: [String] { plan.services.map(\.name) }
    var sagas: [String] { plan.sagas.map(\.definition.name) }
    var choreographies: [String] { plan.choreographies.map(\.choreography.name) }
    var loads: [String] { plan.loads.map(\.name) }
    var edges: [String] { plan.edges.filter { $0.source.isService || !$0.guards.isEmpty }.map(\.name) }
    /// The operations of services; a saga's is the saga's own, and a choreography's too.
    var operations: [String] {
        let wholes = sagas + choreographies
        return plan.operations.map(\.name).filter { !wholes.contains($0) }
    }
    /// What can be measured as a whole: operations, sagas and loads.
    var populations: [String] { plan.operations.map(\.name) + loads }
    /// The services with a cache, and their levels.
    var caches: [String] { cachedServices + cacheLevels }

    /// The services with a cache.
    var cachedServices: [String] { plan.services.filter { $0.cache != nil }.map(\.name) }

    /// The levels of caches.
    var cacheLevels: [String] {
        plan.services.flatMap { service in service.cache?.levels.map { "\(service.name).\($0.name)" } ?? [] }
    }

    /// The replicas of services that have several.
    var replicas: [String] {
        plan.services.filter { $0.replicas > 1 }.flatMap { service in
            (0..<service.replicas).map { service.name(ofReplica: $0) }
        }
    }

    /// The service and the replica, from 0, that a name such as `payment#2` means.
    func replica(_ name: String) -> (service: Int, replica: Int)? {
        let parts = name.split(separator: "#")
        guard parts.count == 2, let number = Int(parts[1]),
            let index = plan.services.firstIndex(where: { $0.name == parts[0] })
        else { return nil }
        let service = plan.services[index]
        // "payment#02" is none.
        guard service.replicas > 1, (1...service.replicas).contains(number),
            service.name(ofReplica: number - 1) == name
        else { return nil }
        return (index, number - 1)
    }

    var stores: [String] { plan.stores.map(\.name) }

    var projections: [String] { plan.projections.map(\.name) }
    var buses: [String] { plan.buses.map(\.name) }
    /// The projections with a query bus.
    var queryBuses: [String] { plan.projections.filter { $0.queries != nil }.map(\.name) }

    /// The shards of query buses.
    var shards: [String] {
        plan.projections.flatMap { projection in
            (0..<(projection.queries?.shards ?? 0)).map { projection.name(ofShard: $0) }
        }
    }

    /// The projection and the shard, from 0, that a name such as `order-summary#2` means.
    func shard(_ name: String) -> (projection: Int, shard: Int)? {
        for (index, projection) in plan.projections.enumerated() {
            let shard = (0..<(projection.queries?.shards ?? 0)).first { projection.name(ofShard: $0) == name }
            if let shard { return (index, shard) }
        }
        return nil
    }

    /// The steps of sagas, each by both names: `place-order.charge`.
    var sagaSteps: [String] {
        plan.sagas.flatMap { saga in saga.definition.steps.indices.map { saga.name(ofStep: $0) } }
    }

    /// The saga, or its step, that a name such as `place-order.charge` means.
    func sagaPart(_ name: String) -> FaultPlan.Target? {
        for (index, saga) in plan.sagas.enumerated() {
            if saga.definition.name == name { return .saga(index) }
            let step = saga.definition.steps.indices.first { saga.name(ofStep: $0) == name }
            if let step { return .sagaStep(saga: index, step) }
        }
        return nil
    }

    /// The policies of choreographies, each by both names: `place-order.charge`.
    var policies: [String] {
        plan.choreographies.flatMap { each in each.reactions.indices.map { each.name(ofPolicy: $0) } }
    }

    /// The choreography, or its policy, that a name such as `place-order.charge` means.
    func choreographyPart(_ name: String) -> FaultPlan.Target? {
        for (index, each) in plan.choreographies.enumerated() {
            if each.choreography.name == name { return .choreography(index) }
            let policy = each.reactions.indices.first { each.name(ofPolicy: $0) == name }
            if let policy { return .policy(choreography: index, policy) }
        }
        return nil
    }

    /// The nodes of event stores.
    var nodes: [String] {
        plan.stores.flatMap { store in (0..<store.cluster.nodes).map { store.name(ofNode: $0) } }
    }

    /// The event store and the node, from 0, that a name such as `order-log#2` means.
    func node(_ name: String) -> (store: Int, node: Int)? {
        for (index, store) in plan.stores.enumerated() {
            let node = (0..<store.cluster.nodes).first { store.name(ofNode: $0) == name }
            if let node { return (index, node) }
        }
        return nil
    }

    /// The services whose memory has a limit.
    var memories: [String] { plan.services.filter { $0.memory != nil }.map(\.name) }

    /// The gateways.
    var gateways: [String] { plan.services.filter { $0.gateway != nil }.map(\.name) }

    /// The gateways that accept tokens.
    var tokenGateways: [String] { plan.services.filter { $0.gateway?.auth.issuer != nil }.map(\.name) }

    /// A gateway that accepts tokens.
    func tokenGateway(_ name: String, at offset: Int) throws(SyntaxProblem) -> PlanName {
        guard tokenGateways.contains(name), let index = services.firstIndex(of: name) else {
            throw unknown(name, among: tokenGateways, at: offset, "gateway with tokens")
        }
        return PlanName(index: index, name: name)
    }

    /// A service whose memory has a limit.
    func memory(_ name: String, at offset: Int) throws(SyntaxProblem) -> PlanName {
        guard memories.contains(name), let index = services.firstIndex(of: name) else {
            throw unknown(name, among: memories, at: offset, "service with memory")
        }
        return PlanName(index: index, name: name)
    }

    /// The edges with such a guard.
    func edges(with kind: GuardKind) -> [String] {
        plan.edges.filter { $0.guards.contains { $0.name == kind.rawValue } }.map(\.name)
    }

    func find(_ name: String, among all: [String], at offset: Int, _ what: String) throws(SyntaxProblem) -> PlanName {
        guard let index = all.firstIndex(of: name) else {
            throw unknown(name, among: all, at: offset, what)
        }
        return PlanName(index: index, name: name)
    }

    func unknown(
        _ name: String, among all: [String], at offset: Int, _ what: String, listedBy topic: Help.Topic? = nil
    ) -> SyntaxProblem {
        let none = all.isEmpty ? "; there is none" : Spelling.hint(for: name, among: all, listedBy: topic)
        return SyntaxProblem(at: offset, "no \(what) is named \"\(name)\"\(none)")
    }

    func service(_ name: String, at offset: Int) throws(SyntaxProblem) -> PlanName {
        try find(name, among: services, at: offset, "service")
    }

    func saga(_ name: String, at offset: Int) throws(SyntaxProblem) -> PlanName {
        try find(name, among: sagas, at: offset, "saga")
    }

    func edge(_ name: String, at offset: Int) throws(SyntaxProblem) -> PlanName {
        guard let index = plan.edges.firstIndex(where: { $0.name == name }) else {
            return try edge(toward: name, at: offset)
        }
        return PlanName(index: index, name: name)
    }

    /// An edge named by its target alone.
    private func edge(toward target: String, at offset: Int) throws(SyntaxProblem) -> PlanName {
        let found = plan.edges.indices.filter {
            plan.edges[$0].source.isService && plan.services[plan.edges[$0].target].name == target
        }
        guard let index = found.first else { throw unknown(target, among: edges, at: offset, "edge") }
        guard found.count == 1 else { throw ambiguous(target, found.map { plan.edges[$0].name }, at: offset, "edge") }
        return PlanName(index: index, name: plan.edges[index].name)
    }

    private func ambiguous(_ name: String, _ edges: [String], at offset: Int, _ what: String) -> SyntaxProblem {
        SyntaxProblem(
            at: offset, "more than one \(what) leads to \(name); write one of \(edges.joined(separator: ", "))")
    }

    /// The guard of an edge, by the edge's name or by its target alone where that is unique.
    func find(
        _ kind: GuardKind, _ name: String, number: Int, at offset: Int
    ) throws(SyntaxProblem) -> GuardName {
        let all = edges(with: kind)
        let exact = all.filter { $0 == name }
        let toward = plan.edges.filter { all.contains($0.name) && plan.services[$0.target].name == name }.map(\.name)
        let found = exact.isEmpty ? toward : exact
        guard let edgeName = found.first, let edge = plan.edges.firstIndex(where: { $0.name == edgeName }) else {
            let none = all.isEmpty ? "; there is none" : Spelling.hint(for: name, among: all)
            throw SyntaxProblem(at: offset, "\"\(name)\" is no edge with \(kind.article)\(none)")
        }
        guard found.count == 1 else { throw ambiguous(name, found, at: offset, "\(kind.rawValue)") }
        let stages = plan.edges[edge].guards.indices.filter { plan.edges[edge].guards[$0].name == kind.rawValue }
        guard (1...stages.count).contains(number) else {
            throw SyntaxProblem(at: offset, "\(edgeName) has \(stages.count) of the kind \(kind.rawValue)")
        }
        return GuardName(edge: edge, stage: stages[number - 1], name: edgeName, number: number)
    }

    /// A service's cache, or one of its levels.
    func cache(_ name: String, at offset: Int) throws(SyntaxProblem) -> (service: PlanName, level: Int) {
        for (index, service) in plan.services.enumerated() {
            guard let cache = service.cache else { continue }
            let known = [service.name] + cache.levels.map { "\(service.name).\($0.name)" }
            if let level = known.firstIndex(of: name) { return (PlanName(index: index, name: service.name), level) }
        }
        throw unknown(name, among: caches, at: offset, "service with a cache")
    }
}

extension GuardKind {
    /// The kind as an edge has it: with "a", if it can be counted.
    var article: String {
        switch self {
        case .connections, .memory, .concurrency: rawValue
        case .isolator: "an \(rawValue)"
        default: "a \(rawValue)"
        }
    }
}

extension EdgePlan.Source {
    /// Whether a service calls, rather than somebody from outside.
    var isService: Bool {
        switch self {
        case .service, .operation: true
        case .load: false
        }
    }
}
