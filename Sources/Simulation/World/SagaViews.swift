public import Sagas
public import Timeline

/// A saga under way, as a list shows it.
public struct RunningSaga: Sendable {
    /// The request that started it.
    public let request: UInt64
    /// Which saga of the plan it is.
    public let plan: Int
    /// When it was started.
    public let startedAt: Instant
    /// The machine as it stands.
    public let machine: Saga
    /// The latest entry about it.
    public let lastEntry: EntryID

    init(_ slot: SagaSlot) {
        request = slot.request
        plan = Int(slot.plan)
        startedAt = slot.machine.startedAt ?? .zero
        machine = slot.machine
        lastEntry = slot.cause
    }
}

/// A saga that has ended, as far as a list shows it.
public struct EndedSaga: Sendable {
    /// The request that started it.
    public let request: UInt64
    /// Which saga of the plan it was.
    public let plan: Int
    /// When it was started.
    public let startedAt: Instant
    /// When it ended.
    public let endedAt: Instant
    /// The machine as it stood then.
    public let machine: Saga
}

/// How the sagas of one plan stand.
public struct SagaTally: Hashable, Sendable {
    /// How many were started.
    public internal(set) var started: UInt64 = 0
    /// How many are on their way forward.
    public internal(set) var running: UInt64 = 0
    /// How many are on their way back.
    public internal(set) var compensating: UInt64 = 0
    /// How many did all their steps.
    public internal(set) var completed: UInt64 = 0
    /// How many took back all that they had done.
    public internal(set) var compensated: UInt64 = 0
    /// How many could not take back all that they had done.
    public internal(set) var compensationFailed: UInt64 = 0
    /// How many of those that did their steps left some out that are not critical.
    public internal(set) var leftOut: UInt64 = 0
    /// How many wait for an operator: a step or an undo of theirs, all of them, or what could not be undone.
    public internal(set) var attention: UInt64 = 0
    /// How many get no further, to their monitor.
    public internal(set) var stuck: UInt64 = 0
    /// How often an operator was called.
    public internal(set) var alarms: UInt64 = 0
    /// How many an operator has ended as they stood.
    public internal(set) var killed: UInt64 = 0
    /// How often one was taken over after a crash of its orchestrator.
    public internal(set) var recovered: UInt64 = 0
    /// How many went past their limit when there was no way back.
    public internal(set) var overdue: UInt64 = 0
}
