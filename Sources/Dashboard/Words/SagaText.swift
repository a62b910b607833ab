internal import Sagas
internal import Screen
internal import Simulation

// How sagas are put into signs and words, in lists and in detail.

extension Saga {
    /// The steps at which it is: those called, undone, or waiting for something.
    var activeSteps: [Int] {
        (0..<SagaDefinition.maximumSteps).filter {
            switch status(of: $0) {
            case .calling, .backingOff, .stalled, .undoing, .undoBackingOff, .undoStalled: true
            case .pending, .done, .skipped, .failed, .unknown, .undone, .undoFailed, .resolved: false
            }
        }
    }

    /// One sign for each step.
    func strip(_ definition: SagaDefinition, _ marks: Glyphs.Marks) -> Line {
        Line(parts: definition.steps.indices.map { status(of: $0).part(marks) })
    }

    /// The first step that it is at.
    var currentStep: Int? { activeSteps.first }

    /// What it is doing now, by the scenario's names.
    func errand(_ definition: SagaDefinition) -> String {
        let names = activeSteps.map { step in
            let each = definition.steps[step]
            guard hasTurnedBack else { return each.name }
            return each.undo?.shortName ?? each.name
        }
        return names.isEmpty ? "-" : names.joined(separator: ", ")
    }

    /// How many steps are done.
    func stepsDone(_ definition: SagaDefinition) -> Int {
        definition.steps.indices.count { status(of: $0) == .done || status(of: $0) == .skipped }
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
        case .calling: (marks.play, .active)
        case .backingOff: (marks.play, .warning)
        case .stalled, .undoStalled: (marks.warning, .bad)
        case .done: (marks.check, .good)
        case .skipped: (marks.check, .warning)
        case .failed, .undoFailed: (marks.cross, .bad)
        case .unknown: ("?", .warning)
        case .undoing, .undoBackingOff: (marks.undo, .undo)
        case .undone, .resolved: (marks.circle, .undo)
        }
    }

    /// Its name.
    var word: String {
        switch self {
        case .pending: "not yet"
        case .calling: "called"
        case .backingOff: "waits"
        case .stalled: "stalled"
        case .done: "done"
        case .skipped: "skipped"
        case .failed: "failed"
        case .unknown: "unknown"
        case .undoing: "being undone"
        case .undoBackingOff: "undo waits"
        case .undoStalled: "undo stalled"
        case .undone: "undone"
        case .undoFailed: "undo failed"
        case .resolved: "by hand"
        }
    }
}

extension EndedSaga {
    /// Whether it did what it was meant to do.
    var isHappy: Bool { machine.phase == .ended(.completed(without: Saga.StepSet())) }
}

extension Saga.Cause {
    /// Why the saga turned back.
    var text: String {
        switch self {
        case .stepFailed: "a step failed for good"
        case .timeLimitPassed: "its time limit passed"
        case .cancelled: "an operator cancelled it"
        case .lockRefused: "another saga held its lock"
        }
    }
}
