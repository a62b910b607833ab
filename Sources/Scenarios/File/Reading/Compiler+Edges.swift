import Bulkheads
import Resilience
import Sagas
import Simulation
import Timeline

extension Compiler {
    /// The edge from a source to a service; it is added if nobody declares it.
    mutating func edge(from source: EdgePlan.Source, to target: Int) -> Int {
        if let index = edges[Ends(source: source, target: target)] { return index }
        let from =
            switch source {
            case .service(let index): plan.services[index].name
            case .load(let index): plan.loads[index].name
            }
        return add(EdgePlan(name: "\(from) -> \(plan.services[target].name)", source: source, target: target))
    }

    private mutating func add(_ edge: EdgePlan) -> Int {
        edges[Ends(source: edge.source, target: edge.target)] = plan.edges.count
        plan.edges.append(edge)
        return plan.edges.count - 1
    }

    /// Reads the declared edges.
    mutating func readEdges(_ pairs: [Tree.Pair]) {
        for pair in pairs {
            let reader = SectionReader(pair.value, EdgeKeys.section, &findings)
            let ends = ends(of: pair)
            var edge = EdgePlan(name: "", source: .service(0), target: 0)
            edge.isDeclared = true
            reader.read(EdgeKeys.network, into: &edge.network, &findings)
            edge.guards = guards(reader)
            guard let ends else { continue }
            guard edges[ends] == nil else {
                findings.add("this edge is declared more than once; keep one", at: pair.place)
                continue
            }
            plan.edges[self.edge(from: ends.source, to: ends.target)].settle(as: edge)
        }
    }

    private mutating func ends(of pair: Tree.Pair) -> Ends? {
        let parts = pair.key.split(separator: "->", omittingEmptySubsequences: false)
            .map { String($0.split(separator: " ").joined(separator: " ")) }
        guard parts.count == 2 else {
            findings.add("an edge is named by its ends: \"shop -> payment\"", at: pair.place)
            return nil
        }
        let services = plan.services.map(\.name)
        let target = known(parts[1], among: services, "service", at: pair.place)
        let source = known(parts[0], among: services + plan.loads.map(\.name), "service or load", at: pair.place)
        guard case .service(let index) = target else { return nil }
        switch source {
        case .service(let source): return Ends(source: .service(source), target: index)
        case .load(let source): return Ends(source: .load(source), target: index)
        case .saga, nil: return nil
        }
    }

    /// What a name means; with a finding if it means nothing, and then what it was probably meant to mean.
    private mutating func known(
        _ name: String, among candidates: [String], _ what: String, at place: Place
    ) -> Named? {
        if candidates.contains(name) { return names[name] }
        findings.add(
            "no \(what) is named \"\(name.clipped)\"\(Spelling.hint(for: name, among: candidates))", at: place)
        return Spelling.nearest(to: name, among: candidates).flatMap { names[$0] }
    }
}

extension EdgePlan {
    /// Takes over what is declared.
    fileprivate mutating func settle(as declared: EdgePlan) {
        network = declared.network
        guards = declared.guards
        isDeclared = true
    }
}

extension Compiler {
    private mutating func guards(_ reader: SectionReader) -> [GuardPlan] {
        var labels = labels(reader)
        for pair in reader.tree.pairs {
            guard let label = GuardLabel(pair.key), !labels.contains(where: { $0.label == label }) else { continue }
            labels.append((label, pair.place))
            findings.add(
                "there are settings for \"\(label.text)\", but guards does not list it; add it: guards: [..., \(label.text)]",
                at: pair.place)
        }
        return labels.compactMap { label, place in
            let tree = reader.tree[label.text]?.value ?? Tree(place: place, content: .nothing)
            return plan(of: label.kind, tree) ?? standIn(for: label.kind)
        }
    }

