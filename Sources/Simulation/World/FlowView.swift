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
    /// Whether something has failed, or has not come in time.
    public let hasTurnedBack: Bool
    /// Whether nothing can move it any more but an operator, though it has not ended.
    public let isOrphaned: Bool
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
        isOrphaned = slot.counted == .orphaned
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

    /// The flows that have not ended, or of which something is still on its way, oldest first.
    public var flowsUnderWay: [FlowView] {
        flows.slotsInUse.map { FlowView(flows[$0], flows.choreography($0)) }.sorted { $0.request < $1.request }
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
