import Sagas
public import Simulation
import Timeline

extension CommandParser {
    /// Reads what follows `inject`.
    mutating func injection() throws(SyntaxProblem) -> Command {
        let word = try reader.text("a fault")
        let known = FaultForm.allCases.map(\.rawValue)
        guard word.kind == .word, let form = FaultForm(rawValue: word.text) else {
            throw names.unknown(word.text, among: known, at: word.offset, "fault")
        }
        try reader.expect(word: "on")
        let offset = reader.offset
        let target = try target(of: form)
        try checkProbes(of: form, on: target, at: offset)
        let clauses = try clauses(of: form)
        let fault = FaultPlan(
            try kind(form, clauses), on: target.target, probability: clauses.probability ?? 1, for: clauses.length)
        return .inject(fault, on: target)
    }

    /// What may follow the target of a fault.
    private struct Clauses {
        var add: Duration?
        var bytes: Int?
        var jitter: Double?
        var lose: Double?
        var workers: Int?
        var status: Int?
        var point: CrashPoint?
        var probability: Double?
        var length: Duration?
    }

    /// Reads the clauses of a fault, in any order.
    private mutating func clauses(of form: FaultForm) throws(SyntaxProblem) -> Clauses {
        var clauses = Clauses()
        var seen: [FaultForm.Clause] = []
        while let word = reader.next {
            guard word.kind == .word, let clause = form.possibleClauses.first(where: { $0.word == word.text }) else {
                let allowed = form.possibleClauses.filter { !seen.contains($0) }.map(\.word).joined(separator: ", ")
                throw reader.problem(allowed.isEmpty ? "nothing more" : "one of \(allowed)")
            }
            guard !seen.contains(clause) else { throw SyntaxProblem(at: word.offset, "\(word.text) stands twice") }
            seen.append(clause)
            _ = reader.take()
            switch clause {
            case .add: clauses.add = try reader.positiveDuration("the added latency")
            case .bytes: clauses.bytes = try reader.bytes("the added memory")
            case .jitter: clauses.jitter = try reader.share("the jitter", orNone: true)
            case .lose: clauses.lose = try reader.share("the lost share")
            case .workers: clauses.workers = try reader.count("the number of workers")
            case .status: clauses.status = try reader.status("the status")
            case .probability:
                try reader.expect(word: "probability")
                clauses.probability = try reader.share("the probability")
            case .point: clauses.point = try point()
            case .length: clauses.length = try reader.positiveDuration("the fault's length")
            }
        }
        return clauses
    }

    private func kind(_ form: FaultForm, _ clauses: Clauses) throws(SyntaxProblem) -> FaultPlan.Kind {
        switch form {
        case .latency:
            guard let add = clauses.add else { throw reader.problem("\"add\" and a duration") }
            return .latency(add: add, jitter: clauses.jitter ?? 0)
        case .capacity:
            guard let lose = clauses.lose else { throw reader.problem("\"lose\" and a share") }
            return .capacity(lose: lose)
        case .allocate:
            guard let bytes = clauses.bytes else { throw reader.problem("\"add\" and an amount of memory") }
            return .allocate(perSecond: bytes)
        case .leak: return .leak
        case .error: return .error
        case .hang: return .hang
        case .badDeploy: return .badDeploy
        case .halfOpen: return .halfOpen
        case .wrongStatus:
            guard let status = clauses.status else { throw reader.problem("\"status\" and a number") }
            return .wrongStatus(status)
        case .crash: return .crash
        case .flush: return .flush
        case .stuck:
            guard let workers = clauses.workers else { throw reader.problem("\"workers\" and a number") }
            return .stuck(workers: workers)
        case .hungProbe: return .hungProbe
        case .falseAlarm: return .falseAlarm
        case .cut: return .cut
        case .pause: return .pause
        case .lose: return .lose
        case .interrupt:
            guard let point = clauses.point else { throw reader.problem("\"at\" and a point") }
            return .interrupt(at: point)
        case .expiredKey: return .expiredKey
        case .spoofedHeader: return .spoofedHeader
        }
    }

    private mutating func point() throws(SyntaxProblem) -> CrashPoint {
        let word = try reader.text("a point")
        guard let point = CrashPoint(rawValue: word.text) else {
            throw names.unknown(word.text, among: CrashPoint.allCases.map(\.rawValue), at: word.offset, "point")
        }
        return point
    }

    /// Complains about a fault of health checks where nobody makes any.
    private func checkProbes(of form: FaultForm, on target: TargetName, at offset: Int) throws(SyntaxProblem) {
        guard form == .hungProbe || form == .falseAlarm, case .edge(let edge) = target.target else { return }
        let isChecked = names.plan.edges[edge].guards.contains {
            if case .balancer(let balancer) = $0 { balancer.health != nil } else { false }
        }
        guard !isChecked else { return }
        throw SyntaxProblem(
            at: offset,
            "\(form.rawValue) hits health checks, and \(target.name) makes none; "
                + "give it a balancer with health: {every: 10s}")
    }

