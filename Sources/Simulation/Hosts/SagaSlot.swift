import Sagas
import Timeline

/// One saga under way, with its timers.
struct SagaSlot: Sendable {
    /// The saga as its orchestrator knows it.
    var machine: Saga
    /// What it has decided, where a crash leaves it.
    var tape = SagaLog.Tape()
    /// The latest entry about it.
    var cause: EntryID
    /// The latest event that its steps have appended.
    var written = Written.nothing
    /// What it is about, in cents.
    var amount: Int64
    /// When ``due`` fires.
    var dueAt = Instant.distantFuture
    var load: UInt32
    /// Who waits for its end.
    var asker = Asker.load
    /// The request in a gateway that has asked for it; 0 if none has.
    var asked: UInt64 = 0
    /// Whom or what it is about.
    var key: UInt32
    /// Frames that work for it, late ones included.
    var calls: UInt32 = 0
    var due = Agenda.TimerID.none
    var nextTurn = Agenda.TimerID.none
    var takeover = Agenda.TimerID.none
    var nextFree = UInt32.max
    /// What its monitor keeps of it.
    var watch = SagaMonitor.Watch()
    var plan: UInt16
    /// The steps that are to be called, or undone, when it has a worker.
    var unsent = Saga.StepSet()
    var hasTurn = false
    /// Whether its orchestrator has crashed, and no other one has taken it over.
    var isDown = false
    /// Whether the request that started it has been answered.
    var isAnswered = false
    /// Whether nothing is left that an operator could do with it, once it is over.
    var isSettled = false
    var counted = SagaTally.Column.forward
    /// Whether it counts among those that wait for an operator.
    var wantsOperator = false

    /// The request that started it; 0 while the slot is free.
    var request: UInt64 { machine.id }

    /// Whether it is kept for an operator once it is over: what it has done may stand.
    var isKept: Bool { !isSettled && (machine.compensationHasFailed || machine.wasKilled) }

    /// What a free slot holds.
    static let nobody = Saga(id: 0)
}

extension SagaTally {
    /// In which of the present counts a saga is.
    enum Column: UInt8, Sendable {
        case forward, back, over

        init(_ machine: Saga) {
            self = machine.isOver ? .over : machine.hasTurnedBack ? .back : .forward
        }
    }
}
