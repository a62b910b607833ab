import Sagas
import Simulation
import Timeline

extension Compiler {
    /// Reads the loads, whose names are known.
    mutating func readLoads(_ pairs: [Tree.Pair]) {
        for (index, pair) in pairs.enumerated() { readLoad(index, pair) }
        var users = 0
        for (load, pair) in zip(plan.loads, pairs) {
            guard case .closed(let count, _) = load.arrivals else { continue }
            users += count
            if users > Limits.users {
                findings.add("there are more than \(Limits.users) users in all loads together", at: pair.place)
                return
            }
        }
    }

    private mutating func readLoad(_ index: Int, _ pair: Tree.Pair) {
        let reader = SectionReader(pair.value, LoadKeys.section, &findings)
        if let target = target(reader, load: index) { plan.loads[index].target = target }
        if let arrivals = arrivals(reader) { plan.loads[index].arrivals = arrivals }
        reader.read(LoadKeys.keys, into: &plan.loads[index].keys, &findings)
        reader.read(LoadKeys.priority, into: &plan.loads[index].priority, &findings)
        if let tenant = reader.value(LoadKeys.tenant, &findings) { plan.loads[index].tenant = self.tenant(tenant) }
        if let amount = reader.value(LoadKeys.amount, &findings) { plan.loads[index].amount = AmountLaw(amount) }
    }

    private mutating func tenant(_ name: String) -> Int {
        if let index = plan.tenants.firstIndex(of: name) { return index }
        plan.tenants.append(name)
        return plan.tenants.count - 1
    }

    private mutating func target(_ reader: SectionReader, load: Int) -> LoadPlan.Target? {
        if let name = reader.value(LoadKeys.start, &findings) {
            checkUnusedEdges(of: load, at: reader.place(of: LoadKeys.start.name))
            let kinds = plan.choreographies.isEmpty ? "saga" : "saga or choreography"
            switch start(name, kinds, at: reader.place(of: LoadKeys.start.name)) {
            case .saga(let saga): return .start(saga: saga)
            case .choreography(let choreography): return .begin(choreography: choreography)
            case nil: break
            }
        }
        if let gateway = reader.value(LoadKeys.gateway, &findings) { return routes(reader, gateway, load: load) }
        guard let call = reader.value(LoadKeys.call, &findings) else { return nil }
        return resolve(call, from: .load(load), at: reader.place(of: LoadKeys.call.name)).map { .call($0) }
    }

    /// A saga is started without a call, so guards on the way there would silently guard nothing.
    private mutating func checkUnusedEdges(of load: Int, at place: Place) {
        for edge in plan.edges where edge.source == .load(load) && edge.isDeclared {
            findings.add("a load that starts a saga takes no edge, but \"\(edge.name)\" is declared", at: place)
        }
    }

    private mutating func arrivals(_ reader: SectionReader) -> LoadPlan.Arrivals? {
        if let users = reader.value(LoadKeys.users, &findings) {
            return reader.value(LoadKeys.think, &findings).map { .closed(users: users, think: $0) }
        }
        if let count = reader.value(LoadKeys.burst, &findings) {
            return reader.value(LoadKeys.at, &findings).map { .burst(count: count, at: .after($0)) }
        }
        guard let process = reader.value(LoadKeys.arrivals, &findings) else { return nil }
        if let rate = reader.value(LoadKeys.rate, &findings) { return .open(process, [.steady(rate)]) }
        let stages = reader.items("stages", pattern: "[{rate: 60/s, for: 10s}, ...]", &findings)
        guard !stages.isEmpty else {
            if let pair = reader.tree["stages"] {
                findings.add("stages needs at least one stage", at: pair.value.place)
            }
            return nil
        }
        if stages.count > Limits.stages {
            findings.add("there can be \(Limits.stages) stages at most", at: stages[Limits.stages].place)
        }
        return .open(process, rateStages(stages.prefix(Limits.stages)))
    }

    /// The stages, and behind the last the rate that it ends with, for ever.
    private mutating func rateStages(_ trees: some Collection<Tree>) -> [RateStage] {
        var stages: [RateStage] = []
        var lastRate = 0.0
        for (number, tree) in trees.enumerated() {
            let reader = SectionReader(tree, StageKeys.section, &findings)
            let steady = reader.value(StageKeys.rate, &findings)
            let from = reader.value(StageKeys.from, &findings)
            let to = from == nil ? nil : reader.required(StageKeys.to, &findings)
            let isLast = number == trees.count - 1
            let length =
                isLast && tree[StageKeys.length.name] == nil
                ? nil : reader.required(StageKeys.length, &findings)
            lastRate = to ?? steady ?? 0
            if let length { stages.append(RateStage(from: from ?? lastRate, to: lastRate, over: length)) }
        }
        return stages + [.steady(lastRate)]
    }
}
