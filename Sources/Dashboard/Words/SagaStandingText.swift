internal import Sagas
internal import Screen
internal import Simulation

extension Saga.Standing {
    /// A sign and a word for lists.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        switch self {
        case .ready: Badge(sign: marks.dot, word: "READY", role: .idle)
        case .locking: Badge(sign: marks.waiting, word: "LOCK", role: .warning)
        case .running: Badge(sign: marks.play, word: "RUN", role: .active)
        case .backingOff: Badge(sign: marks.waiting, word: "WAIT", role: .warning)
        case .waitingForOperator: Badge(sign: marks.warning, word: "OPERATOR", role: .bad)
        case .paused: Badge(sign: marks.pause, word: "PAUSED", role: .warning)
        case .compensating: Badge(sign: marks.undo, word: "UNDO", role: .undo)
        case .compensationWaits: Badge(sign: marks.waiting, word: "UNDO", role: .undo)
        case .stuck: Badge(sign: marks.warning, word: "STUCK", role: .bad)
        case .completed: Badge(sign: marks.check, word: "DONE", role: .good)
        case .leftStepsOut: Badge(sign: marks.check, word: "PARTLY", role: .warning)
        case .compensated: Badge(sign: marks.circle, word: "UNDONE", role: .undo)
        case .compensatedByHand: Badge(sign: marks.circle, word: "BY HAND", role: .undo)
        case .compensationFailed: Badge(sign: marks.cross, word: "FAILED", role: .bad)
        case .killed: Badge(sign: marks.cross, word: "KILLED", role: .bad)
        }
    }

    /// In full; a filter finds it by these words too.
    var words: String {
        switch self {
        case .ready: "not started"
        case .locking: "waiting for its lock"
        case .running: "running"
        case .backingOff: "waiting to try again"
        case .waitingForOperator: "waiting for an operator"
        case .paused: "paused"
        case .compensating: "compensating"
        case .compensationWaits: "compensating, waiting to try again"
        case .stuck: "stuck"
        case .completed: "completed"
        case .leftStepsOut: "completed without some steps"
        case .compensated: "compensated"
        case .compensatedByHand: "compensated by hand"
        case .compensationFailed: "compensation failed"
        case .killed: "killed"
        }
    }
}

extension SagaRow {
    /// Its state as a list shows it: that it is late or that its orchestrator is down matters more than that it runs.
    func badge(isStuck: Bool, _ marks: Glyphs.Marks) -> Badge {
        if isDown { return Badge(sign: marks.warning, word: "DOWN", role: .bad) }
        if isStuck { return Saga.Standing.stuck.badge(marks) }
        if isOverdue, standing == .running || standing == .backingOff {
            return Badge(sign: marks.warning, word: "LATE", role: .warning)
        }
        return standing.badge(marks)
    }
}
