import Resilience
import Sagas
import Simulation
import Timeline

extension Compiler {
    /// Reads the sagas, whose names are known.
    mutating func readSagas(_ pairs: [Tree.Pair]) {
        for pair in pairs { readSaga(pair) }
    }

    private mutating func readSaga(_ pair: Tree.Pair) {
        let reader = SectionReader(pair.value, SagaKeys.section, &findings)
        let home = home(reader)
        let steps = reader.items("steps", pattern: "[{name: ..., call: ..., undo: ...}, ...]", &findings)
        if steps.isEmpty { findings.add("a saga needs steps, 1 to \(SagaDefinition.maximumSteps)", at: pair.place) }
        var draft = SagaDraft()
        for step in steps { readStep(step, home: home ?? 0, into: &draft) }
        let timeout = reader.value(SagaKeys.timeout, &findings) ?? nil
        let compensation = compensation(reader.tree["compensation"]?.value)
        let recoveries = reader.value(SagaKeys.recoveries, &findings) ?? 100
        let isolation = reader.value(SagaKeys.isolation, &findings) ?? .none
        let definition = definition(pair, draft, timeLimit: timeout, compensation, isolation, recoveries)
        guard let definition else { return }
        var saga = SagaPlan(definition: definition, home: home ?? 0, operation: plan.operations.count)
        plan.operations.append(OperationPlan(name: pair.key, service: home ?? 0))
        callPlaces.append([])
        saga.actions = draft.actions
        saga.undos = draft.undos
        reader.read(SagaKeys.takeover, into: &saga.takeover, &findings)
        saga.versionOf = versionOf(reader)
        if let monitor = monitor(reader.tree["monitor"]?.value) { saga.monitor = monitor }
        if let amount = reader.value(SagaKeys.amount, &findings) { saga.amount = AmountLaw(amount) }
        plan.sagas.append(saga)
    }

    private mutating func monitor(_ tree: Tree?) -> SagaMonitor? {
        guard let tree else { return nil }
        let reader = SectionReader(tree, MonitorKeys.section, &findings)
        var (stuck, compensating, waiting) = (Duration.minutes(10), Duration.minutes(5), Duration.zero)
        reader.read(MonitorKeys.stuck, into: &stuck, &findings)
        reader.read(MonitorKeys.compensating, into: &compensating, &findings)
        reader.read(MonitorKeys.waiting, into: &waiting, &findings)
        let old = reader.value(MonitorKeys.old, &findings) ?? nil
        do {
            return try SagaMonitor(
                stuckAfter: stuck, compensatingAfter: compensating, waitingAfter: waiting, oldAfter: old)
        } catch {
            findings.add("\(error)", at: tree.place)
            return nil
        }
    }

    /// The saga that another one is a version of: one that stands further up.
    private mutating func versionOf(_ reader: SectionReader) -> Int? {
        guard let name = reader.value(SagaKeys.versionOf, &findings) else { return nil }
        guard let index = plan.sagas.firstIndex(where: { $0.definition.name == name }) else {
            let hint = findings.hint(for: name, among: plan.sagas.lazy.map(\.definition.name))
            findings.add(
                "no saga further up is named \"\(name)\"\(hint)", at: reader.place(of: SagaKeys.versionOf.name))
            return nil
        }
        return plan.sagas[index].versionOf ?? index
    }

    private mutating func home(_ reader: SectionReader) -> Int? {
        guard let name = reader.required(SagaKeys.home, &findings) else { return nil }
        return service(named: name, at: reader.place(of: SagaKeys.home.name))
    }

    /// A service, by its name; with a finding if there is none.
    mutating func service(named name: String, at place: Place) -> Int? {
        if case .service(let index) = names[name] { return index }
        let hint = findings.hint(for: name, among: plan.services.lazy.map(\.name))
        findings.add("no service is named \"\(name)\"\(hint)", at: place)
        return nil
    }

    private mutating func readStep(_ tree: Tree, home: Int, into draft: inout SagaDraft) {
        let problemsBefore = findings.problems.count
        let reader = SectionReader(tree, StepKeys.section, &findings)
        let name = reader.required(StepKeys.name, &findings)
        let call = reader.required(StepKeys.call, &findings)
        let undo = reader.value(StepKeys.undo, &findings)
        var step = SagaDefinition.Step(name: name ?? "step \(draft.steps.count + 1)")
        reader.read(StepKeys.pivot, into: &step.isPivot, &findings)
        if let retry = stepRetry(reader) { step.retry = retry }
        reader.read(StepKeys.critical, into: &step.isCritical, &findings)
        step.group = reader.value(StepKeys.group, &findings)
        step.attemptLimit = reader.value(StepKeys.timeout, &findings) ?? nil
        step.timeLimit = reader.value(StepKeys.limit, &findings) ?? nil
        step.result = reader.value(StepKeys.returns, &findings)
        if let source = reader.value(StepKeys.amount, &findings) {
            step.parameters = [SagaParameter("amount", .cents, from: source)]
        }
        if let undo { step.undo = self.undo("\(undo.service).\(undo.operation)", reader) }
        draft.steps.append(step)
        draft.places.append(tree.place)
        let action = call.flatMap { resolve($0, from: .service(home), at: reader.place(of: StepKeys.call.name)) }
        draft.actions.append(action ?? CallPlan(edge: 0, operation: 0))
        draft.undos.append(undo.flatMap { resolve($0, from: .service(home), at: reader.place(of: StepKeys.undo.name)) })
        draft.isFlawed.append(findings.problems.count > problemsBefore)
    }

