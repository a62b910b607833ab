internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

extension SagaWait {
    /// In a word or two, for a list.
    var short: String {
        switch kind {
        case .nothing: "-"
        case .worker: "worker"
        case .reply: "reply"
        case .retry: "retry"
        case .lock(let holder, _): "lock of #\(holder)"
        case .operator_: "operator"
        case .resume: "resume"
        case .takeover: "takeover"
        }
    }

    var role: Role {
        switch kind {
        case .nothing, .reply: .faint
        case .worker, .retry, .lock, .resume: .warning
        case .operator_, .takeover: .bad
        }
    }

    /// What it waits for, in a sentence.
    func sentence(_ saga: SagaPlan, _ plan: Plan) -> String {
        let call = step.map { Self.call(of: $0, isUndo: isUndo, saga, plan) } ?? "nothing"
        let text: String
        switch kind {
        case .nothing: text = "nothing: it is over"
        case .worker: text = "a worker of \(plan.services[saga.home].name), to call \(call)"
        case .reply: text = step == nil ? "its next turn" : "the reply of \(call), attempt \(attempts)"
        case .retry: text = "the next attempt of \(call), after \(Figures.count(attempts, "attempt"))"
        case .lock(let holder, let place):
            text = "its lock, which saga #\(holder) has" + (place > 1 ? ", as number \(place) in line" : "")
        case .operator_: text = "an operator: \(call) is given up after \(Figures.count(attempts, "attempt")); a acts"
        case .resume: text = "an operator to resume it; a acts"
        case .takeover: text = "another orchestrator to take it over"
        }
        return others > 0 ? "\(text), and \(others) more" : text
    }

    /// How often the call will still be made; empty where nothing is called.
    var leftText: String {
        switch left {
        case nil: ""
        case .endless: "no end"
        case .left(let count): "\(count)"
        }
    }

    /// What a step, or its undo, calls: `payment.charge`.
    static func call(of step: Int, isUndo: Bool, _ saga: SagaPlan, _ plan: Plan) -> String {
        let own = saga.definition.steps[step]
        guard let call = isUndo ? saga.undos[step] : saga.actions[step] else { return own.name }
        return plan.operations[call.operation].name
    }
}
