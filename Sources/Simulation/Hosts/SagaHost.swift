import Sagas
import Timeline

/// The chapter of the sagas: the running ones in slots, what they have stored, and what their plans say.
struct SagaHost: Sendable {
    /// How many sagas can be under way at once.
    static let capacity = 1 << 21

    private(set) var definitions: [SagaDefinition]
    private var plans: [SagaPlan]
    private var monitors: [SagaMonitor]
    /// For each saga, the plan by which it is started: a version of it.
    private var deployed: [Int]
    private var slots: [SagaSlot] = []
    private var log = SagaLog()
    private var firstFree = UInt32.max
    private(set) var live = 0
    /// Who holds what, by slot: a saga's locks go back when it ends.
    private(set) var locks = SemanticLocks(.standard)
    private(set) var tallies: [SagaTally]
    private var amounts: [RandomStream]
    private var retries: [RandomStream]
    /// What a saga decides at the moment; lent out, so that nothing is allocated for it.
    private var decided: [Saga.Event] = []
    /// The latest that have ended, the oldest of them at `oldestEnded`.
    private var latestEnded: [EndedSaga] = []
    private var oldestEnded = 0

    private static let endedKept = 64

    init(plan: Plan) {
        plans = plan.sagas
        monitors = plan.sagas.map(\.monitor)
        deployed = Array(plan.sagas.indices)
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
        monitors = plan.sagas.map(\.monitor)
        definitions = plan.sagas.map(\.definition)
    }

    var hasRoom: Bool { live < Self.capacity }

    var slotCount: Int { slots.count }

    subscript(slot: UInt32) -> SagaSlot {
        // Not lent by a coroutine: without optimisation the compiler reads the loan after it has been returned.
        get { slots[Int(slot)] }
        _modify { yield &slots[Int(slot)] }
    }

    // Small answers rather than a whole plan, whose every list would be retained for it.

    func operation(ofPlan plan: Int) -> Int { plans[plan].operation }

    /// The version by which a saga is started from now on; those under way keep theirs.
    mutating func deploy(_ plan: Int) { deployed[plans[plan].versionOf ?? plan] = plan }

    /// The plan by which a saga is started.
    func deployedVersion(of plan: Int) -> Int { deployed[plan] }

    func operation(_ slot: UInt32) -> Int { plans[Int(slots[Int(slot)].plan)].operation }

    /// How long after a crash of its orchestrator another one takes a saga over.
    func takeover(_ slot: UInt32) -> Duration { plans[Int(slots[Int(slot)].plan)].takeover }

    /// How long the whole saga may take; nil for no limit.
    func timeLimit(_ slot: UInt32) -> Duration? { definitions[Int(slots[Int(slot)].plan)].timeLimit }

    /// How many steps have an undo.
    func undoCount(_ slot: UInt32) -> Int { plans[Int(slots[Int(slot)].plan)].undos.count { $0 != nil } }

    /// When something is due next in a saga, or its monitor is to look at it; at no time if nothing is.
    func due(_ slot: UInt32) -> Instant {
        read(slot) { each, definition in
            let own = each.machine.due(under: definition) ?? .distantFuture
            let look = monitors[Int(each.plan)].due(each.machine, each.watch, under: definition)
            return min(own, look ?? .distantFuture)
        }
    }

    /// Looks at a saga and its definition where they are: to copy them would take longer than to look.
    @inline(__always)
    private func read<Answer>(_ slot: UInt32, _ look: (SagaSlot, SagaDefinition) -> Answer) -> Answer {
        slots.withUnsafeBufferPointer { slots in
            definitions.withUnsafeBufferPointer { definitions in
                look(slots[Int(slot)], definitions[Int(slots[Int(slot)].plan)])
            }
        }
    }

    /// The monitor looks at a saga; the result is what an operator is called for now.
    mutating func look(_ slot: UInt32, at now: Instant) -> SagaMonitor.Alarms {
        let plan = Int(slots[Int(slot)].plan)
        let (findings, watch) = read(slot) { each, definition in
            var watch = each.watch
            return (monitors[plan].check(each.machine, &watch, under: definition, at: now), watch)
        }
        slots[Int(slot)].watch = watch
        guard !findings.isEmpty else { return [] }
        if findings.raised.contains(.stuck) { tallies[plan].stuck &+= 1 }
        if findings.cleared.contains(.stuck) { tallies[plan].stuck &-= 1 }
        if !findings.raised.isEmpty { tallies[plan].alarms += 1 }
        return findings.raised
    }

    /// What a call is about, in cents: its parameter of that name, or else what the saga is about.
    func amount(_ slot: UInt32, step: Int, isUndo: Bool) -> Int64 {
        let plan = Int(slots[Int(slot)].plan)
        let parameter = isUndo ? plans[plan].undoAmounts[step] : plans[plan].amounts[step]
        guard let parameter else { return slots[Int(slot)].amount }
        let value =
            isUndo
            ? slots[Int(slot)].machine.undoArgument(parameter, of: step, under: definitions[plan])
            : slots[Int(slot)].machine.argument(parameter, of: step, under: definitions[plan])
        if case .cents(let cents)? = value { return cents }
        return slots[Int(slot)].amount
    }

