public import Sagas
import Timeline

// Sagas as lists show them, and all about one: for looking on, nothing is changed.

extension World {
    /// The sagas under way, and those that are over and kept for an operator, of which a condition holds, in order of
    /// slot.
    ///
    /// It looks at each once, where it stands: 100 000 of them take a few milliseconds.
    public func sagaRows(where isMeant: (SagaRow) -> Bool = { _ in true }) -> [SagaRow] {
        var rows: [SagaRow] = []
        let recoveries = sagas.definitions.map(\.maximumRecoveries)
        sagas.forEachSlot { index, slot in
            let endedAt: Instant? = slot.machine.isOver ? slot.machine.progressedAt : nil
            let row = SagaRow(
                slot.machine, slot.watch.alarms, at: index, plan: slot.plan, isDown: slot.isDown, endedAt: endedAt,
                maximumRecoveries: recoveries[Int(slot.plan)])
            if isMeant(row) { rows.append(row) }
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
                $0.machine, [], at: .max, plan: UInt16(clamping: $0.plan), isDown: false, endedAt: $0.endedAt,
                maximumRecoveries: sagas.definitions[$0.plan].maximumRecoveries)
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
            view.machine, view.watch.alarms, at: view.slot, plan: UInt16(clamping: view.plan), isDown: view.isDown,
            endedAt: view.endedAt, maximumRecoveries: sagas.definitions[view.plan].maximumRecoveries)
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

extension Saga.Failure {
    /// What went wrong, in a few words: `breaker open`.
    public var text: String { code.rawValue < 16 ? code.description : simulated.text }
}

extension Saga.Failure {
    /// A failure as the journal has it, which does not say what is known of the call.
    public init(_ failure: Failure) { self.init(failure, failure == .timedOut ? .unknown : .notExecuted) }
}
