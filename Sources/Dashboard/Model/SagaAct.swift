internal import Sagas
internal import Simulation
internal import Timeline

/// What an operator can do with sagas, in the order of the menu.
enum SagaAct: Hashable, CaseIterable, Sendable {
    case retry, skip, resume, pause, cancel, kill, retryUndo, resolve, rerun

    var title: String {
        switch self {
        case .retry: "retry now"
        case .skip: "skip"
        case .resume: "resume"
        case .pause: "pause"
        case .cancel: "cancel"
        case .kill: "kill"
        case .retryUndo: "retry undo"
        case .resolve: "resolve"
        case .rerun: "rerun"
        }
    }

    /// What it does to many, in a few words.
    var meaning: String {
        switch self {
        case .retry: "what waits is called at once"
        case .skip, .rerun: ""
        case .resume: "they go on"
        case .pause: "nothing more is called"
        case .cancel: "they turn back, and take back what they did"
        case .kill: "they end as they stand, NOTHING is taken back"
        case .retryUndo: "undos that were given up are called again"
        case .resolve: "undos that were given up count as done by hand"
        }
    }

    /// Whether it is about one of the steps.
    var hasStep: Bool { self == .skip || self == .rerun }

    /// What is ordered; the step and its result count only where it is about one.
    func deed(step: Int, result: SagaValue?) -> SagaOrder.Deed {
        switch self {
        case .retry: .order(.retryNow)
        case .skip: .order(.skip(step: step, result))
        case .resume: .order(.resume)
        case .pause: .order(.pause)
        case .cancel: .order(.cancel)
        case .kill: .order(.kill)
        case .retryUndo: .order(.retryCompensation)
        case .resolve: .order(.markResolved)
        case .rerun: .rerun(from: step)
        }
    }
}

/// What an operator can do with one saga at this moment, and what would come of it.
struct SagaActs {
    let saga: SagaView
    let definition: SagaDefinition
    let now: Instant

    /// The steps that an act could be about; if there is none, the one that the saga is at.
    func steps(of act: SagaAct) -> [Int] {
        guard act.hasStep else { return [] }
        let possible = definition.steps.indices.filter { refusal(of: act, step: $0) == nil }
        return possible.isEmpty ? [saga.machine.currentStep ?? 0] : Array(possible)
    }

    /// Why it cannot be done, in words; nil if it can.
    func refusal(of act: SagaAct, step: Int) -> String? {
        let refusal: Saga.OrderRefusal?
        switch deed(of: act, step: step) {
        case .order(let order): refusal = saga.machine.refusal(of: order, under: definition)
        case .rerun(let step): refusal = saga.machine.rerunRefusal(from: step, under: definition)
        }
        if let refusal { return refusal.description }
        return saga.endedAt != nil && !saga.isKept ? "it is over, and nothing is left to do" : nil
    }

    func deed(of act: SagaAct, step: Int) -> SagaOrder.Deed { act.deed(step: step, result: result(of: step)) }

    /// What a step that is skipped can be taken to have returned.
    private func result(of step: Int) -> SagaValue? {
        guard definition.steps.indices.contains(step) else { return nil }
        switch definition.steps[step].result {
        case nil: return nil
        case .number: return .number(0)
        case .flag: return .flag(true)
        case .identifier: return .identifier(saga.request)
        case .cents:
            if case .cents(let cents)? = saga.machine.data.value(of: 0, under: definition) { return .cents(cents) }
            return .cents(0)
        }
    }

    /// What would happen at once: tried out on a copy, which is thrown away.
    func effect(of act: SagaAct, step: Int) -> String {
        var (copy, events) = (saga.machine, [Saga.Event]())
        switch deed(of: act, step: step) {
        case .order(let order):
            guard (try? copy.obey(order, at: now, under: definition, into: &events)) != nil else { return "" }
            return effect(of: order, copy, events)
        case .rerun(let step):
            guard (try? copy.rerun(from: step, as: .max, at: now, under: definition, into: &events)) != nil else {
                return ""
            }
            let kept = events.compactMap { event in
                if case .stepAdopted(let step, _) = event.what { name(step) } else { nil }
            }
            let built = kept.isEmpty ? "" : ", builds on \(kept.joined(separator: ", "))"
            return "a new saga begins at \(definition.steps[step].name)\(built)"
        }
    }

    private func effect(of order: Saga.Order, _ after: Saga, _ events: [Saga.Event]) -> String {
        let calls = events.compactMap { call(of: $0) }
        let called = calls.isEmpty ? "" : calls.joined(separator: ", ")
        switch order {
        case .retryNow: return "calls \(called) at once; earlier failures do not count"
        case .skip(let step, _):
            return "takes \(definition.steps[step].name) as done" + (called.isEmpty ? "" : ", then calls \(called)")
                + ending(after)
        case .pause: return "calls nothing more; replies are taken in, its time limits stand still"
        case .resume: return called.isEmpty ? "goes on" : "goes on: calls \(called)"
        case .cancel:
            let rest = after.undoStack.reversed().filter { after.status(of: $0) != .undoing }
                .map { definition.steps[$0].undo?.shortName ?? definition.steps[$0].name }
            let later = rest.isEmpty ? "" : ", then \(rest.joined(separator: ", "))"
            return called.isEmpty ? "turns back: nothing to take back" : "turns back: calls \(called)\(later)"
        case .kill:
            guard case .ended(.killed(let standing)) = after.phase, !standing.isEmpty else {
                return "ends it as it stands; nothing has happened so far"
            }
            let names = standing.steps.map { definition.steps[$0].name }
            return "ends it and takes back NOTHING: \(names.joined(separator: ", ")) may stand"
        case .retryCompensation: return called.isEmpty ? "tries its undos again" : "calls \(called)"
        case .markResolved:
            let names = events.compactMap { event in
                if case .undoResolved(let step) = event.what { name(step) } else { nil }
            }
            return "counts \(names.joined(separator: ", ")) as taken back by hand" + ending(after)
        }
    }

    private func ending(_ after: Saga) -> String {
        switch after.phase {
        case .ended(.completed): "; it is completed then"
        case .ended(.compensated): "; it is compensated then"
        case .ended, .ready, .locking, .forward, .compensating: ""
        }
    }

    private func call(of event: Saga.Event) -> String? {
        switch event.what {
        case .stepRequested(let step, let attempt): attempt > 1 ? "\(name(step)) (attempt \(attempt))" : name(step)
        case .undoRequested(let step, let attempt):
            (definition.steps[Int(step)].undo?.shortName ?? name(step)) + (attempt > 1 ? " (attempt \(attempt))" : "")
        default: nil
        }
    }

    private func name(_ step: UInt8) -> String {
        definition.steps.indices.contains(Int(step)) ? definition.steps[Int(step)].name : "step \(step + 1)"
    }
}
