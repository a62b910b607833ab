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

    var machine: Saga { saga.machine }
    var definition: SagaDefinition { plan.definition }

    /// How it stands and what it waits for, for how long still; what turned it back, and what went wrong last.
    func head(_ row: SagaRow) -> [Line] {
        var first = row.badge(glyphs.marks).line
        let version = definition.version > 1 ? " v\(definition.version)" : ""
        first += Line("  \(definition.name)\(version)  \(amount)")
        first += Line("  age \(Figures.length(now - saga.startedAt)), since \(Figures.clock(saga.startedAt))", .faint)
        if let origin = machine.rerunOf { first += Line("  runs #\(origin) again", .warning) }
        return [first] + waiting + alarms + trouble
    }

    /// What its monitor has called an operator for, since when, and after how long; what it waits for is said already.
    private var alarms: [Line] {
        let reasons = plan.monitor.reasons(for: machine, saga.watch, under: definition)
        return reasons.filter { $0.alarm != .waitsForOperator || $0.limit > .zero }.map { reason in
            let limit = reason.limit > .zero ? ", limit \(Figures.length(reason.limit))" : ""
            let length = Figures.length(max(.zero, now - reason.since))
            return Line(
                .text("\(reason.alarm): ", .bad),
                .text("\(length), since \(Figures.clock(reason.since))\(limit)", .text))
        }
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
            parts.append(Line("tries left: \(wait.leftText)", wait.left == .left(0) ? .bad : .text))
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
        let retry = error.failure.isRetryable ? "retryable" : "not retryable"
        let age = Figures.length(max(.zero, now - error.time))
        lines.append(
            Line(
                .text("last error \(age) ago: ", .faint), .text("\(name), \(error.failure.text)", .bad),
                .text(" (\(known), \(retry))", .faint)))
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
}
