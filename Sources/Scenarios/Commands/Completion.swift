import Sagas
import Simulation

extension Command {
    /// The lines that an unfinished one can become by completing what stands at its end, in the order of the grammar.
    ///
    /// Each of them begins with what is there, up to the word or name that is being written.
    public static func completions(of line: String, scenario: Scenario) -> [String] {
        Completion(line: line, scenario: scenario).lines
    }
}

/// Finds what can stand at the end of an unfinished line.
private struct Completion {
    let line: String
    let scenario: Scenario

    private var names: Names { Names(plan: scenario.plan) }

    /// A place of a line, and what can stand there.
    private struct Slot {
        /// What stands before it.
        var before: String
        /// What is already written.
        var begun: String
        var candidates: [String]

        var lines: [String] {
            candidates.filter { $0.hasPrefix(begun) && $0 != begun }.map { before + $0 }
        }
    }

    var lines: [String] {
        guard let (first, rest) = split(line) else {
            return Slot(before: "", begun: line, candidates: Verb.allCases.map(\.rawValue)).lines
        }
        guard let verb = Verb(rawValue: first.trimmingSpaces) else { return [] }
        switch verb {
        case .inject: return injection(first, rest)
        case .heal: return Slot(before: first, begun: rest, candidates: ["all"] + targets).lines
        case .set: return setting(first, rest)
        case .force: return forcing(first, rest)
        case .replay:
            return Slot(before: first, begun: rest, candidates: (names.projections + names.buses).map(\.asName)).lines
        case .rebuild, .resume:
            return Slot(before: first, begun: rest, candidates: names.projections.map(\.asName)).lines
        case .saga: return sagaOrder(first, rest)
        case .flow: return flowOrder(first, rest)
        case .warm: return Slot(before: first, begun: rest, candidates: names.cachedServices.map(\.asName)).lines
        case .deploy: return Slot(before: first, begun: rest, candidates: names.sagas.map(\.asName)).lines
        case .step: return Slot(before: first, begun: rest, candidates: ["back"]).lines
        case .rewind: return Slot(before: first, begun: rest, candidates: ["to"]).lines
        case .run: return running(first, rest)
        case .caption, .mark, .pause, .play, .speed, .save, .quit: return []
        }
    }

    private var targets: [String] { (names.services + names.operations + names.edges).map(\.asName) }

    /// The first word with the space behind it, and the rest; nil while the word is still being written.
    private func split(_ text: String) -> (first: String, rest: String)? {
        let start = text.drop { $0 == " " }
        guard let space = start.firstIndex(of: " ") else { return nil }
        let end = text[space...].firstIndex { $0 != " " } ?? text.endIndex
        return (String(text[..<end]), String(text[end...]))
    }

    /// The longest of some names that a text begins with, with the space behind it, and the rest.
    private func split(_ text: String, behind names: [String]) -> (name: String, rest: String)? {
        let name = names.filter { text.hasPrefix($0 + " ") }.max { $0.count < $1.count }
        return name.map { ($0 + " ", String(text.dropFirst($0.count + 1))) }
    }

    private func lastWord(_ before: String, _ text: String, _ candidates: [String]) -> [String] {
        let begun = String(text.reversed().prefix { $0 != " " && $0 != "(" }.reversed())
        return Slot(before: before + text.dropLast(begun.count), begun: begun, candidates: candidates).lines
    }

    private func injection(_ before: String, _ text: String) -> [String] {
        guard let (word, afterFault) = split(text), let form = FaultForm(rawValue: word.trimmingSpaces) else {
            return Slot(before: before, begun: text, candidates: FaultForm.allCases.map(\.rawValue)).lines
        }
        guard let (on, rest) = split(afterFault) else {
            return Slot(before: before + word, begun: afterFault, candidates: ["on"]).lines
        }
        let targets = form.targets.flatMap { kind in
            switch kind {
            case .service: names.services.map(\.asName)
            case .replica: names.replicas.map(\.asName)
            case .operation: names.operations.map(\.asName)
            case .edge: names.edges.map(\.asName)
            case .cache: names.cachedServices.map(\.asName)
            case .cacheLevel: names.cacheLevels.map(\.asName)
            case .connections: names.edges(with: .connections).map(\.asName)
            case .memory: names.memories.map(\.asName)
            case .store: names.stores.map(\.asName)
            case .node: names.nodes.map(\.asName)
            case .projection: names.projections.map(\.asName)
            case .bus: names.buses.map(\.asName)
            case .shard: names.shards.map(\.asName)
            case .saga: names.sagas.map(\.asName)
            case .sagaStep: names.sagaSteps.map(\.asName)
            case .choreography: names.choreographies.map(\.asName)
            case .policy: names.policies.map(\.asName)
            case .gateway: names.tokenGateways.map(\.asName)
            case .load: names.loads.map(\.asName)
            }
        }
        let before = before + word + on
        let isEdgeBegun = rest.contains("->") && !targets.contains { rest.hasPrefix($0 + " ") && $0.contains("->") }
        guard !isEdgeBegun, let (target, clauses) = split(rest, behind: targets) else {
            return Slot(before: before, begun: rest, candidates: targets).lines
        }
        let used = Set(clauses.split(separator: " ").map(String.init))
        let words = form.clauses.filter { !used.contains($0) } + (used.contains("with") ? ["probability"] : [])
        let points =
            clauses.hasSuffix("at ") || clauses.contains("at ") && !clauses.hasSuffix(" ")
            ? CrashPoint.allCases.map(\.rawValue) : []
        return lastWord(before + target, clauses, words + (form == .interrupt ? points : []))
    }

