import Sagas
import Timeline

/// The chapter of the sagas: the running ones in slots, what they have stored, and what their plans say.
///
/// A saga has 512 bytes, and a definition eight lists: both are looked at where they are, never copied to be looked at.
struct SagaHost: Sendable {
    /// How many sagas can be under way at once.
    static let capacity = 1 << 21

    private(set) var plans: SagaPlans
    var slots: [SagaSlot] = []
    /// Which saga each slot holds, 0 if it is free: to look for one among a million reads eight bytes of each.
    private(set) var requests: [UInt64] = []
    private var log = SagaLog()
    private var firstFree = UInt32.max
    var live = 0
    /// Who holds what, by slot: a saga's locks go back when it ends.
    var locks = SemanticLocks(.standard)
    var tallies: [SagaTally]
    private var amounts: [RandomStream]
    private var retries: [RandomStream]
    /// What a saga decides at the moment; lent out, so that nothing is allocated for it.
    private var decided: [Saga.Event] = []
    private var latestEnded = Latest<EndedSaga>(capacity: 64)

    init(plan: Plan) {
        plans = SagaPlans(plan.sagas)
        tallies = plan.sagas.map { _ in SagaTally() }
        func streams(_ purpose: String) -> [RandomStream] {
            plan.sagas.map { RandomStream(seed: plan.seed, name: $0.definition.name, purpose: purpose) }
        }
        amounts = streams("amounts")
        retries = streams("retries")
    }

    /// Takes over changed limits, policies and amounts.
    mutating func change(to plan: Plan) { plans.change(to: plan.sagas) }

    /// The version by which a saga is started from now on; those under way keep theirs.
    mutating func deploy(_ plan: Int) { plans.deploy(plan) }

    var definitions: [SagaDefinition] { plans.definitions }

    var hasRoom: Bool { live < Self.capacity }

    subscript(slot: UInt32) -> SagaSlot {
        // Not lent by a coroutine: without optimisation the compiler reads the loan after it has been returned.
        get { slots[Int(slot)] }
        _modify { yield &slots[Int(slot)] }
    }

    /// Puts a new saga into a slot.
    mutating func open(plan: Int, request: UInt64, load: UInt32, key: UInt32, cause: EntryID) -> UInt32 {
        let amount = plans.sampleAmount(plan, using: &amounts[plan])
        let data = SagaData([.cents(amount), .number(Int64(key))])
        let slot = SagaSlot(
            machine: Saga(id: request, data: data), cause: cause, amount: amount, load: load, key: key,
            plan: UInt16(plan))
        return put(slot)
    }

    /// Puts a saga into a slot of its own that runs another one again from a step on; nobody waits for it.
    mutating func rerun(
        _ slot: UInt32, from step: Int, as request: UInt64, at now: Instant
    ) throws(Saga.OrderRefusal) -> (slot: UInt32, events: [Saga.Event]) {
        var events: [Saga.Event] = []
        let former = slots[Int(slot)]
        let definition = definitions[Int(former.plan)]
        let machine = try former.machine.rerun(from: step, as: request, at: now, under: definition, into: &events)
        var next = SagaSlot(
            machine: machine, cause: former.cause, amount: former.amount, load: former.load, key: former.key,
            plan: former.plan)
        next.isAnswered = true
        return (put(next), events)
    }

    private mutating func put(_ slot: SagaSlot) -> UInt32 {
        live += 1
        tallies[Int(slot.plan)].started += 1
        tallies[Int(slot.plan)].running += 1
        guard firstFree != .max else {
            slots.append(slot)
            requests.append(slot.request)
            return UInt32(slots.count - 1)
        }
        let index = firstFree
        firstFree = slots[Int(index)].nextFree
        slots[Int(index)] = slot
        requests[Int(index)] = slot.request
        return index
    }

    /// Hands something to the saga in a slot; the result is what it has decided, which comes back with ``giveBack(_:)``.
    mutating func handle(_ input: Saga.Input, _ slot: UInt32, at now: Instant) -> [Saga.Event] {
        var events: [Saga.Event] = []
        swap(&events, &decided)
        let plan = Int(slots[Int(slot)].plan)
        slots[Int(slot)].machine.handle(
            input, at: now, under: plans.definitions[plan], using: &retries[plan], into: &events)
        return events
    }