    private mutating func undo(_ name: String, _ reader: SectionReader) -> SagaDefinition.Undo {
        var undo = SagaDefinition.Undo(name)
        if let source = reader.value(StepKeys.undoAmount, &findings) {
            undo.parameters = [SagaParameter("amount", .cents, from: source)]
        }
        undo.after = reader.value(StepKeys.undoAfter, &findings) ?? []
        reader.read(StepKeys.undoRegistered, into: &undo.registration, &findings)
        return undo
    }

    private mutating func stepRetry(_ reader: SectionReader) -> SagaDefinition.Retry? {
        guard let retry = reader.value(StepKeys.retry, &findings) else {
            // What the step was meant to be still decides about its neighbours.
            let isEndless = reader.tree[StepKeys.retry.name]?.value.text?.value.hasPrefix("until") == true
            return isEndless ? .untilDone(.constant(.seconds(1)), .none) : nil
        }
        guard retry.attempts != nil else { return .untilDone(retry.backoff, retry.jitter) }
        return policy(retry, at: reader.place(of: StepKeys.retry.name)).map { .attempts($0) }
    }

    private mutating func compensation(_ tree: Tree?) -> SagaDefinition.Compensation {
        let tree = tree ?? Tree(place: Place(file: "", line: 1, column: 1), content: .nothing)
        let reader = SectionReader(tree, CompensationKeys.section, &findings)
        var compensation = SagaDefinition.Compensation()
        reader.read(CompensationKeys.timeout, into: &compensation.timeLimit, &findings)
        if let retry = reader.value(CompensationKeys.retry, &findings),
            let policy = policy(retry, at: reader.place(of: CompensationKeys.retry.name))
        {
            compensation.retry = policy
        }
        reader.read(CompensationKeys.order, into: &compensation.order, &findings)
        reader.read(CompensationKeys.exhausted, into: &compensation.whenExhausted, &findings)
        return compensation
    }

    mutating func policy(_ persistence: PersistenceNotation.Persistence, at place: Place) -> RetryPolicy? {
        do {
            return try RetryPolicy(
                attempts: persistence.attempts ?? RetryPolicy.unlimited, backoff: persistence.backoff,
                jitter: persistence.jitter)
        } catch {
            findings.add("\(error)", at: place)
            return nil
        }
    }

    /// The definition, or with a finding for each rule that it breaks, one that stands for it.
    private mutating func definition(
        _ pair: Tree.Pair, _ draft: SagaDraft, timeLimit: Duration?, _ compensation: SagaDefinition.Compensation,
        _ isolation: SagaDefinition.Isolation, _ recoveries: Int
    ) -> SagaDefinition? {
        let problems = SagaDefinition.problems(
            name: pair.key, data: SagaPlan.data, steps: draft.steps, timeLimit: timeLimit, compensation: compensation,
            isolation: isolation, maximumRecoveries: recoveries)
        for problem in problems where !draft.steps.isEmpty {
            let step = draft.steps.lastIndex { $0.name == problem.step }
            // What was not understood of a step may be what is missed here.
            if let step, draft.isFlawed[step] { continue }
            findings.add("\(problem)", at: step.map { draft.places[$0] } ?? pair.place)
        }
        let steps = problems.isEmpty ? draft.steps : [SagaDefinition.Step(name: "step")]
        return try? SagaDefinition(
            name: pair.key, data: SagaPlan.data, steps: steps, timeLimit: timeLimit, compensation: compensation,
            isolation: isolation, maximumRecoveries: recoveries)
    }
}

/// A saga's steps, as they are being read.
private struct SagaDraft {
    var steps: [SagaDefinition.Step] = []
    var places: [Place] = []
    var isFlawed: [Bool] = []
    var actions: [CallPlan] = []
    var undos: [CallPlan?] = []
}

extension AmountLaw {
    /// Every amount in a range of cents.
    init(_ cents: ClosedRange<Int64>) {
        self.init(least: cents.lowerBound, most: cents.upperBound)
    }
}
