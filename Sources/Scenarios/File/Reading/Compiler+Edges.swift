import Simulation

extension Compiler {
    /// The edge from a source to a service; it is added if nobody declares it. An operation that has no way of its own
    /// takes its service's.
    mutating func edge(from source: EdgePlan.Source, to target: Int) -> Int {
        if let index = edges[Ends(source: source, target: target)] { return index }
        guard case .operation(let operation) = source else { return addEdge(from: source, to: target) }
        return edge(from: .service(plan.operations[operation].service), to: target)
    }

    private mutating func addEdge(from source: EdgePlan.Source, to target: Int) -> Int {
        let from =
            switch source {
            case .service(let index): plan.services[index].name
            case .operation(let index): plan.operations[index].name
            case .load(let index): plan.loads[index].name
            }
        edges[Ends(source: source, target: target)] = plan.edges.count
        plan.edges.append(EdgePlan(name: "\(from) -> \(plan.services[target].name)", source: source, target: target))
        return plan.edges.count - 1
    }

    /// Reads the declared edges.
    mutating func readEdges(_ pairs: [Tree.Pair]) {
        for pair in pairs {
            let reader = SectionReader(pair.value, EdgeKeys.section, &findings)
            let problemsBefore = findings.problems.count
            let ends = ends(of: pair)
            var edge = EdgePlan(name: "", source: .service(0), target: 0)
            edge.isDeclared = findings.problems.count == problemsBefore
            reader.read(EdgeKeys.network, into: &edge.network, &findings)
            reader.read(EdgeKeys.deadlines, into: &edge.passesDeadline, &findings)
            if let budget = reader.value(EdgeKeys.budget, &findings) { edge.retryBudget = budget }
            reader.read(EdgeKeys.cancels, into: &edge.passesCancellation, &findings)
            edge.guards = guards(reader)
            guard let ends else { continue }
            checkLists(of: edge.guards, replicas: plan.services[ends.target].replicas, pair.value)
            guard edges[ends] == nil else {
                findings.add("this edge is declared more than once; keep one", at: pair.place)
                continue
            }
            let index = addEdge(from: ends.source, to: ends.target)
            plan.edges[index].settle(as: edge)
            if case .operation = ends.source { operationEdges.append((index, pair.place)) }
        }
    }

    /// Finds what fallbacks call, over edges that may have been declared after them.
    mutating func resolveFallbackCalls() {
        for each in fallbackCalls where plan.hasGuard(edge: each.edge, stage: each.stage) {
            guard let call = resolve(each.target, from: plan.edges[each.edge].source, at: each.place) else { continue }
            switch (plan.edges[each.edge].guards[each.stage], each.compartment) {
            case (.fallback(var fallback), nil):
                fallback.call = call
                plan.edges[each.edge].guards[each.stage] = .fallback(fallback)
            // In place of one that could not be read stands one with a single compartment.
            case (.isolator(var isolator), let compartment?) where isolator.calls.indices.contains(compartment):
                isolator.calls[compartment] = call
                plan.edges[each.edge].guards[each.stage] = .isolator(isolator)
            default: continue
            }
        }
    }

    private mutating func ends(of pair: Tree.Pair) -> Ends? {
        var parts = pair.key.split(separator: "->", omittingEmptySubsequences: false)
            .map { $0.split(separator: " ").joined(separator: " ") }
        if parts.count != 2 {
            findings.add("an edge is named by its ends: \"shop -> payment\"", at: pair.place)
            parts = pair.key.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init)
        }
        guard parts.count == 2 else { return nil }
        let services = plan.services.map(\.name)
        let target = known(parts[1], among: services, "service", at: pair.place)
        if parts[0].contains(".") {
            guard let operation = operation(parts[0], at: pair.place), case .service(let index) = target else {
                return nil
            }
            return Ends(source: .operation(operation), target: index)
        }
        let source = known(parts[0], among: services + plan.loads.map(\.name), "service or load", at: pair.place)
        guard case .service(let index) = target else { return nil }
        switch source {
        case .service(let source): return Ends(source: .service(source), target: index)
        case .load(let source): return Ends(source: .load(source), target: index)
        case .saga, .choreography, .store, .projection, .bus, nil: return nil
        }
    }

    /// The operation from which an edge leads; with a finding if there is none of the name.
    private mutating func operation(_ name: String, at place: Place) -> Int? {
        if let operation = operations[name] { return operation }
        findings.add(
            "no operation is named \"\(name.clipped)\"\(findings.hint(for: name, among: operations.keys.sorted()))",
            at: place)
        return nil
    }

    /// Complains about ways of operations that these never take, so that guards there would silently guard nothing.
    mutating func checkOperationEdges() {
        for (edge, place) in operationEdges {
            guard case .operation(let operation) = plan.edges[edge].source else { continue }
            let calls = plan.operations[operation].calls
            let isTaken = (calls + calls.flatMap { plan.edges[$0.edge].fallbackCalls }).contains { $0.edge == edge }
            guard !isTaken else { continue }
            findings.add(
                "\(plan.operations[operation].name) makes no call to \(plan.services[plan.edges[edge].target].name)",
                at: place)
        }
    }

    /// What a name means; with a finding if it means nothing, and then what it was probably meant to mean.
    private mutating func known(
        _ name: String, among candidates: [String], _ what: String, at place: Place
    ) -> Named? {
        if candidates.contains(name) { return names[name] }
        findings.add(
            "no \(what) is named \"\(name.clipped)\"\(findings.hint(for: name, among: candidates))", at: place)
        return findings.mayGuess ? Spelling.nearest(to: name, among: candidates).flatMap { names[$0] } : nil
    }
}

extension EdgePlan {
    /// Takes over what is declared.
    fileprivate mutating func settle(as declared: EdgePlan) {
        network = declared.network
        passesDeadline = declared.passesDeadline
        passesCancellation = declared.passesCancellation
        retryBudget = declared.retryBudget
        guards = declared.guards
        isDeclared = declared.isDeclared
    }
}