    /// Does what an operator wants of a saga.
    mutating func obey(
        _ order: Saga.Order, _ slot: UInt32, at now: Instant
    ) throws(Saga.OrderRefusal) -> [Saga.Event] {
        var events: [Saga.Event] = []
        let definition = definitions[Int(slots[Int(slot)].plan)]
        try slots[Int(slot)].machine.obey(order, at: now, under: definition, into: &events)
        return events
    }

    /// Lends the list out again for the next decision.
    mutating func giveBack(_ events: consuming [Saga.Event]) {
        events.removeAll(keepingCapacity: true)
        decided = events
    }

    /// Stores what a saga has decided.
    mutating func store(_ events: [Saga.Event], _ slot: UInt32) {
        for event in events { log.append(event, to: &slots[Int(slot)].tape) }
    }

    /// Makes a saga anew of what it has stored: all that a crash of its orchestrator leaves.
    mutating func readBack(_ slot: UInt32) {
        let each = slots[Int(slot)]
        var machine = Saga(id: each.machine.id, data: each.machine.data)
        let definition = definitions[Int(each.plan)]
        for event in log.events(of: each.tape) { machine.evolve(event, under: definition) }
        slots[Int(slot)].machine = machine
    }

    /// What a saga has decided so far, oldest first.
    func events(_ slot: UInt32) -> [Saga.Event] { log.events(of: slots[Int(slot)].tape) }

    /// The saga is over, and perhaps once more; its slot stays until no call of it is left.
    mutating func close(_ slot: UInt32, at now: Instant) {
        let (plan, machine) = (Int(slots[Int(slot)].plan), slots[Int(slot)].machine)
        if case .ended(let ending) = machine.phase { tallies[plan].count(ending) }
        latestEnded.append(
            EndedSaga(
                request: machine.id, plan: plan, startedAt: machine.startedAt ?? now, endedAt: now, machine: machine))
    }

    /// The latest that have ended, oldest first; one that has ended twice as it ended last.
    var ended: [EndedSaga] {
        let all = latestEnded.each
        return all.indices.filter { index in !all[(index + 1)...].contains { $0.request == all[index].request } }
            .map { all[$0] }
    }

    /// A frame begins to work for a saga.
    mutating func callBegins(_ slot: UInt32) { slots[Int(slot)].calls += 1 }

    /// A frame works for a saga no more; true if that was the last sign of it.
    mutating func callEnds(_ slot: UInt32) -> Bool {
        slots[Int(slot)].calls -= 1
        return freeIfForgotten(slot)
    }

    /// Frees the slot of a saga that has ended, has no call left and nothing that an operator could still do.
    mutating func freeIfForgotten(_ slot: UInt32) -> Bool {
        guard slots[Int(slot)].calls == 0, !keeps(slot) else { return false }
        log.forget(&slots[Int(slot)].tape)
        slots[Int(slot)].machine = SagaSlot.nobody
        requests[Int(slot)] = 0
        slots[Int(slot)].nextFree = firstFree
        firstFree = slot
        return true
    }

    /// Nothing is left to do with a saga that is over; true if that was the last sign of it.
    mutating func settle(_ slot: UInt32) -> Bool {
        slots[Int(slot)].isSettled = true
        countAttention(slot)
        return freeIfForgotten(slot)
    }
}

extension SagaHost {
    /// About how many bytes a copy takes once the original goes on.
    var footprint: Int { slots.count * MemoryLayout<SagaSlot>.stride + log.footprint }

    func mix(into digest: inout Digest) {
        for tally in tallies {
            digest.mix(tally.started, tally.completed)
            digest.mix(tally.running << 32 | tally.compensating, tally.compensated << 32 | tally.compensationFailed)
            digest.mix(tally.killed << 32 | tally.recovered, tally.leftOut)
        }
        for slot in slots where slot.request != 0 {
            digest.mix(slot.request, UInt64(slot.calls) << 32 | UInt64(slot.tape.count))
            digest.mix(UInt64(slot.machine.undoStackDepth), UInt64(slot.machine.furthestStep ?? 99))
        }
        plans.mix(into: &digest)
        digest.mix(UInt64(locks.held), UInt64(locks.waiting))
        for var stream in amounts + retries { digest.mix(stream.next()) }
    }
}
