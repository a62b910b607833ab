import Sagas

extension ChaosDriver {
    /// Carries out a directive, unless it breaks a promise.
    mutating func follow(_ directive: Saga.Directive, mayAbandon: Bool = false) {
        if ending != nil && directive != .none { complaints.append("\(directive) after the end") }
        switch directive {
        case .call(let step, let attempt):
            if outstanding != nil { complaints.append("\(directive) while \(String(describing: outstanding))") }
            calledSteps.insert(step)
            if case .entry(step) = definition.pointOfNoReturn { hasPassedPointOfNoReturn = true }
            send(Message(isUndo: false, step: step, attempt: attempt))
        case .undo(let step, let attempt):
            noteTurningBack(directive)
            if let abandoned = outstanding {
                if !mayAbandon || abandoned.isUndo { complaints.append("\(directive) while \(abandoned)") }
                stragglers.append(abandoned)
            }
            send(Message(isUndo: true, step: step, attempt: attempt))
        case .wait(let until):
            if until < now { complaints.append("\(directive) at \(now)") }
            timers.append(until)
        case .ended(let how):
            if how != .completed { noteTurningBack(directive) }
            if let abandoned = outstanding { stragglers.append(abandoned) }
            outstanding = nil
            ending = how
        case .none:
            break
        }
    }

    private mutating func send(_ message: Message) {
        let line = Message(isUndo: message.isUndo, step: message.step, attempt: 0)
        let expected = (lastAttempts[line] ?? 0) + 1
        if message.attempt != expected { complaints.append("\(message) instead of attempt \(expected)") }
        lastAttempts[line] = message.attempt
        outstanding = message
    }

    private mutating func noteTurningBack(_ directive: Saga.Directive) {
        if hasPassedPointOfNoReturn { complaints.append("\(directive) beyond the point of no return") }
        if saga.isOverdue { complaints.append("\(directive) though overdue") }
        if let point = definition.pointOfNoReturn, services.isDone(point.step) {
            complaints.append("\(directive) though \(definition.steps[point.step].name) has happened")
        }
    }

    mutating func noteConfirmation(_ message: Message, _ reply: Saga.Reply) {
        if message.isUndo, case .success = reply, ending == nil { confirmedUndos.insert(message.step) }
    }

    /// The pivot is passed when it was reported done or perhaps done.
    mutating func notePointOfNoReturn(_ message: Message, _ reply: Saga.Reply) {
        guard !message.isUndo, definition.pointOfNoReturn == .pivot(step: message.step) else { return }
        switch reply {
        case .success, .failure(_, .unknown): hasPassedPointOfNoReturn = true
        case .failure(_, .notExecuted): break
        }
    }

    /// Compares what the saga reports with what the services know.
    mutating func judgeEnding() {
        let registered = calledSteps.filter { definition.steps[$0].undo != nil }
        switch ending {
        case nil:
            complaints.append("no end: \(saga.phase)")
        case .completed:
            if !definition.steps.indices.allSatisfy(services.isDone) {
                complaints.append("completed, but not all done")
            }
        case .compensated:
            if !confirmedUndos.isSuperset(of: registered) { complaints.append("compensated, but not all undone") }
            if registered.contains(where: services.isDone) { complaints.append("compensated, but something is done") }
        case .compensationFailed(_, let notUndone):
            if Set(notUndone.steps) != registered.subtracting(confirmedUndos) || notUndone.isEmpty {
                complaints.append("\(notUndone.steps) reported as not undone")
            }
            if registered.contains(where: { services.isDone($0) && !notUndone.contains($0) }) {
                complaints.append("something is done and not reported")
            }
        }
        if let ending, saga.phase != .ended(ending) { complaints.append("\(saga.phase) after \(ending)") }
    }
}