    /// What a step returns, if it returns something: the money that it was about, or a number of its own.
    func result(_ slot: UInt32, step: Int) -> SagaValue? {
        switch definitions[Int(slots[Int(slot)].plan)].steps[step].result {
        case .cents: .cents(amount(slot, step: step, isUndo: false))
        case .number: .number(Int64(slots[Int(slot)].key))
        case .identifier: .identifier(slots[Int(slot)].request << 8 | UInt64(step))
        case .flag: .flag(true)
        case nil: nil
        }
    }

    private func definition(_ slot: UInt32) -> SagaDefinition { definitions[Int(slots[Int(slot)].plan)] }

    /// The service whose workers drive a saga.
    func home(_ slot: UInt32) -> Int { plans[Int(slots[Int(slot)].plan)].home }

    /// The call that a step makes.
    func action(_ slot: UInt32, step: Int) -> CallPlan { plans[Int(slots[Int(slot)].plan)].actions[step] }

    /// The call that a step's undo makes; nil where there is nothing to undo.
    func undo(_ slot: UInt32, step: Int) -> CallPlan? { plans[Int(slots[Int(slot)].plan)].undos[step] }

    /// How long ago the saga was started.
    func age(_ slot: UInt32, at now: Instant) -> Duration {
        slots[Int(slot)].machine.startedAt.map { now - $0 } ?? .zero
    }

    /// Asks for the lock of a saga; nil if it takes none.
    mutating func acquireLock(_ slot: UInt32, at now: Instant) -> SemanticLocks.Answer? {
        let definition = definition(slot)
        guard case .semanticLock(let lock) = definition.isolation,
            let key = definition.lockKey(of: slots[Int(slot)].machine.data)
        else { return nil }
        return locks.acquire(key, by: UInt64(slot), policy: lock.whenTaken == .waits ? .wait : .refuse, at: now)
    }

    /// Gives back the lock of a saga, or its place in line; the result is the slots of those that have one now.
    mutating func releaseLocks(_ slot: UInt32, at now: Instant) -> [UInt32] {
        locks.releaseAll(of: UInt64(slot), at: now).map { UInt32($0.saga) }
    }

    /// Puts a new saga into a slot.
    mutating func open(plan: Int, request: UInt64, load: UInt32, key: UInt32, cause: EntryID) -> UInt32 {
        let amount = plans[plan].amount.sample(using: &amounts[plan])
        live += 1
        tallies[plan].started += 1
        tallies[plan].running += 1
        let data = SagaData([.cents(amount), .number(Int64(key))])
        let slot = SagaSlot(
            machine: Saga(id: request, data: data), request: request, cause: cause, amount: amount, load: load,
            key: key,
            plan: UInt16(plan))
        return put(slot)
    }

    private mutating func put(_ slot: SagaSlot) -> UInt32 {
        guard firstFree != .max else {
            slots.append(slot)
            return UInt32(slots.count - 1)
        }
        let index = firstFree
        firstFree = slots[Int(index)].nextFree
        slots[Int(index)] = slot
        return index
    }

    /// Hands something to the saga in a slot; the result is what it has decided, which comes back with ``giveBack(_:)``.
    mutating func handle(_ input: Saga.Input, _ slot: UInt32, at now: Instant) -> [Saga.Event] {
        var events: [Saga.Event] = []
        swap(&events, &decided)
        let plan = Int(slots[Int(slot)].plan)
        slots[Int(slot)].machine.handle(
            input, at: now, under: definitions[plan], using: &retries[plan], into: &events)
        return events
    }

