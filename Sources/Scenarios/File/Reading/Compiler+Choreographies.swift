import Resilience
import Sagas
import Simulation
import Timeline

extension Compiler {
    /// Reads the choreographies, whose names are known.
    mutating func readChoreographies(_ pairs: [Tree.Pair]) {
        for pair in pairs { readChoreography(pair) }
    }

    private mutating func readChoreography(_ pair: Tree.Pair) {
        let reader = SectionReader(pair.value, ChoreographyKeys.section, &findings)
        let broker = broker(reader)
        var draft = ChoreographyDraft()
        readEvents(reader, into: &draft)
        let policies = reader.items("policies", pattern: "[{name: ..., on: ..., call: ..., then: ...}, ...]", &findings)
        if policies.isEmpty {
            findings.add("a choreography needs policies, 1 to \(Choreography.maximumPolicies)", at: pair.place)
        }
        for policy in policies { readPolicy(policy, broker: broker ?? 0, into: &draft) }
        resolveUndos(policies, &draft)
        for timeout in reader.items("timeouts", pattern: "[{after: ..., within: 5s, then: ...}, ...]", &findings) {
            readTimeout(timeout, into: &draft)
        }
        checkEvents(&draft)
        let hops = reader.value(ChoreographyKeys.hops, &findings) ?? 32
        let cycles = reader.value(ChoreographyKeys.cycles, &findings) ?? false
        guard let choreography = choreography(pair, draft, hops: hops, cycles: cycles) else { return }
        var each = ChoreographyPlan(
            choreography, broker: broker ?? 0, operation: plan.operations.count, reactions: draft.reactions)
        plan.operations.append(OperationPlan(name: pair.key, service: broker ?? 0))
        callPlaces.append([])
        reader.read(ChoreographyKeys.delivery, into: &each.delivery, &findings)
        reader.read(ChoreographyKeys.twice, into: &each.twice, &findings)
        if let persistence = reader.value(ChoreographyKeys.redelivery, &findings),
            let policy = policy(persistence, at: reader.place(of: ChoreographyKeys.redelivery.name))
        {
            each.redelivery = policy
        }
        if let amount = reader.value(ChoreographyKeys.amount, &findings) { each.amount = AmountLaw(amount) }
        plan.choreographies.append(each)
    }

    private mutating func broker(_ reader: SectionReader) -> Int? {
        guard let name = reader.required(ChoreographyKeys.broker, &findings) else { return nil }
        return service(named: name, at: reader.place(of: ChoreographyKeys.broker.name))
    }

    /// Reads what part events play.
    private mutating func readEvents(_ reader: SectionReader, into draft: inout ChoreographyDraft) {
        if let start = reader.required(ChoreographyKeys.start, &findings) {
            declare([start], .start, at: reader.place(of: ChoreographyKeys.start.name), &draft)
            draft.published.insert(start)
        } else {
            draft.isFlawed = true
        }
        for (key, kind) in [
            (ChoreographyKeys.endsWell, Choreography.EventType.Kind.endsWell),
            (ChoreographyKeys.endsBadly, .endsBadly), (ChoreographyKeys.notes, .note),
        ] {
            declare(reader.value(key, &findings) ?? [], kind, at: reader.place(of: key.name), &draft)
        }
    }

    private mutating func declare(
        _ names: [String], _ kind: Choreography.EventType.Kind, at place: Place, _ draft: inout ChoreographyDraft
    ) {
        for name in names where !draft.mention(name, kind, at: place) {
            findings.add("the event \"\(name)\" plays two parts; name it once", at: place)
        }
    }

    /// Finds events that nobody publishes: most often they are others, misspelt.
    private mutating func checkEvents(_ draft: inout ChoreographyDraft) {
        guard !draft.isFlawed else { return }
        for (event, place) in zip(draft.events, draft.eventPlaces) where !draft.published.contains(event.name) {
            let hint = findings.hint(for: event.name, among: draft.published.sorted())
            findings.add("nobody publishes an event \"\(event.name)\"\(hint)", at: place)
            draft.isFlawed = true
        }
    }

    private mutating func readPolicy(_ tree: Tree, broker: Int, into draft: inout ChoreographyDraft) {
        let reader = SectionReader(tree, PolicyKeys.section, &findings)
        let name = reader.required(PolicyKeys.name, &findings)
        let event = reader.required(PolicyKeys.event, &findings)
        let target = reader.required(PolicyKeys.call, &findings)
        let call = target.flatMap {
            resolve($0, from: .service(broker), at: reader.place(of: PolicyKeys.call.name))
        }
        guard let name, let event, let target, let call else { return draft.isFlawed = true }
        if draft.reactions.contains(where: { $0.name == name }) {
            findings.add(
                "two policies are named \"\(name)\"; give each a name of its own",
                at: reader.place(of: PolicyKeys.name.name))
            draft.isFlawed = true
        }
        draft.mention(event, at: reader.place(of: PolicyKeys.event.name))
        let success = reader.value(PolicyKeys.success, &findings)
        if let success { draft.publish(success, at: reader.place(of: PolicyKeys.success.name)) }
        let failure = reader.value(PolicyKeys.failure, &findings)
        if let failure { draft.publish(failure, at: reader.place(of: PolicyKeys.failure.name)) }
        draft.policies.append(
            Choreography.Policy(
                on: event, target.service, does: name, success: success.map { [$0] } ?? [],
                failure: failure.map { [$0] } ?? []))
        draft.policyPlaces.append(tree.place)
        draft.reactions.append(ChoreographyPlan.Reaction(name: name, call: call))
    }