    /// Reads a target that this fault can have.
    private mutating func target(of form: FaultForm) throws(SyntaxProblem) -> TargetName {
        let (name, offset) = try reader.name(form.targets.map(\.rawValue).joined(separator: ", "))
        if form == .flush {
            let (service, level) = try names.cache(name, at: offset)
            return TargetName(target: .cache(service: service.index, level: level), name: name)
        }
        if form == .leak {
            let edge = try names.find(.connections, name, number: 1, at: offset)
            return TargetName(target: .connections(edge: edge.edge), name: edge.name)
        }
        if form == .allocate {
            let service = try names.memory(name, at: offset)
            return TargetName(target: .memory(service: service.index), name: service.name)
        }
        if form == .expiredKey {
            let gateway = try names.tokenGateway(name, at: offset)
            return TargetName(target: .service(gateway.index), name: gateway.name)
        }
        let target = try target(name, at: offset, kinds: form.targets)
        let kind = FaultForm.TargetKind(target.target)
        guard form.targets.contains(kind) else {
            let allowed = form.targets.map(\.rawValue).joined(separator: ", ")
            throw SyntaxProblem(
                at: offset, "\(form.rawValue) can only happen to \(allowed); \(name) is \(kind.rawValue)")
        }
        return target
    }

    /// Finds a service, a replica, an operation or an edge.
    func target(
        _ name: String, at offset: Int,
        kinds: [FaultForm.TargetKind] = [
            .service, .replica, .operation, .edge, .cacheLevel, .store, .node, .projection, .bus, .shard, .saga,
            .sagaStep,
            .choreography, .policy,
        ]
    ) throws(SyntaxProblem) -> TargetName {
        if let (service, replica) = names.replica(name) {
            return TargetName(target: .replica(service: service, replica), name: name)
        }
        if let (store, node) = names.node(name) {
            return TargetName(target: .node(store: store, node), name: name)
        }
        if names.cacheLevels.contains(name) {
            let (service, level) = try names.cache(name, at: offset)
            return TargetName(target: .cache(service: service.index, level: level), name: name)
        }
        if let index = names.stores.firstIndex(of: name) { return TargetName(target: .store(index), name: name) }
        if let index = names.projections.firstIndex(of: name) {
            return TargetName(target: .projection(index), name: name)
        }
        if let index = names.buses.firstIndex(of: name) { return TargetName(target: .bus(index), name: name) }
        if let (projection, shard) = names.shard(name) {
            return TargetName(target: .shard(projection: projection, shard), name: name)
        }
        if let target = names.choreographyPart(name) { return TargetName(target: target, name: name) }
        if let target = names.sagaPart(name) { return TargetName(target: target, name: name) }
        if let index = names.services.firstIndex(of: name) { return TargetName(target: .service(index), name: name) }
        if names.operations.contains(name), let index = names.plan.operations.firstIndex(where: { $0.name == name }) {
            return TargetName(target: .operation(index), name: name)
        }
        if let index = names.plan.edges.firstIndex(where: { $0.name == name }) {
            return TargetName(target: .edge(index), name: name)
        }
        if let index = names.loads.firstIndex(of: name) { return TargetName(target: .load(index), name: name) }
        var all = names.services
        if kinds.contains(.replica) { all += names.replicas }
        if kinds.contains(.operation) { all += names.operations }
        if kinds.contains(.edge) { all += names.edges }
        if kinds.contains(.cacheLevel) { all += names.cacheLevels }
        if kinds.contains(.store) { all += names.stores }
        if kinds.contains(.node) { all += names.nodes }
        if kinds.contains(.projection) { all += names.projections }
        if kinds.contains(.bus) { all += names.buses }
        if kinds.contains(.shard) { all += names.shards }
        if kinds.contains(.saga) { all += names.sagas }
        if kinds.contains(.sagaStep) { all += names.sagaSteps }
        if kinds.contains(.choreography) { all += names.choreographies }
        if kinds.contains(.policy) { all += names.policies }
        if kinds.contains(.load) { all += names.loads }
        throw names.unknown(name, among: all, at: offset, "target")
    }
}

extension TargetName {
    /// A target by the name that a plan gives it.
    public init(_ target: FaultPlan.Target, in plan: Plan) {
        let name =
            switch target {
            case .service(let service), .cache(let service, 0), .memory(let service): plan.services[service].name
            case .replica(let service, let replica): plan.services[service].name(ofReplica: replica)
            case .operation(let operation): plan.operations[operation].name
            case .edge(let edge), .connections(let edge): plan.edges[edge].name
            case .cache(let service, let level): plan.name(ofLevel: level, ofCacheOf: service)
            case .store(let store): plan.stores[store].name
            case .node(let store, let node): plan.stores[store].name(ofNode: node)
            case .projection(let projection): plan.projections[projection].name
            case .bus(let bus): plan.buses[bus].name
            case .shard(let projection, let shard): plan.projections[projection].name(ofShard: shard)
            case .saga(let saga): plan.sagas[saga].definition.name
            case .sagaStep(let saga, let step): plan.sagas[saga].name(ofStep: step)
            case .choreography(let index): plan.choreographies[index].choreography.name
            case .policy(let index, let policy): plan.choreographies[index].name(ofPolicy: policy)
            case .load(let load): plan.loads[load].name
            }
        self.init(target: target, name: name)
    }

    /// The name as a line writes it: in quotes if it would not read back as one name.
    public var text: String { name.asName }
}
