public import Sagas
public import Timeline

/// A saga in one line of a list that may have very many.
public struct SagaRow: Hashable, Sendable {
    /// The request that started it.
    public let request: UInt64
    /// When it was started.
    public let startedAt: Instant
    /// When it got a step further for the last time, or ended.
    public let progressedAt: Instant
    /// Where it stands, to find it again.
    let slot: UInt32
    /// Which saga of the plan it is.
    public let plan: UInt16
    /// How often a call or an undo was made again.
    public let retries: UInt16
    /// How it stands.
    public let standing: Saga.Standing
    /// What its monitor has called an operator for.
    public let alarms: SagaMonitor.Alarms
    /// The first step that it is at, or that it was at last.
    public let step: UInt8
    /// Whether it goes back, or went back until its end.
    public let hasTurnedBack: Bool
    /// Whether its time limit passed with no way back.
    public let isOverdue: Bool
    /// Whether its orchestrator has crashed, and no other one has taken it over.
    public let isDown: Bool

    /// Whether it is over.
    public var isOver: Bool { standing.isOver }

    init(
        _ machine: borrowing Saga, _ alarms: SagaMonitor.Alarms, at slot: Int, plan: UInt16, isDown: Bool,
        endedAt: Instant?, maximumRecoveries: Int
    ) {
        request = machine.id
        let (start, progress) = (machine.startedAt, machine.progressedAt)
        startedAt = start ?? .zero
        progressedAt = endedAt ?? progress
        self.slot = UInt32(clamping: slot)
        self.plan = plan
        retries = UInt16(clamping: machine.retries)
        let glance = machine.glance(maximumRecoveries: maximumRecoveries)
        standing = glance.standing
        self.alarms = alarms
        step = UInt8(clamping: glance.step)
        hasTurnedBack = machine.hasTurnedBack
        isOverdue = machine.isOverdue
        self.isDown = isDown
    }
}

/// All that can be seen of one saga.
public struct SagaView: Sendable {
    /// The request that started it.
    public let request: UInt64
    /// Which saga of the plan it is.
    public let plan: Int
    /// The machine as it stands.
    public let machine: Saga
    /// What its monitor keeps of it.
    public internal(set) var watch = SagaMonitor.Watch()
    /// When it was started.
    public let startedAt: Instant
    /// When it ended; nil while it is under way.
    public internal(set) var endedAt: Instant?
    /// What it has decided, oldest first, as far as that is kept: a saga that is over and done with is forgotten.
    public internal(set) var events: [Saga.Event] = []
    /// Whether its orchestrator has crashed, and no other one has taken it over.
    public internal(set) var isDown = false
    /// The steps whose calls, or undos, are decided and wait for a worker to make them.
    public internal(set) var unsent = Saga.StepSet()
    /// Whether an operator can still do something with it.
    public internal(set) var isKept = false
    /// What it has locked, or waits for; nil if nothing.
    public internal(set) var lock: Lock?
    /// Where it stands, to find it again.
    var slot = Int.max

    /// A saga's place at a semantic lock.
    public struct Lock: Hashable, Sendable {
        /// What is locked.
        public let key: UInt64
        /// Since when it has it, or waits.
        public let since: Instant
        /// 0 for the saga that has it, 1 for the next to get it.
        public let place: Int
        /// How many wait for it altogether.
        public let waiting: Int
        /// The saga that has it, by its request.
        public let holder: UInt64
    }
}

extension SagaView {
    init(_ slot: SagaSlot) {
        request = slot.request
        plan = Int(slot.plan)
        machine = slot.machine
        watch = slot.watch
        startedAt = slot.machine.startedAt ?? .zero
        isDown = slot.isDown
        unsent = slot.unsent
    }

    init(_ saga: EndedSaga) {
        request = saga.request
        plan = saga.plan
        machine = saga.machine
        startedAt = saga.startedAt
        endedAt = saga.endedAt
    }
}