    /// Finds what policies take back: others, and none that takes back itself.
    private mutating func resolveUndos(_ trees: [Tree], _ draft: inout ChoreographyDraft) {
        guard trees.count == draft.reactions.count else { return }
        for (index, tree) in trees.enumerated() {
            guard let text = tree[PolicyKeys.undoes.name]?.value,
                let name = SectionReader.value(PolicyKeys.undoes, of: text, &findings)
            else { continue }
            let others = draft.reactions.indices.filter { trees[$0][PolicyKeys.undoes.name] == nil }
            guard let undone = others.first(where: { draft.reactions[$0].name == name }) else {
                let hint = findings.hint(for: name, among: others.map { draft.reactions[$0].name })
                findings.add("no policy that does something is named \"\(name)\"\(hint)", at: text.place)
                continue
            }
            draft.reactions[index].undoes = undone
            guard let failure = tree[PolicyKeys.failure.name] else { continue }
            findings.add("what takes something back is done in the end: it has no \"else\"", at: failure.place)
            draft.isFlawed = true
        }
    }

    private mutating func readTimeout(_ tree: Tree, into draft: inout ChoreographyDraft) {
        let reader = SectionReader(tree, FlowTimeoutKeys.section, &findings)
        let event = reader.required(FlowTimeoutKeys.event, &findings)
        let length = reader.required(FlowTimeoutKeys.length, &findings)
        let consequence = reader.required(FlowTimeoutKeys.consequence, &findings)
        let awaited = reader.value(FlowTimeoutKeys.awaited, &findings) ?? []
        guard let event, let length, let consequence else { return draft.isFlawed = true }
        var timeout = Choreography.Timeout(after: event, within: length, noneOf: awaited, then: consequence)
        reader.read(FlowTimeoutKeys.late, into: &timeout.lateAnswers, &findings)
        draft.mention(event, at: reader.place(of: FlowTimeoutKeys.event.name))
        for name in awaited { draft.mention(name, at: reader.place(of: FlowTimeoutKeys.awaited.name)) }
        draft.publish(consequence, at: reader.place(of: FlowTimeoutKeys.consequence.name))
        draft.timeouts.append(timeout)
        draft.timeoutPlaces.append(tree.place)
    }

    /// The choreography, or with a finding for each rule that it breaks, one that stands for it.
    private mutating func choreography(
        _ pair: Tree.Pair, _ draft: ChoreographyDraft, hops: Int, cycles: Bool
    ) -> Choreography? {
        let problems = Choreography.problems(
            name: pair.key, events: draft.events, policies: draft.policies, timeouts: draft.timeouts, hopLimit: hops,
            allowsCycles: cycles)
        // What was not understood may be what is missed.
        for problem in problems where !draft.isFlawed && !draft.policies.isEmpty {
            findings.add("\(problem)", at: draft.place(of: problem.place) ?? pair.place)
        }
        if problems.isEmpty {
            return try? Choreography(
                name: pair.key, events: draft.events, policies: draft.policies, timeouts: draft.timeouts,
                hopLimit: hops, allowsCycles: cycles)
        }
        return try? Choreography(
            name: pair.key, events: [.init("begun", .start), .init("ended", .endsWell)],
            policies: [.init(on: "begun", "nobody", does: "nothing", success: ["ended"])])
    }
}

/// A choreography, as it is being read.
private struct ChoreographyDraft {
    var events: [Choreography.EventType] = []
    var eventPlaces: [Place] = []
    var policies: [Choreography.Policy] = []
    var policyPlaces: [Place] = []
    var reactions: [ChoreographyPlan.Reaction] = []
    var timeouts: [Choreography.Timeout] = []
    var timeoutPlaces: [Place] = []
    /// What somebody publishes.
    var published: Set<String> = []
    /// Whether something of it was not understood.
    var isFlawed = false

    /// An event is named that somebody publishes.
    mutating func publish(_ name: String, at place: Place) {
        mention(name, at: place)
        published.insert(name)
    }

    /// An event is named, with the part that it plays if it is said here; false if it plays another one.
    @discardableResult
    mutating func mention(_ name: String, _ kind: Choreography.EventType.Kind = .step, at place: Place) -> Bool {
        if events.contains(where: { $0.name == name }) { return kind == .step }
        events.append(Choreography.EventType(name, kind))
        eventPlaces.append(place)
        return true
    }

    /// Where a problem stands; nil for the whole.
    func place(of place: ChoreographyError.Place) -> Place? {
        switch place {
        case .whole: nil
        case .event(let name): events.firstIndex { $0.name == name }.map { eventPlaces[$0] }
        case .policy(let name): policies.lastIndex { $0.name == name }.map { policyPlaces[$0] }
        case .timeout(let name): timeouts.lastIndex { $0.name == name }.map { timeoutPlaces[$0] }
        }
    }
}
