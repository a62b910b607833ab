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
        let parts = name.split(separator: "#", omittingEmptySubsequences: false)
        if parts.count == 2, let request = UInt64(parts[1]), request > 0 {
            return (try choreography(String(parts[0]), at: offset), .one(request: request))
        }
        let choreography = try choreography(name, at: offset)
        let word = try reader.text("a number as in \(name)#17, or a standing such as orphaned")
        guard let standing = FlowOrder.Standing(rawValue: word.text) else {
            let known = FlowOrder.Standing.allCases.map(\.rawValue)
            throw names.unknown(word.text, among: known, at: word.offset, "standing")
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
        case .one(let request): text += "\(choreography.name)#\(request)".asName
        case .all(let standing): text += "\(choreography.name.asName) \(standing.rawValue)"
        }
        return reason.isEmpty ? text : "\(text) because \(reason.inQuotes)"
    }
}