    /// Does what an operator wants of a saga.
    mutating func obey(
        _ order: Saga.Order, _ slot: UInt32, at now: Instant
    ) throws(Saga.OrderRefusal) -> [Saga.Event] {
        var events: [Saga.Event] = []
        let definition = definition(slot)
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

    /// Counts a saga where it stands now.
    mutating func count(_ slot: UInt32) {
        countAttention(slot)
        let (now, before) = (SagaStanding(slots[Int(slot)].machine), slots[Int(slot)].counted)
        guard now != before else { return }
        let plan = Int(slots[Int(slot)].plan)
        tallies[plan].count(before, by: -1)
        tallies[plan].count(now, by: 1)
        slots[Int(slot)].counted = now
        live += (before == .over ? 1 : 0) - (now == .over ? 1 : 0)
    }

    private mutating func countAttention(_ slot: UInt32) {
        let wants = read(slot) { each, _ in !each.isSettled && each.machine.needsOperator }
        guard wants != slots[Int(slot)].wantsOperator else { return }
        slots[Int(slot)].wantsOperator = wants
        tallies[Int(slots[Int(slot)].plan)].attention &+= wants ? 1 : UInt64.max
    }

    /// The saga will not make its limit, and cannot turn back.
    mutating func becameOverdue(_ slot: UInt32) { tallies[Int(slots[Int(slot)].plan)].overdue += 1 }

    /// The saga was taken over after a crash of its orchestrator.
    mutating func wasRecovered(_ slot: UInt32) { tallies[Int(slots[Int(slot)].plan)].recovered += 1 }

    /// The saga is over, and perhaps once more; its slot stays until no call of it is left.
    mutating func close(_ slot: UInt32, at now: Instant) {
        let each = slots[Int(slot)]
        let plan = Int(each.plan)
        if case .ended(let ending) = each.machine.phase { tallies[plan].count(ending) }
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

    /// The latest that have ended, oldest first; one that has ended twice as it ended last.
    var ended: [EndedSaga] {
        let all = Array(latestEnded[oldestEnded...] + latestEnded[..<oldestEnded])
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
        guard slots[Int(slot)].machine.isOver, slots[Int(slot)].calls == 0,
            !isKept(slots[Int(slot)])
        else { return false }
        log.forget(&slots[Int(slot)].tape)
        slots[Int(slot)].request = 0
        slots[Int(slot)].nextFree = firstFree
        firstFree = slot
        return true
    }

    /// The slots of the sagas under way, in order of slot.
    var liveSlots: [UInt32] {
        slots.indices.filter { slots[$0].request != 0 && !slots[$0].machine.isOver }.map { UInt32($0) }
    }

    /// Goes over all slots in use, those kept for an operator too, in order of slot, and copies none.
    func forEachSlot(_ body: (_ index: Int, _ slot: borrowing SagaSlot, _ definition: borrowing SagaDefinition) -> Void)
    {
        slots.withUnsafeBufferPointer { slots in
            definitions.withUnsafeBufferPointer { definitions in
                for index in slots.indices where slots[index].request != 0 {
                    guard !slots[index].machine.isOver || isKept(slots[index]) else { continue }
                    body(index, slots[index], definitions[Int(slots[index].plan)])
                }
            }
        }
    }

    /// Whether a saga that is over is kept for an operator: what it has done may stand.
    private func isKept(_ slot: SagaSlot) -> Bool {
        !slot.isSettled && (slot.machine.compensationHasFailed || slot.machine.wasKilled)
    }

    /// Whether an operator can still do something with the saga in a slot.
    func keeps(_ slot: UInt32) -> Bool { !slots[Int(slot)].machine.isOver || isKept(slots[Int(slot)]) }

    /// Nothing is left to do with a saga that is over; true if that was the last sign of it.
    mutating func settle(_ slot: UInt32) -> Bool {
        slots[Int(slot)].isSettled = true
        countAttention(slot)
        return freeIfForgotten(slot)
    }

    /// Why an operator's wish cannot be fulfilled; nil if it can.
    func refusal(of deed: SagaOrder.Deed, _ slot: UInt32) -> Saga.OrderRefusal? {
        switch deed {
        case .order(let order): slots[Int(slot)].machine.refusal(of: order, under: definition(slot))
        case .rerun(let step): slots[Int(slot)].machine.rerunRefusal(from: step, under: definition(slot))
        }
    }

    /// Puts a saga into a slot of its own that runs another one again from a step on; nobody waits for it.
    mutating func rerun(
        _ slot: UInt32, from step: Int, as request: UInt64, at now: Instant
    ) throws(Saga.OrderRefusal) -> (slot: UInt32, events: [Saga.Event]) {
        var events: [Saga.Event] = []
        let former = slots[Int(slot)]
        let machine = try former.machine.rerun(from: step, as: request, at: now, under: definition(slot), into: &events)
        live += 1
        tallies[Int(former.plan)].started += 1
        tallies[Int(former.plan)].running += 1
        var next = SagaSlot(
            machine: machine, request: request, cause: former.cause, amount: former.amount, load: former.load,
            key: former.key, plan: former.plan)
        next.isAnswered = true
        return (put(next), events)
    }

    /// The slot of a saga, by its request; nil if it is forgotten.
    func slot(of request: UInt64) -> UInt32? {
        slots.firstIndex { $0.request == request }.map { UInt32($0) }
    }

    /// About how many bytes a copy takes once the original goes on.
    var footprint: Int { slots.count * MemoryLayout<SagaSlot>.stride + log.footprint }
}

extension SagaTally {
    /// One more, or one less, stands so.
    mutating func count(_ standing: SagaStanding, by change: Int) {
        let change = UInt64(bitPattern: Int64(change))
        switch standing {
        case .forward: running &+= change
        case .back: compensating &+= change
        case .over: break
        }
    }

    /// One more has ended so.
    mutating func count(_ ending: Saga.Ending) {
        switch ending {
        case .completed(let without):
            completed += 1
            leftOut += without.isEmpty ? 0 : 1
        case .compensated: compensated += 1
        case .compensationFailed: compensationFailed += 1
        case .killed: killed += 1
        }
    }
}

extension SagaHost {
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
        for plan in deployed { digest.mix(UInt64(plan)) }
        digest.mix(UInt64(locks.held), UInt64(locks.waiting))
        for var stream in amounts + retries { digest.mix(stream.next()) }
    }
}
