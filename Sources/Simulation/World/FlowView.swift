public import Sagas
public import Timeline

/// All that can be seen of one flow of a choreography.
public struct FlowView: Sendable {
    /// The request that began it.
    public let request: UInt64
    /// Which choreography of the plan it is.
    public let plan: Int
    /// Its events as they count.
    public let flow: Flow
    /// What it is doing, or how it ended.
    public let phase: Flow.Phase
    /// How it stands.
    public let standing: FlowStanding
    /// Whether something has failed, or has not come in time.
    public let hasTurnedBack: Bool
    /// When it began.
    public let startedAt: Instant
    /// When it got further for the last time, or ended.
    public let progressedAt: Instant
    /// What it is about, in cents.
    public let amount: Int64
    /// How often an event was delivered again.
    public let redeliveries: Int
    /// Deliveries and calls on their way.
    public let underWay: Int
    /// What was written down about its events, oldest first.
    public let records: [FlowRecord]

    init(_ slot: FlowSlot, _ choreography: Choreography) {
        request = slot.request
        plan = Int(slot.plan)
        flow = slot.flow
        phase = slot.flow.phase(under: choreography)
        hasTurnedBack = slot.hasTurnedBack
        standing = slot.standing
        startedAt = slot.startedAt
        progressedAt = slot.progressedAt
        amount = slot.amount
        redeliveries = Int(slot.redeliveries)
        underWay = Int(slot.underWay)
        records = slot.records
    }
}

extension FlowView {
    /// The flow as a history: who told whom what.
    public func history(_ plan: Plan) -> FlowHistory {
        let each = plan.choreographies[self.plan]
        return FlowHistory(
            records.map { record in
                FlowHistory.Record(
                    id: record.event.id, cause: record.event.cause,
                    type: each.choreography.events[record.event.type].name,
                    participant: each.name(of: record.publisher),
                    receiver: record.receiver.map { each.choreography.policies[$0].participant }, at: record.at,
                    outcome: record.outcome)
            })
    }
}

extension ChoreographyPlan {
    /// Who publishes, in a word.
    fileprivate func name(of publisher: FlowRecord.Publisher) -> String {
        switch publisher {
        case .outside: "customer"
        case .policy(let policy): choreography.policies[policy].participant
        case .watchdog: "watchdog"
        }
    }
}

extension World {
    /// How the flows of each choreography stand.
    public var flowTallies: [FlowTally] { flows.tallies }

    /// The flows that have not ended, or of which something is still on its way, in no particular order.
    public var flowRows: [FlowRow] { flows.rows }

    /// The flow of a row as it stands now; nil if it is forgotten.
    public func flow(_ row: FlowRow) -> FlowView? {
        guard Int(row.slot) < flows.slotCount, flows[row.slot].request == row.request else {
            return flow(ofRequest: row.request)
        }
        return FlowView(flows[row.slot], flows.choreography(row.slot))
    }

    /// The latest flows that have ended, oldest first.
    public var endedFlows: [FlowView] { flows.ended }

    /// The flow that a request has begun; nil if there is none, or it is forgotten.
    public func flow(ofRequest request: UInt64) -> FlowView? {
        guard request != 0 else { return nil }
        if let slot = flows.slot(of: request) { return FlowView(flows[slot], flows.choreography(slot)) }
        return flows.ended.last { $0.request == request }
    }
}

/// A flow in one line of a list that may have very many.
public struct FlowRow: Hashable, Sendable {
    /// The request that began it.
    public let request: UInt64
    /// When it began.
    public let startedAt: Instant
    /// When it got further for the last time, or ended.
    public let progressedAt: Instant
    /// Where it stands, to find it again.
    let slot: UInt32
    /// Which choreography of the plan it is.
    public let plan: UInt16
    /// How often an event was delivered again.
    public let redeliveries: UInt16
    /// How it stands.
    public let standing: FlowStanding

    init(_ flow: borrowing FlowSlot, at slot: UInt32) {
        request = flow.request
        startedAt = flow.startedAt
        progressedAt = flow.progressedAt
        self.slot = slot
        plan = flow.plan
        redeliveries = flow.redeliveries
        standing = flow.standing
    }

    /// The row of a flow that has been looked at.
    public init(_ flow: FlowView) {
        request = flow.request
        startedAt = flow.startedAt
        progressedAt = flow.progressedAt
        slot = .max
        plan = UInt16(clamping: flow.plan)
        redeliveries = UInt16(clamping: flow.redeliveries)
        standing = flow.standing
    }
}
