internal import Resilience
internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

/// What is said about one saga.
struct SagaWords {
    let saga: SagaView
    let plan: SagaPlan
    let world: Plan
    let now: Instant
    let glyphs: Glyphs

    private var machine: Saga { saga.machine }
    private var definition: SagaDefinition { plan.definition }

    /// How it stands and what it waits for, for how long still; what turned it back, and what went wrong last.
    func head(_ row: SagaRow) -> [Line] {
        let isStuck = row.isStuck(at: now, after: SagaList.stuckAfter(definition))
        var first = row.badge(isStuck: isStuck, glyphs.marks).line
        let version = definition.version > 1 ? " v\(definition.version)" : ""
        first += Line("  \(definition.name)\(version)  \(amount)")
        first += Line("  age \(Figures.length(now - saga.startedAt)), since \(Figures.clock(saga.startedAt))", .faint)
        if let origin = machine.rerunOf { first += Line("  runs #\(origin) again", .warning) }
        return [first] + waiting + trouble
    }

    private var amount: String {
        if case .cents(let cents)? = machine.data.value(of: 0, under: definition) { return Figures.money(cents) }
        return "-"
    }

    /// What it waits for, since when, when it goes on, how many attempts and how much time are left.
    private var waiting: [Line] {
        let wait = SagaWait(saga, definition)
        guard wait.kind != .nothing else { return [] }
        var parts: [Line] = [Line("since \(Figures.length(max(.zero, now - wait.since)))")]
        if let next = wait.next { parts.append(Line("next in \(Figures.ticking(next - now))", .warning)) }
        if !wait.leftText.isEmpty {
            parts.append(Line("attempts: \(wait.leftText)", wait.left == .left(0) ? .bad : .text))
        }
        for limit in RunningLimit.of(saga, definition) {
            parts.append(Line("\(limit.name) ends in \(Figures.length(max(.zero, limit.end - now)))", .faint))
        }
        let details = parts.enumerated().reduce(into: Line("  ")) { line, part in
            line += (part.offset == 0 ? .empty : Line(", ", .faint)) + part.element
        }
        let role = wait.role == .faint ? .text : wait.role
        return [Line(.text("waits for ", .faint), .text(wait.sentence(plan, world), role)), details]
    }

    /// Why it turned back, and its last error with what is known of it.
    private var trouble: [Line] {
        var lines: [Line] = []
        if let (at, because) = machine.turnedBack {
            let why = because == .stepFailed ? failureThatTurnedIt ?? because.text : because.text
            lines.append(
                Line(
                    .text("turned back ", .faint),
                    .text("after \(Figures.length(at - saga.startedAt)): \(why)", .undo)))
        }
        if machine.isOverdue { lines.append(Line("overdue: past the point of no return, it goes on", .warning)) }
        guard let error = machine.lastError else { return lines }
        let name = SagaWait.call(of: error.step, isUndo: error.isUndo, plan, world)
        let known = error.failure.outcome == .unknown ? "perhaps done" : "not done"
        let retry = error.failure.isRetryable ? "worth another try" : "of no use to try again"
        lines.append(
            Line(
                .text("last error ", .faint), .text("\(name): \(error.failure.text)", .bad),
                .text(" (\(known), \(retry)), \(Figures.length(max(.zero, now - error.time))) ago", .faint)))
        return lines
    }

    /// The step that failed for good, and in which way; nil where that is not known any more.
    private var failureThatTurnedIt: String? {
        var latest: String?
        for event in saga.events {
            switch event.what {
            case .stepFailed(let step, let attempt, let failure, nil) where Int(step) < definition.steps.count:
                let tries = attempt > 1 ? " after \(attempt) attempts" : ""
                latest = "\(definition.steps[Int(step)].name) failed for good\(tries), \(failure.text)"
            case .turnedBack: return latest
            default: break
            }
        }
        return machine.failedStep.map { "\(definition.steps[$0].name) failed for good" }
    }

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

extension SagaDefinition.Step {
    /// What the definition says about it.
    fileprivate var words: String {
        var parts = [kind.words + (isCritical ? "" : ", can be left out")]
        if let group { parts.append("group \(group)") }
        if let undo {
            parts.append("undo \(undo.shortName)" + (undo.registration == .afterSuccess ? " once done" : ""))
        }
        switch retry {
        case .untilDone(let backoff, _): parts.append("until done, waits \(backoff.text)")
        case .attempts(let policy):
            if policy.attempts > 1 { parts.append("\(policy.attempts) tries, waits \(policy.backoff.text)") }
        }
        if let attemptLimit { parts.append("each \(Figures.length(attemptLimit))") }
        if let timeLimit { parts.append("limit \(Figures.length(timeLimit))") }
        return parts.joined(separator: "; ")
    }
}

extension SagaDefinition.Kind {
    fileprivate var words: String {
        switch self {
        case .compensatable: "compensatable"
        case .pivot: "PIVOT"
        case .retriable: "retriable"
        }
    }
}

extension SagaDefinition.Order {
    fileprivate var words: String {
        switch self {
        case .reverse: "in reverse"
        case .parallel: "all at once"
        case .declared: "as declared"
        }
    }
}

extension SagaDefinition.Isolation {
    fileprivate var words: String {
        switch self {
        case .none: "none: others see what is half done"
        case .semanticLock(let lock):
            "lock on \(lock.field), \(lock.whenTaken == .waits ? "waits its turn" : "gives up if taken")"
        }
    }
}

extension SagaValue {
    /// As people read it.
    fileprivate var words: String {
        if case .cents(let cents) = self { return Figures.money(cents) }
        return description
    }
}