    private func setting(_ before: String, _ text: String) -> [String] {
        // `services.payment.workers`, or shorter `payment.workers`.
        let full = scenario.settingPaths
        let short = full.map { String($0.drop { $0 != "." }.dropFirst()) }
        for paths in [full, short] {
            if let (written, value) = split(text, behind: paths.map(\.asName)) {
                let current = paths.first { $0.asName + " " == written }.flatMap { scenario.value(of: $0) }
                return Slot(before: before + written, begun: value, candidates: [current].compactMap { $0 }).lines
            }
        }
        let isFull = full.contains { $0.asName.hasPrefix(text) }
        return Slot(before: before, begun: text, candidates: (isFull ? full : short).map(\.asName)).lines
    }

    /// The edges with such a guard.
    private func guards(_ kind: GuardKind) -> [String] {
        names.edges(with: kind).map(\.asName)
    }

    private func forcing(_ before: String, _ text: String) -> [String] {
        let breakers = guards(.breaker)
        guard let (breaker, hold) = split(text, behind: breakers + names.services.map(\.asName)),
            !(hold.hasPrefix("-"))
        else { return Slot(before: before, begun: text, candidates: breakers).lines }
        return Slot(before: before + breaker, begun: hold, candidates: ["open", "closed", "metrics-only", "auto"]).lines
    }

    private func sagaOrder(_ before: String, _ text: String) -> [String] {
        guard let (deed, rest) = split(text) else {
            return Slot(before: before, begun: text, candidates: SagaDeed.allCases.map(\.rawValue)).lines
        }
        guard let (saga, last) = split(rest, behind: names.sagas.map(\.asName)) else {
            return Slot(before: before + deed, begun: rest, candidates: names.sagas.map(\.asName)).lines
        }
        return lastWord(before + deed + saga, last, SagaFilter.allCases.map(\.rawValue) + ["because"])
    }

    private func flowOrder(_ before: String, _ text: String) -> [String] {
        guard let (deed, rest) = split(text) else {
            return Slot(before: before, begun: text, candidates: FlowOrder.Deed.allCases.map(\.rawValue)).lines
        }
        guard let (flow, last) = split(rest, behind: names.choreographies.map(\.asName)) else {
            return Slot(before: before + deed, begun: rest, candidates: names.choreographies.map(\.asName)).lines
        }
        return lastWord(before + deed + flow, last, FlowOrder.standings + ["because"])
    }

    private func running(_ before: String, _ text: String) -> [String] {
        guard let (word, rest) = split(text) else {
            return Slot(before: before, begun: text, candidates: ["to", "until"]).lines
        }
        return word.trimmingSpaces == "until" ? predicate(before + word, rest) : []
    }

    private func predicate(_ before: String, _ text: String) -> [String] {
        if let open = text.lastIndex(of: "("), !text[open...].contains(")") {
            let inside = String(text[text.index(after: open)...])
            let isOK = inside.hasPrefix("ok ")
            let begun = isOK ? String(inside.dropFirst(3)) : inside
            let candidates = subjects(of: metric(before: text[..<open]))
            return Slot(before: before + text.dropLast(begun.count), begun: begun, candidates: candidates).lines
        }
        if text.hasPrefix("breaker ") || text.contains(" breaker "), !text.contains(" is ") {
            let name = String(text[(text.range(ofLast: "breaker ") ?? text.endIndex)...])
            let before = before + text.dropLast(name.count)
            if let (breaker, rest) = split(name, behind: guards(.breaker)) {
                return Slot(before: before + breaker, begun: rest, candidates: ["is"]).lines
            }
            return Slot(before: before, begun: name, candidates: guards(.breaker)).lines
        }
        if text.contains(" is ") {
            return lastWord(before, text, ["open", "closed", "half-open", "forced", "metrics-only"])
        }
        let metrics = Metric.allCases.map { $0.argument == .none ? $0.rawValue : "\($0.rawValue)(" }
        return lastWord(before, text, ["breaker", "not", "and", "or", "pending"] + scenario.plan.accounts + metrics)
    }

    private func metric(before text: Substring) -> Metric? {
        Metric.allCases.filter { text.hasSuffix($0.rawValue) }.max { $0.rawValue.count < $1.rawValue.count }
    }

    private func subjects(of metric: Metric?) -> [String] {
        let all =
            switch metric?.argument {
            case nil, .none?: [String]()
            case .latencies, .calls: names.populations
            case .service: names.services
            case .cache: names.caches + names.queryBuses
            case .cached: names.plan.services.filter { $0.cache != nil }.map(\.name)
            case .edge: names.edges
            case .breaker: names.edges(with: .breaker)
            case .bulkhead: names.edges(with: .bulkhead)
            case .balancer: names.edges(with: .balancer)
            case .connections: names.edges(with: .connections)
            case .memory: names.memories + names.edges(with: .memory)
            case .concurrency: names.edges(with: .concurrency)
            case .saga: names.sagas
            case .flows: names.sagas + names.choreographies
            case .choreography: names.choreographies
            case .store: names.stores
            case .projection: names.projections
            case .bus: names.buses
            case .letters: names.projections + names.buses + names.choreographies
            case .gateway: names.gateways
            }
        return all.map { $0.asName + ")" }
    }
}

extension String {
    fileprivate var trimmingSpaces: String { self[...].trimmed }

    /// Where the text behind the last occurrence of another begins.
    fileprivate func range(ofLast other: String) -> Index? {
        indices.last { self[$0...].hasPrefix(other) }.map { index($0, offsetBy: other.count) }
    }
}
