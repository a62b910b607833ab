import Resilience
import Sagas
import Timeline

/// The chapter of the choreographies: flows in slots, and events on their way.
struct FlowHost: Sendable {
    /// How many flows can be under way at once.
    static let capacity = 1 << 20

    private(set) var choreographies: [Choreography]
    private var plans: [ChoreographyPlan]
    private var slots: [FlowSlot] = []
    private var firstFree = UInt32.max
    var deliveries = Slots<Delivery>()
    private(set) var tallies: [FlowTally]
    private var amounts: [RandomStream]
    private var transits: [RandomStream]
    private var waits: [RandomStream]
    /// The latest that are forgotten, the oldest of them at `oldestEnded`.
    private var latestEnded: [FlowView] = []
    private var oldestEnded = 0

    private static let endedKept = 64

    init(plan: Plan) {
        plans = plan.choreographies
        choreographies = plans.map(\.choreography)
        tallies = plans.map { _ in FlowTally() }
        func streams(_ purpose: String) -> [RandomStream] {
            plan.choreographies.map { RandomStream(seed: plan.seed, name: $0.choreography.name, purpose: purpose) }
        }
        amounts = streams("amounts")
        transits = streams("transits")
        waits = streams("redeliveries")
    }

    /// Takes over how events are delivered, and amounts; who reacts to what stays as it is.
    mutating func change(to plan: Plan) { plans = plan.choreographies }

    var live: Int { tallies.reduce(0) { $0 + Int($1.underWay) } }

    /// Whether nothing of any flow is on its way, and no timeout runs: what is left waits for an operator.
    var areAtRest: Bool { tallies.allSatisfy { $0.running == 0 && $0.compensating == 0 } }

    var hasRoom: Bool { live < Self.capacity }

    subscript(slot: UInt32) -> FlowSlot {
        get { slots[Int(slot)] }
        _modify { yield &slots[Int(slot)] }
    }

    // Small answers rather than a whole plan, whose every list would be retained for it.

    func operation(ofPlan plan: Int) -> Int { plans[plan].operation }

    func operation(_ slot: UInt32) -> Int { plans[Int(slots[Int(slot)].plan)].operation }

    func choreography(_ slot: UInt32) -> Choreography { choreographies[Int(slots[Int(slot)].plan)] }

    /// The service that carries the events of a flow.
    func broker(_ slot: UInt32) -> Int { plans[Int(slots[Int(slot)].plan)].broker }

    /// What a policy does.
    func reaction(_ policy: Int, _ slot: UInt32) -> ChoreographyPlan.Reaction {
        plans[Int(slots[Int(slot)].plan)].reactions[policy]
    }

    /// The type of event that begins a flow of a choreography.
    func start(ofPlan plan: Int) -> Int { choreographies[plan].events.firstIndex { $0.kind == .start } ?? 0 }

    /// The type of event by which a policy answers; nil if it answers by none.
    func answer(of policy: Int, isGood: Bool, _ slot: UInt32) -> Int? {
        let choreography = choreography(slot)
        let answers = isGood ? choreography.policies[policy].success : choreography.policies[policy].failure
        return answers.first.flatMap { choreography.event(named: $0) }
    }

    /// Whether an event of this type tells that something has failed.
    func tellsOfFailure(_ type: Int, _ slot: UInt32) -> Bool {
        let choreography = choreography(slot)
        let name = choreography.events[type].name
        return choreography.policies.contains { $0.failure.contains(name) }
    }
}

// The life of a flow.
extension FlowHost {
    /// Puts a new flow into a slot.
    mutating func open(
        plan: Int, request: UInt64, load: UInt32, key: UInt32, cause: EntryID, at now: Instant
    ) -> UInt32 {
        let slot = FlowSlot(
            flow: Flow(id: request), request: request, cause: cause, startedAt: now, progressedAt: now,
            amount: plans[plan].amount.sample(using: &amounts[plan]), load: load, key: key, plan: UInt16(plan))
        tallies[plan].started += 1
        tallies[plan].running += 1
        guard firstFree != .max else {
            slots.append(slot)
            return UInt32(slots.count - 1)
        }
        let index = firstFree
        firstFree = slots[Int(index)].nextFree
        slots[Int(index)] = slot
        return index
    }

    /// How long an event takes to a subscriber.
    mutating func transit(_ slot: UInt32) -> Duration {
        let plan = Int(slots[Int(slot)].plan)
        return plans[plan].delivery.sample(using: &transits[plan])
    }

