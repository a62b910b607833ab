import Sagas
import Timeline

/// The chapter of the choreographies: flows in slots, and events on their way.
struct FlowHost: Sendable {
    /// How many flows can be under way at once.
    static let capacity = 1 << 20

    private(set) var plans: FlowPlans
    var slots: [FlowSlot] = []
    private var firstFree = UInt32.max
    var deliveries = Slots<Delivery>()
    private(set) var tallies: [FlowTally]
    private(set) var amounts: [RandomStream]
    private(set) var transits: [RandomStream]
    private(set) var waits: [RandomStream]
    private(set) var latestEnded = Latest<FlowView>(capacity: 64)

    init(plan: Plan) {
        plans = FlowPlans(plan.choreographies)
        tallies = plan.choreographies.map { _ in FlowTally() }
        func streams(_ purpose: String) -> [RandomStream] {
            plan.choreographies.map { RandomStream(seed: plan.seed, name: $0.choreography.name, purpose: purpose) }
        }
        amounts = streams("amounts")
        transits = streams("transits")
        waits = streams("redeliveries")
    }

    /// Takes over how events are delivered, and amounts; who reacts to what stays as it is.
    mutating func change(to plan: Plan) { plans.change(to: plan.choreographies) }

    var live: Int { tallies.reduce(0) { $0 + Int($1.underWay) } }

    /// Whether nothing of any flow is on its way, and no timeout runs: what is left waits for an operator.
    var areAtRest: Bool { tallies.allSatisfy { $0.running == 0 && $0.compensating == 0 } }

    var hasRoom: Bool { live < Self.capacity }

    subscript(slot: UInt32) -> FlowSlot {
        get { slots[Int(slot)] }
        _modify { yield &slots[Int(slot)] }
    }

    /// The choreography that a flow belongs to.
    func choreography(_ slot: UInt32) -> Choreography { plans.choreographies[Int(slots[Int(slot)].plan)] }
}

// The life of a flow.
extension FlowHost {
    /// Puts a new flow into a slot.
    mutating func open(
        plan: Int, request: UInt64, load: UInt32, key: UInt32, cause: EntryID, at now: Instant
    ) -> UInt32 {
        let slot = FlowSlot(
            flow: Flow(id: request), request: request, cause: cause, startedAt: now, progressedAt: now,
            amount: plans.sampleAmount(plan, using: &amounts[plan]), load: load, key: key, plan: UInt16(plan))
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
        return plans.sampleTransit(plan, using: &transits[plan])
    }

    /// Whether an event is delivered twice.
    mutating func isTwice(_ slot: UInt32) -> Bool {
        let plan = Int(slots[Int(slot)].plan)
        return plans.samplesTwice(plan, using: &transits[plan])
    }

    /// How long to wait until a delivery is made again; nil if it has been made often enough.
    mutating func wait(beforeRedelivery delivery: UInt32) -> Duration? {
        let plan = Int(slots[Int(deliveries[delivery].flow)].plan)
        let (attempt, previous) = (Int(deliveries[delivery].attempt), deliveries[delivery].wait)
        let wait = plans.wait(afterAttempt: attempt, previous: previous, plan, using: &waits[plan])
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
        switch each.flow.phase(under: plans.choreographies[Int(each.plan)]) {
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
        latestEnded.append(FlowView(slots[Int(slot)], choreography(slot)))
        slots[Int(slot)].request = 0
        slots[Int(slot)].records = []
        slots[Int(slot)].nextFree = firstFree
        firstFree = slot
        return true
    }
}
