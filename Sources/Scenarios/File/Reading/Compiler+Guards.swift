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
        return labels.compactMap { label, place in
            let tree = reader.tree[label.text]?.value ?? Tree(place: place, content: .nothing)
            return plan(of: label.kind, tree) ?? standIn(for: label.kind)
        }
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
        let queue = reader.value(BulkheadKeys.queue, &findings)
        let keepAlive = reader.value(BulkheadKeys.keepAlive, &findings)
        guard let core = threads ?? core, let queue, let keepAlive else { return nil }
        if let most, most < core {
            findings.add("max: \(most) is less than core, \(core)", at: reader.place(of: "max"))
            return nil
        }
        return .bulkhead(
            try ThreadPool.Settings(core: core, maximum: most, queue: queue, keepAlive: keepAlive))
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
