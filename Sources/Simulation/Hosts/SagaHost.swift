import Sagas
import Timeline

/// One saga under way, with its timers.
struct SagaSlot: Sendable {
    var machine: Saga
    var plan: UInt16
    var load: UInt32
    var request: UInt64
    /// The latest entry about it.
    var cause: EntryID
    /// The latest event that its steps have appended.
    var written = Written.nothing
    /// What to do when it has a worker.
    var pending = Saga.Directive.none
    var hasTurn = false
    var isCompensating = false
    var isOverdue = false
    var isEnded = false
    /// Frames that work for it, late ones included.
    var calls: UInt32 = 0
    var resumption = Agenda.TimerID.none
    var nextTurn = Agenda.TimerID.none
    var attemptLimit = Agenda.TimerID.none
    var deadline = Agenda.TimerID.none
    var nextFree = UInt32.max
}

/// The chapter of the sagas: the running ones in slots, and what their plans say.
struct SagaHost: Sendable {
    /// How many sagas can be under way at once.
    static let capacity = 1 << 21

    private(set) var definitions: [SagaDefinition]
    private var plans: [SagaPlan]
    private var slots: [SagaSlot] = []
    private var firstFree = UInt32.max
    private(set) var live = 0
    private(set) var tallies: [SagaTally]
    private var amounts: [RandomStream]
    private var retries: [RandomStream]
    /// The latest that have ended, the oldest of them at `oldestEnded`.
    private var latestEnded: [EndedSaga] = []
    private var oldestEnded = 0

    private static let endedKept = 64

    init(plan: Plan) {
        plans = plan.sagas
        definitions = plan.sagas.map(\.definition)
        tallies = plan.sagas.map { _ in SagaTally() }
        func streams(_ purpose: String) -> [RandomStream] {
            plan.sagas.map { RandomStream(seed: plan.seed, name: $0.definition.name, purpose: purpose) }
        }
        amounts = streams("amounts")
        retries = streams("retries")
    }

    /// Takes over changed limits, policies and amounts.
    mutating func change(to plan: Plan) {
        plans = plan.sagas
        definitions = plan.sagas.map(\.definition)
    }

    var hasRoom: Bool { live < Self.capacity }

    var slotCount: Int { slots.count }

    subscript(slot: UInt32) -> SagaSlot {
        // Not lent by a coroutine: without optimisation the compiler reads the loan after it has been returned.
        get { slots[Int(slot)] }
        _modify { yield &slots[Int(slot)] }
    }

    func operation(ofPlan plan: Int) -> Int { plans[plan].operation }

    /// The call that a step makes.
    func action(_ slot: UInt32, step: Int) -> CallPlan { plans[plan(slot)].actions[step] }

    /// The call that a step's undo makes; nil where there is nothing to undo.
    func undo(_ slot: UInt32, step: Int) -> CallPlan? { plans[plan(slot)].undos[step] }

    /// How many steps have an undo.
    func undoCount(_ slot: UInt32) -> Int { plans[plan(slot)].undos.count { $0 != nil } }

    /// How long an attempt of a step, or of its undo, may take; nil for no limit but the saga's.
    func attemptLimit(_ slot: UInt32, step: Int) -> Duration? { plans[plan(slot)].attemptLimits[step] }

    /// How long the whole saga may take; nil for no limit.
    func timeLimit(_ slot: UInt32) -> Duration? { definitions[plan(slot)].timeLimit }

    /// How long ago the saga was started.
    func age(_ slot: UInt32, at now: Instant) -> Duration {
        slots[Int(slot)].machine.startedAt.map { now - $0 } ?? .zero
    }

    /// When the time limit passes that a saga is under now, and what happens then; nil if it is under none.
    func nextDeadline(_ slot: UInt32) -> (Instant, Event)? {
        let (machine, definition) = (slots[Int(slot)].machine, definitions[plan(slot)])
        if let due = machine.deadline(under: definition) { return (due, .sagaDeadline(slot)) }
        return machine.compensationDeadline(under: definition).map { ($0, .compensationDeadline(slot)) }
    }

    private func plan(_ slot: UInt32) -> Int { Int(slots[Int(slot)].plan) }

