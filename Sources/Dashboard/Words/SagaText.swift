internal import Sagas
internal import Screen
internal import Simulation

// How sagas are put into signs and words, in lists and in detail.

extension Saga {
    /// Whether it waits before it tries again.
    var isBackingOff: Bool {
        switch phase {
        case .backingOff, .compensationBackingOff: true
        case .ready, .running, .compensating, .ended: false
        }
    }

    /// What it is doing, in a word.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        switch phase {
        case .ready: Badge(sign: marks.dot, word: "READY", role: .idle)
        case .running where isOverdue: Badge(sign: marks.warning, word: "LATE", role: .warning)
        case .running: Badge(sign: marks.play, word: "RUN", role: .active)
        case .backingOff: Badge(sign: marks.waiting, word: isOverdue ? "LATE" : "WAIT", role: .warning)
        case .compensating: Badge(sign: marks.undo, word: "UNDO", role: .undo)
        case .compensationBackingOff: Badge(sign: marks.waiting, word: "UNDO", role: .undo)
        case .ended(.completed): Badge(sign: marks.check, word: "DONE", role: .good)
        case .ended(.compensated): Badge(sign: marks.circle, word: "UNDONE", role: .undo)
        case .ended(.compensationFailed): Badge(sign: marks.cross, word: "STUCK", role: .bad)
        }
    }

    /// One sign for each step.
    func strip(_ definition: SagaDefinition, _ marks: Glyphs.Marks) -> Line {
        Line(parts: definition.steps.indices.map { status(of: $0).part(marks) })
    }

    /// The step that it is at.
    var currentStep: Int? {
        switch phase {
        case .ready, .ended: nil
        case .running(let step, _), .backingOff(let step, _, _), .compensating(let step, _),
            .compensationBackingOff(let step, _, _):
            step
        }
    }

    /// What it is doing now, by the scenario's names.
    func errand(_ definition: SagaDefinition) -> String {
        switch phase {
        case .ready: return "-"
        case .running(let step, _), .backingOff(let step, _, _): return definition.steps[step].name
        case .compensating(let step, _), .compensationBackingOff(let step, _, _):
            let step = definition.steps[step]
            // The undo's own name without its service: `refund`.
            return step.undo?.split(separator: ".").last.map(String.init) ?? step.name
        case .ended: return "-"
        }
    }

    /// How many steps are done.
    func stepsDone(_ definition: SagaDefinition) -> Int {
        definition.steps.indices.count { status(of: $0) == .done }
    }
}

extension Saga.StepStatus {
    fileprivate func part(_ marks: Glyphs.Marks) -> Line.Part {
        let (sign, role) = look(marks)
        return .text(String(Character(sign)), role)
    }

    /// Its sign and how that looks.
    func look(_ marks: Glyphs.Marks) -> (sign: Unicode.Scalar, role: Role) {
        switch self {
        case .pending: (marks.dot, .idle)
        case .running: (marks.play, .active)
        case .done: (marks.check, .good)
        case .failed, .undoFailed: (marks.cross, .bad)
        case .unknown: ("?", .warning)
        case .undoing: (marks.undo, .undo)
        case .undone: (marks.circle, .undo)
        }
    }

    /// Its name.
    var word: String {
        switch self {
        case .pending: "not yet"
        case .running: "called"
        case .done: "done"
        case .failed: "failed"
        case .unknown: "unknown"
        case .undoing: "being undone"
        case .undone: "undone"
        case .undoFailed: "undo failed"
        }
    }
}

extension EndedSaga {
    /// Whether it did what it was meant to do.
    var isHappy: Bool { machine.phase == .ended(.completed) }
}

extension Saga.Cause {
    /// Why the saga turned back.
    var text: String {
        switch self {
        case .stepFailed: "a step failed for good"
        case .timeLimitPassed: "its time limit passed"
        case .cancelled: "an operator cancelled it"
        }
    }
}
