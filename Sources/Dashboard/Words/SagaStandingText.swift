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
        case .completed: Badge(sign: marks.check, word: "DONE", role: .good)
        case .leftStepsOut: Badge(sign: marks.check, word: "PARTLY", role: .warning)
        case .compensated: Badge(sign: marks.circle, word: "UNDONE", role: .undo)
        case .compensatedByHand: Badge(sign: marks.circle, word: "BY HAND", role: .undo)
        case .compensationFailed: Badge(sign: marks.cross, word: "FAILED", role: .bad)
        case .killed: Badge(sign: marks.cross, word: "KILLED", role: .bad)
        }
    }
}

extension SagaRow {
    /// Its state as a list shows it: that something is wrong with it matters more than that it runs.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        if isDown { return Badge(sign: marks.warning, word: "DOWN", role: .bad) }
        if alarms.contains(.stuck) { return Badge(sign: marks.warning, word: "STUCK", role: .bad) }
        switch standing {
        case .compensating, .compensationWaits:
            if alarms.contains(.compensatesTooLong) { return Badge(sign: marks.warning, word: "SLOW", role: .bad) }
        case .running, .backingOff, .locking:
            if isOverdue { return Badge(sign: marks.warning, word: "LATE", role: .warning) }
            if alarms.contains(.isOld) { return Badge(sign: marks.warning, word: "OLD", role: .bad) }
        case .ready, .waitingForOperator, .paused, .completed, .leftStepsOut, .compensated, .compensatedByHand,
            .compensationFailed, .killed:
            break
        }
        return standing.badge(marks)
    }
}