    private mutating func labels(_ reader: SectionReader) -> [(label: GuardLabel, place: Place)] {
        let items = reader.items("guards", pattern: "[bulkhead, retry, breaker, timeout]", &findings)
        let kinds = GuardKind.allCases.map(\.rawValue)
        var labels: [(label: GuardLabel, place: Place)] = []
        for item in items {
            let name = item.text?.value ?? ""
            let label = GuardLabel(name)
            if label == nil {
                findings.add("unknown guard \"\(name.clipped)\"\(Spelling.hint(for: name, among: kinds))", at: item.place)
            }
            guard let label = label ?? Spelling.nearest(to: name, among: kinds).flatMap({ GuardLabel($0) }) else { continue }
            if !labels.contains(where: { $0.label == label }) {
                labels.append((label, item.place))
            } else if GuardLabel(name) != nil {
                findings.add(
                    "\"\(label.text)\" stands here twice; call the second \"\(label.text) 2\" and give it its settings",
                    at: item.place)
            }
        }
        if labels.count > EdgePlan.guardLimit {
            findings.add("an edge can have \(EdgePlan.guardLimit) guards at most", at: labels[EdgePlan.guardLimit].place)
        }
        return Array(labels.prefix(EdgePlan.guardLimit))
    }

    private mutating func plan(of kind: GuardKind, _ tree: Tree) -> GuardPlan? {
        do {
            switch kind {
            case .bulkhead: return try bulkhead(tree)
            case .retry: return try retry(tree)
            case .breaker: return try breaker(tree)
            case .timeout: return try timeout(tree)
            }
        } catch {
            findings.add("\(error)", at: tree.place)
            return nil
        }
    }

    /// A guard in place of one with a problem, so that its name is in the plan.
    private func standIn(for kind: GuardKind) -> GuardPlan? {
        switch kind {
        case .bulkhead: (try? ThreadPool.Settings(core: 1, queue: 0)).map { .bulkhead($0) }
        case .retry: .retry(.once)
        case .breaker: (try? CircuitBreaker.Settings()).map { .breaker($0) }
        case .timeout: (try? TimeLimit(.seconds(1))).map { .timeout($0) }
        }
    }

    private mutating func bulkhead(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let reader = SectionReader(tree, BulkheadKeys.section, &findings)
        let threads = reader.value(BulkheadKeys.threads, &findings)
        let core = reader.value(BulkheadKeys.core, &findings)
        let most = reader.value(BulkheadKeys.maximum, &findings)
        guard let core = threads ?? core else { return nil }
        if let most, most < core {
            findings.add("max: \(most) is less than core, \(core)", at: reader.place(of: "max"))
            return nil
        }
        return .bulkhead(
            try ThreadPool.Settings(
                core: core, maximum: most, queue: reader.value(BulkheadKeys.queue, &findings) ?? 0,
                keepAlive: reader.value(BulkheadKeys.keepAlive, &findings) ?? .seconds(60)))
    }

    private mutating func retry(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let reader = SectionReader(tree, RetryKeys.section, &findings)
        let attempts = reader.value(RetryKeys.attempts, &findings)
        let backoff = reader.value(RetryKeys.backoff, &findings)
        let jitter = reader.value(RetryKeys.jitter, &findings)
        guard let attempts, let backoff, let jitter else { return nil }
        return .retry(try RetryPolicy(attempts: attempts, backoff: backoff, jitter: jitter))
    }

    private mutating func breaker(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let reader = SectionReader(tree, BreakerKeys.section, &findings)
        let window = reader.value(BreakerKeys.window, &findings)
        let failures = reader.value(BreakerKeys.failures, &findings)
        let open = reader.value(BreakerKeys.open, &findings)
        let probes = reader.value(BreakerKeys.probes, &findings)
        let minimum = reader.value(BreakerKeys.minimum, &findings)
        let slow = reader.value(BreakerKeys.slow, &findings)
        let halfOpenLimit = reader.value(BreakerKeys.halfOpenLimit, &findings)
        guard let window, let failures, let open, let probes, let slow else { return nil }
        if case .calls(let count) = window, let minimum, minimum > count {
            findings.add(
                "minimum: \(minimum) calls never are in a window of \(count) calls", at: reader.place(of: "minimum"))
            return nil
        }
        return .breaker(
            try CircuitBreaker.Settings(
                window: window, minimumCalls: minimum, failureRate: failures, slowCalls: slow, openTime: open,
                probes: probes, halfOpenLimit: halfOpenLimit))
    }

    private mutating func timeout(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let limit = SectionReader.value(EdgeKeys.timeout, of: tree, &findings)
        return try limit.map { limit throws(SettingError) in .timeout(try TimeLimit(limit)) }
    }
}
