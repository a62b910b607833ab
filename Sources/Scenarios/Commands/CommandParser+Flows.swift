import Sagas
public import Simulation

extension CommandParser {
    /// Reads what follows `flow`.
    mutating func flowOrder() throws(SyntaxProblem) -> Command {
        let word = try reader.text("what to do with a flow")
        guard let deed = FlowOrder.Deed(rawValue: word.text) else {
            throw names.unknown(word.text, among: FlowOrder.Deed.allCases.map(\.rawValue), at: word.offset, "deed")
        }
        let (choreography, selection) = try flows()
        let reason = reader.take(word: "because") ? try reader.quoted("a reason") : ""
        return .orderFlows(
            FlowOrderLine(
                order: FlowOrder(deed, plan: choreography.index, selection), choreography: choreography, reason: reason)
        )
    }

    /// Reads `place-order#17`, or `place-order orphaned`.
    private mutating func flows() throws(SyntaxProblem) -> (PlanName, FlowOrder.Selection) {
        let (name, offset) = try reader.name("a flow, such as \(names.choreographies.first ?? "place-order")#17")
        if let flow = NumberedName(name) {
            return (try choreography(flow.name, at: offset), .one(request: flow.request))
        }
        let choreography = try choreography(name, at: offset)
        let word = try reader.text("a number as in \(name)#17, or a standing such as orphaned")
        if word.text == FlowOrder.everyStanding { return (choreography, .all(nil)) }
        guard let standing = FlowStanding(rawValue: word.text), !standing.isOver else {
            throw names.unknown(word.text, among: FlowOrder.standings, at: word.offset, "standing")
        }
        return (choreography, .all(standing))
    }

    private func choreography(_ name: String, at offset: Int) throws(SyntaxProblem) -> PlanName {
        try names.find(name, among: names.choreographies, at: offset, "choreography")
    }
}

/// An order for flows with the name of their choreography, and why it is given.
public struct FlowOrderLine: Hashable, Sendable {
    /// The order.
    public let order: FlowOrder
    /// The choreography of the plan.
    public let choreography: PlanName
    /// Why; empty if nothing was said.
    public let reason: String

    /// The line: `flow resend place-order orphaned because "shipping listens again"`.
    public var text: String {
        var text = "flow \(order.deed.rawValue) "
        switch order.selection {
        case .one(let request): text += NumberedName(choreography.name, request).text
        case .all(let standing):
            text += "\(choreography.name.asName) \(standing?.rawValue ?? FlowOrder.everyStanding)"
        }
        return reason.isEmpty ? text : "\(text) because \(reason.inQuotes)"
    }
}

extension FlowOrder {
    /// How an order says that it means all flows that have not ended.
    static let everyStanding = "all"

    /// The words by which an order says which flows it means.
    static let standings = [everyStanding] + FlowStanding.underWay.map(\.rawValue)
}

extension FlowOrderLine {
    /// An order with the name that a plan has for its choreography; nil if the plan has none.
    public init?(_ order: FlowOrder, in plan: Plan, reason: String = "") {
        guard plan.choreographies.indices.contains(order.plan) else { return nil }
        let name = plan.choreographies[order.plan].choreography.name
        self.init(order: order, choreography: PlanName(index: order.plan, name: name), reason: reason)
    }
}

extension FlowOrder.Deed {
    /// What it does.
    var meaning: String {
        switch self {
        case .resend: "events that did not reach a subscriber, or that it could not deal with, are delivered again"
        case .resume: "a flow that is parked goes on, for as many hops again"
        case .close: "the flow ends as it stands, and takes back nothing"
        }
    }
}
