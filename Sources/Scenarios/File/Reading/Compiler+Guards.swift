import Bulkheads
import Resilience
import Sagas
import Simulation
import Timeline

extension Compiler {
    /// The chain of guards of an edge.
    mutating func guards(_ reader: SectionReader) -> [GuardPlan] {
        var labels = labels(reader)
        for pair in reader.tree.pairs {
            guard let label = GuardLabel(pair.key), !labels.contains(where: { $0.label == label }) else { continue }
            labels.append((label, pair.place))
            findings.add(
                "there are settings for \"\(label.text)\", but guards does not list it; "
                    + "add it: guards: [..., \(label.text)]",
                at: pair.place)
        }
        guardsRead = 0
        let guards = labels.compactMap { label, place in
            defer { guardsRead += 1 }
            let tree = reader.tree[label.text]?.value ?? Tree(place: place, content: .nothing)
            return plan(of: label.kind, tree) ?? standIn(for: label.kind)
        }
        checkReplicas(labels, guards, reader.tree)
        return guards
    }

    private mutating func labels(_ reader: SectionReader) -> [(label: GuardLabel, place: Place)] {
        let all = reader.items("guards", pattern: EdgeKeys.guardsPattern, &findings)
        let items = all.prefix(4 * EdgePlan.guardLimit)
        let kinds = GuardKind.allCases.map(\.rawValue)
        var labels: [(label: GuardLabel, place: Place)] = []
        for item in items {
            let name = item.text?.value ?? ""
            let label = GuardLabel(name)
            if label == nil {
                findings.add(
                    "unknown guard \"\(name.clipped)\"\(findings.hint(for: name, among: kinds))", at: item.place)
            }
            guard let label = label ?? Spelling.nearest(to: name, among: kinds).flatMap({ GuardLabel($0) }) else {
                continue
            }
            if !labels.contains(where: { $0.label == label }) {
                labels.append((label, item.place))
            } else if GuardLabel(name) != nil {
                findings.add(
                    "\"\(label.text)\" stands here twice; call the second \"\(label.text) 2\" and give it its settings",
                    at: item.place)
            }
        }
        if labels.count > EdgePlan.guardLimit {
            findings.add(
                "an edge can have \(EdgePlan.guardLimit) guards at most", at: labels[EdgePlan.guardLimit].place)
        }
        return Array(labels.prefix(EdgePlan.guardLimit))
    }

    private mutating func plan(of kind: GuardKind, _ tree: Tree) -> GuardPlan? {
        do {
            switch kind {
            case .semaphore: return try semaphore(tree)
            case .bulkhead: return try bulkhead(tree)
            case .retry: return try retry(tree)
            case .hedge: return try hedge(tree)
            case .breaker:
                let breaker = try breaker(tree)
                noteShared(breaker, tree)
                return breaker
            case .timeout: return SectionReader.value(EdgeKeys.timeout, of: tree, &findings).map { .timeout($0) }
            case .fallback: return try fallback(tree)
            case .balancer: return try balancer(tree)
            case .connections: return try connections(tree)
            case .memory: return memory(tree)
            case .limiter: return try limiter(tree)
            case .throttle: return try throttle(tree)
            case .concurrency: return try concurrency(tree)
            case .isolator: return try isolator(tree)
            }
        } catch {
            findings.add(error, in: tree)
            return nil
        }
    }

    private var standInForIsolator: GuardPlan? {
        guard let threads = try? ThreadPool.Settings(core: 1, queue: 0),
            let compartment = try? Compartment.Settings(isolation: .threads(threads)),
            let settings = try? Isolator.Settings(compartments: [compartment], rules: [])
        else { return nil }
        return .isolator(IsolatorPlan(settings, names: [""]))
    }

    /// A guard in place of one with a problem, so that what speaks of it is understood.
    private func standIn(for kind: GuardKind) -> GuardPlan? {
        switch kind {
        case .semaphore: (try? Semaphore.Settings()).map { .semaphore($0) }
        case .bulkhead: (try? ThreadPool.Settings(core: 1, queue: 0)).map { .bulkhead($0) }
        case .retry: .retry(.once)
        case .hedge: (try? HedgePolicy(delay: .never)).flatMap { try? HedgePlan($0) }.map { .hedge($0) }
        case .breaker: .breaker(BreakerPlan(.standard))
        case .timeout: (try? TimeLimit(.seconds(1))).map { .timeout(.fixed($0)) }
        case .fallback: (try? Fallback.Settings(source: nil)).map { .fallback(FallbackPlan($0)) }
        // It has health checks, so that there is something for faults of theirs to hit.
        case .balancer: .balancer(BalancerPlan(health: (try? HealthChecker.Settings()).map { HealthCheckPlan($0) }))
        case .connections: (try? ConnectionPool.Settings()).map { .connections(ConnectionsPlan($0)) }
        case .memory: .memory(MemoryPlan(limit: MemoryPool.Settings.unlimited, size: 0))
        case .limiter: (try? .tokenBucket(limit: 1, per: .seconds(1))).map { .limiter(LimiterPlan($0)) }
        case .throttle: (try? AdaptiveThrottle.Settings()).map { .throttle($0) }
        case .concurrency: (try? .gradient()).map { .concurrency($0) }
        case .isolator: standInForIsolator
        }
    }
}
