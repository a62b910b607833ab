public import Sagas
public import Timeline

// Sagas as lists show them, and all about one: for looking on, nothing is changed.

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
    /// The first step that it is at, or that it was at last.
    public let step: UInt8
    /// Whether it goes back, or went back until its end.
    public let hasTurnedBack: Bool
    /// Whether its time limit passed with no way back.
    public let isOverdue: Bool
    /// Whether its orchestrator has crashed, and no other one has taken it over.
    public let isDown: Bool
    /// Whether it is over.
    public let isOver: Bool

    init(
        _ machine: borrowing Saga, at slot: Int, plan: UInt16, isDown: Bool, endedAt: Instant?,
        _ definition: borrowing SagaDefinition
    ) {
        request = machine.id
        let (start, progress) = (machine.startedAt, machine.progressedAt)
        startedAt = start ?? .zero
        progressedAt = endedAt ?? progress
        self.slot = UInt32(clamping: slot)
        self.plan = plan
        retries = UInt16(clamping: machine.retries)
        standing = machine.standing(under: definition)
        step = UInt8(clamping: machine.presentStep(definition))
        hasTurnedBack = machine.hasTurnedBack
        isOverdue = machine.isOverdue
        self.isDown = isDown
        isOver = machine.isOver
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

extension World {
    /// The sagas under way, and those that are over and kept for an operator, of which a condition holds.
    ///
    /// It looks at each once, where it stands: 100 000 of them take a few milliseconds.
    /// - Parameters:
    ///   - filter: how they stand.
    ///   - isMeant: is asked about each saga of any standing: whether it stands so, and what is to be seen of it.
    public func sagaRows(
        _ filter: SagaFilter = .all, where isMeant: (_ row: SagaRow, _ stands: Bool) -> Bool = { $1 }
    ) -> [SagaRow] {
        var rows: [SagaRow] = []
        sagas.forEachSlot { index, slot, definition in
            let endedAt: Instant? = slot.machine.isOver ? slot.machine.progressedAt : nil
            let row = SagaRow(
                slot.machine, at: index, plan: slot.plan, isDown: slot.isDown, endedAt: endedAt, definition)
            if isMeant(row, filter.matches(slot.machine, isDown: slot.isDown)) { rows.append(row) }
        }
        return rows
    }

    /// The saga of a row as it stands now; nil if it is not there any more.
    public func runningSaga(_ row: SagaRow) -> RunningSaga? {
        guard Int(row.slot) < sagas.slotCount, sagas[row.slot].request == row.request else { return nil }
        return RunningSaga(sagas[row.slot])
    }

    /// The latest sagas that have ended, as rows, the oldest first.
    public var endedSagaRows: [SagaRow] {
        sagas.ended.map {
            SagaRow(
                $0.machine, at: .max, plan: UInt16(clamping: $0.plan), isDown: false, endedAt: $0.endedAt,
                sagas.definitions[$0.plan])
        }
    }

    /// All that can be seen of the saga of a row; nil if it is forgotten.
    public func saga(_ row: SagaRow) -> SagaView? {
        if Int(row.slot) < sagas.slotCount, sagas[row.slot].request == row.request { return view(row.slot) }
        return sagas.ended.last { $0.request == row.request }.map { SagaView($0) }
    }

    /// The row of a saga in a list.
    public func sagaRow(of view: SagaView) -> SagaRow {
        SagaRow(
            view.machine, at: view.slot, plan: UInt16(clamping: view.plan), isDown: view.isDown, endedAt: view.endedAt,
            sagas.definitions[view.plan])
    }

    /// All that can be seen of the saga that a request has started; nil if there is none, or it is forgotten.
    public func saga(ofRequest request: UInt64) -> SagaView? {
        guard request != 0 else { return nil }
        if let slot = sagas.slot(of: request) { return view(slot) }
        return sagas.ended.last { $0.request == request }.map { SagaView($0) }
    }

    private func view(_ slot: UInt32) -> SagaView {
        var view = SagaView(sagas[slot])
        view.slot = Int(slot)
        view.events = sagas.events(slot)
        let isOver = view.machine.isOver
        view.endedAt = isOver ? sagas.ended.last { $0.request == view.request }?.endedAt ?? now : nil
        view.isKept = sagas.keeps(slot)
        if let standing = sagas.locks.standings(of: UInt64(slot)).first,
            let holder = sagas.locks.holder(of: standing.key)
        {
            view.lock = SagaView.Lock(
                key: standing.key, since: standing.since, place: standing.place,
                waiting: sagas.locks.queue(for: standing.key).count - 1, holder: sagas[UInt32(holder.saga)].request)
        }
        return view
    }
}

extension SagaView {
    init(_ slot: SagaSlot) {
        request = slot.request
        plan = Int(slot.plan)
        machine = slot.machine
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

extension Saga {
    /// The first step that is called, undone or waits, or else the last that was called.
    fileprivate func presentStep(_ definition: borrowing SagaDefinition) -> Int {
        for step in definition.steps.indices {
            switch status(of: step) {
            case .calling, .backingOff, .stalled, .undoing, .undoBackingOff, .undoStalled: return step
            case .pending, .done, .skipped, .failed, .unknown, .undone, .undoFailed, .resolved: continue
            }
        }
        return furthestStep ?? 0
    }
}

extension Saga.Failure {
    /// What went wrong, in a few words: `breaker open`.
    public var text: String { code.rawValue < 16 ? code.description : simulated.text }
}

extension Saga.Failure {
    /// A failure as the journal has it, which does not say what is known of the call.
    public init(_ failure: Failure) { self.init(failure, failure == .timedOut ? .unknown : .notExecuted) }
}

extension World {
    /// Which sagas of a list could obey, by their requests in its order; and why the others cannot, the most frequent
    /// reason first.
    public func sagas(
        of rows: [SagaRow], thatCan deed: SagaOrder.Deed
    ) -> (able: [UInt64], refusals: [(reason: Saga.OrderRefusal, count: Int)]) {
        var able: [UInt64] = []
        var refusals: [(reason: Saga.OrderRefusal, count: Int)] = []
        for row in rows where Int(row.slot) < sagas.slotCount && sagas[row.slot].request == row.request {
            guard let refusal = sagas.refusal(of: deed, row.slot) else {
                able.append(row.request)
                continue
            }
            if let known = refusals.firstIndex(where: { $0.reason == refusal }) {
                refusals[known].count += 1
            } else {
                refusals.append((refusal, 1))
            }
        }
        return (able, refusals.sorted { $0.count > $1.count })
    }
}