    /// Puts a new saga into a slot.
    mutating func open(plan: Int, request: UInt64, load: UInt32, key: UInt32, cause: EntryID) -> UInt32 {
        let amount = plans[plan].amount.sample(using: &amounts[plan])
        live += 1
        tallies[plan].started += 1
        tallies[plan].running += 1
        let slot = SagaSlot(
            machine: Saga(id: request, amountInCents: amount, key: key), plan: UInt16(plan), load: load,
            request: request, cause: cause)
        guard firstFree != .max else {
            slots.append(slot)
            return UInt32(slots.count - 1)
        }
        let index = firstFree
        firstFree = slots[Int(index)].nextFree
        slots[Int(index)] = slot
        return index
    }

    /// Lets the machine in a slot decide, with its definition and its random stream.
    mutating func decide(
        _ slot: UInt32, _ body: (inout Saga, SagaDefinition, inout RandomStream) -> Saga.Directive
    ) -> Saga.Directive {
        let plan = Int(slots[Int(slot)].plan)
        return body(&slots[Int(slot)].machine, definitions[plan], &retries[plan])
    }

    /// The saga has turned back.
    mutating func turnedBack(_ slot: UInt32) {
        let plan = Int(slots[Int(slot)].plan)
        slots[Int(slot)].isCompensating = true
        tallies[plan].running -= 1
        tallies[plan].compensating += 1
    }

    /// The saga will not make its limit, and cannot turn back.
    mutating func becameOverdue(_ slot: UInt32) {
        slots[Int(slot)].isOverdue = true
        tallies[Int(slots[Int(slot)].plan)].overdue += 1
    }

    /// The saga is over; its slot stays until no call of it is left.
    mutating func close(_ slot: UInt32, _ ending: Saga.Ending, at now: Instant) {
        let each = slots[Int(slot)]
        let plan = Int(each.plan)
        live -= 1
        slots[Int(slot)].isEnded = true
        if each.isCompensating { tallies[plan].compensating -= 1 } else { tallies[plan].running -= 1 }
        switch ending {
        case .completed: tallies[plan].completed += 1
        case .compensated: tallies[plan].compensated += 1
        case .compensationFailed: tallies[plan].compensationFailed += 1
        }
        remember(
            EndedSaga(
                request: each.request, plan: plan, startedAt: each.machine.startedAt ?? now, endedAt: now,
                machine: each.machine))
    }

    private mutating func remember(_ saga: EndedSaga) {
        guard latestEnded.count == Self.endedKept else {
            latestEnded.append(saga)
            return
        }
        latestEnded[oldestEnded] = saga
        oldestEnded = (oldestEnded + 1) % Self.endedKept
    }

    /// The latest that have ended, oldest first.
    var ended: [EndedSaga] { Array(latestEnded[oldestEnded...] + latestEnded[..<oldestEnded]) }

    /// A frame begins to work for a saga.
    mutating func callBegins(_ slot: UInt32) { slots[Int(slot)].calls += 1 }

    /// A frame works for a saga no more; true if that was the last sign of it.
    mutating func callEnds(_ slot: UInt32) -> Bool {
        slots[Int(slot)].calls -= 1
        return freeIfForgotten(slot)
    }

    /// Frees the slot of a saga that has ended and has no call left.
    mutating func freeIfForgotten(_ slot: UInt32) -> Bool {
        guard slots[Int(slot)].isEnded, slots[Int(slot)].calls == 0 else { return false }
        slots[Int(slot)].request = 0
        slots[Int(slot)].nextFree = firstFree
        firstFree = slot
        return true
    }

    /// The slots of the sagas under way, in order of slot.
    var liveSlots: [UInt32] {
        slots.indices.filter { slots[$0].request != 0 && !slots[$0].isEnded }.map { UInt32($0) }
    }
}

extension SagaHost {
    func mix(into digest: inout Digest) {
        for tally in tallies {
            digest.mix(tally.started, tally.completed)
            digest.mix(tally.running << 32 | tally.compensating, tally.compensated << 32 | tally.compensationFailed)
        }
        for slot in slots where slot.request != 0 {
            digest.mix(slot.request, UInt64(slot.calls))
            digest.mix(UInt64(slot.machine.undoStackDepth), UInt64(slot.machine.furthestStep ?? 99))
        }
        for var stream in amounts + retries { digest.mix(stream.next()) }
    }
}