    /// Whether an event is delivered twice.
    mutating func isTwice(_ slot: UInt32) -> Bool {
        let plan = Int(slots[Int(slot)].plan)
        return plans[plan].twice > 0 && transits[plan].chance(plans[plan].twice)
    }

    /// How long to wait until a delivery is made again; nil if it has been made often enough.
    mutating func wait(beforeRedelivery delivery: UInt32) -> Duration? {
        let plan = Int(slots[Int(deliveries[delivery].flow)].plan)
        let (attempt, previous) = (Int(deliveries[delivery].attempt), deliveries[delivery].wait)
        let wait = plans[plan].redelivery.next(afterAttempt: attempt, previous: previous, using: &waits[plan])
        deliveries[delivery].wait = wait ?? .zero
        return wait
    }

    /// Events were set aside, since their subscriber could not deal with them, or are taken up again.
    mutating func countDeadLetters(_ slot: UInt32, by change: Int) {
        tallies[Int(slots[Int(slot)].plan)].deadLetters &+= UInt64(bitPattern: Int64(change))
    }

    /// Writes down what became of an event.
    mutating func record(_ record: FlowRecord, _ slot: UInt32) {
        slots[Int(slot)].records.append(record)
    }

    /// Counts a flow where it stands now, and says whether it has just been orphaned.
    mutating func count(_ slot: UInt32) -> Bool {
        let (now, before) = (standing(slot), slots[Int(slot)].standing)
        guard now != before else { return false }
        let plan = Int(slots[Int(slot)].plan)
        tallies[plan].count(before, by: -1)
        tallies[plan].count(now, by: 1)
        slots[Int(slot)].standing = now
        return now == .orphaned
    }

    private func standing(_ slot: UInt32) -> FlowStanding {
        let each = slots[Int(slot)]
        switch each.flow.phase(under: choreographies[Int(each.plan)]) {
        case .ended(.well): return .completed
        case .ended(.badly), .ended(.timedOut): return .compensated
        case .ended(.closed): return .closed
        case .parked: return .parked
        case .notStarted, .running:
            if each.underWay == 0, each.flow.due == nil { return .orphaned }
            return each.hasTurnedBack ? .compensating : .running
        }
    }

    /// Frees the slot of a flow that has ended and of which nothing is on its way.
    mutating func freeIfForgotten(_ slot: UInt32) -> Bool {
        guard slots[Int(slot)].underWay == 0, slots[Int(slot)].standing.isOver else { return false }
        remember(FlowView(slots[Int(slot)], choreography(slot)))
        slots[Int(slot)].request = 0
        slots[Int(slot)].records = []
        slots[Int(slot)].nextFree = firstFree
        firstFree = slot
        return true
    }

    private mutating func remember(_ flow: FlowView) {
        guard latestEnded.count == Self.endedKept else { return latestEnded.append(flow) }
        latestEnded[oldestEnded] = flow
        oldestEnded = (oldestEnded + 1) % Self.endedKept
    }
}

// What can be seen.
extension FlowHost {
    /// The latest that are forgotten, oldest first.
    var ended: [FlowView] { Array(latestEnded[oldestEnded...] + latestEnded[..<oldestEnded]) }

    var slotCount: Int { slots.count }

    /// The slots in use, in order of slot.
    var slotsInUse: [UInt32] { slots.indices.filter { slots[$0].request != 0 }.map { UInt32($0) } }

    /// The flows that have not ended, or of which something is still on its way, in order of slot.
    var rows: [FlowRow] {
        slots.indices.lazy.filter { slots[$0].request != 0 }.map { FlowRow(slots[$0], at: UInt32($0)) }
    }

    /// The slot of the flow that a request has begun; nil if it is forgotten.
    func slot(of request: UInt64) -> UInt32? {
        slots.firstIndex { $0.request == request }.map { UInt32($0) }
    }

    /// About how many bytes a copy takes once the original goes on.
    var footprint: Int { slots.count * MemoryLayout<FlowSlot>.stride + deliveries.footprint }

    func mix(into digest: inout Digest) {
        for tally in tallies {
            digest.mix(tally.started << 32 | tally.running, tally.compensating << 32 | tally.orphaned)
            digest.mix(tally.completed << 32 | tally.compensated, tally.deadLetters << 32 | tally.parked)
        }
        for slot in slots where slot.request != 0 {
            digest.mix(slot.request, UInt64(slot.underWay) << 32 | UInt64(slot.flow.events))
        }
        deliveries.mix(into: &digest)
        for var stream in amounts + transits + waits { digest.mix(stream.next()) }
    }
}
