internal import Resilience
internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

extension SagaWords {
    /// Each step with what has become of it, and what its definition says; those still to come too.
    var steps: [Line] {
        let widest = definition.steps.reduce(8) { max($0, $1.name.columns) }
        return DetailText.section("steps")
            + definition.steps.enumerated().map { position, step in
                let status = machine.status(of: position)
                let (sign, role) = status.look(glyphs.marks)
                let tries = machine.attempts(of: position)
                let times = tries > 1 ? " x\(tries)" : ""
                return Line(
                    .text("\(Character(sign)) \(step.name.padded(to: min(14, widest)))  ", role),
                    .text((status.word + times).padded(to: 16), role), .text(step.words, .faint))
            }
    }

    /// What would be, or is being, taken back: the last registered first.
    var undoStack: [Line] {
        let registered = machine.undoStack.reversed()
        guard !registered.isEmpty else { return [] }
        return DetailText.section(machine.hasTurnedBack ? "still to be undone, top first" : "undo stack, top first")
            + registered.enumerated().map { place, step in
                let call = SagaWait.call(of: step, isUndo: true, plan, world)
                let status = machine.status(of: step)
                let isNow = status == .undoing || status == .undoBackingOff
                let others = status == .undoStalled ? "waits for an operator" : "undoes \(definition.steps[step].name)"
                return Line(
                    .text("\(place + 1) \(call.padded(to: 20)) ", isNow ? .undo : .text),
                    .text(isNow ? status.word : others, .faint))
            }
    }

    /// What it was started with, and what its steps have returned.
    var values: [Line] {
        var lines = DetailText.section("data and results")
        for (place, field) in definition.data.enumerated() {
            let value = machine.data.value(of: place, under: definition)
            lines.append(.fact(field.name, value.map(\.words) ?? "-"))
        }
        for (place, step) in definition.steps.enumerated() {
            guard let value = machine.result(of: place, under: definition) else { continue }
            lines.append(.fact(step.name, value.words))
        }
        return lines
    }

    /// What it has locked or waits for, and how often it was picked up after a crash.
    var lockAndRecoveries: [Line] {
        var lines: [Line] = []
        if let lock = saga.lock {
            let waiting = lock.waiting > 0 ? ", \(Figures.count(lock.waiting)) wait for it" : ""
            let text =
                lock.place == 0
                ? "holds key \(lock.key) for \(Figures.length(now - lock.since))\(waiting)"
                : "number \(lock.place) in line for key \(lock.key), which #\(lock.holder) has"
            lines.append(.fact("lock", text, lock.place == 0 ? .text : .warning))
        }
        if machine.recoveredTimes > 0 {
            let limit = definition.maximumRecoveries
            lines.append(
                .fact(
                    "recoveries", "\(machine.recoveredTimes) of at most \(limit)",
                    machine.recoveredTimes > limit ? .bad : .warning))
        }
        return lines.isEmpty ? [] : [.empty] + lines
    }

    /// What the definition says about all of it.
    var rules: [Line] {
        let compensation = definition.compensation
        let most = compensation.retry.attempts
        let tries = most == RetryPolicy.unlimited ? "tried until done" : "tried \(Figures.times(most)) at most"
        let exhausted = compensation.whenExhausted == .goesOn ? "then left undone" : "then an operator is called"
        let turn = definition.pointOfNoReturn.map { definition.steps[$0.step].name } ?? "none"
        let back = Figures.length(compensation.timeLimit)
        return DetailText.section("rules") + [
            .fact("time limit", "\(Figures.length(definition.timeLimit)), way back \(back)"),
            .fact("undos", "\(compensation.order.words), \(tries), \(exhausted)"),
            .fact("no return from", turn), .fact("isolation", definition.isolation.words),
        ]
    }
}
