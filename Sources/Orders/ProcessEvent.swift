public import EventSourcing

/// What a process has done.
public enum ProcessEvent: Hashable, Sendable {
    /// It has sent this, and waits for what comes next.
    case sent(Request, then: OrderProcess.Phase)
    /// It waits for something else.
    case moved(to: OrderProcess.Phase)

    /// What it can send.
    public enum Request: String, CaseIterable, Hashable, Sendable {
        /// Set the order's stock aside.
        case reserveStock
        /// Take the money.
        case charge
        /// The order is paid for.
        case confirmOrder
        /// The order is over.
        case cancelOrder
        /// Give the stock back.
        case releaseStock
        /// Give the money back.
        case refund
    }
}

extension ProcessEvent: StoredEvent {
    /// What kind of event it is: `ProcessSent` or `ProcessMoved`.
    public var type: String {
        switch self {
        case .sent: "ProcessSent"
        case .moved: "ProcessMoved"
        }
    }

    /// The version of the form in which it is written.
    public var schema: Int { 1 }

    /// What it says, as JSON.
    public var data: [UInt8] {
        switch self {
        case .sent(let request, let next): JSONForm.bytes(of: Form(request: request.rawValue, phase: next.rawValue))
        case .moved(let next): JSONForm.bytes(of: Form(request: nil, phase: next.rawValue))
        }
    }

    /// Reads an event.
    public init(_ event: EventData) throws(UnreadableEvent) {
        let form: Form = try JSONForm.form(of: event, among: ["ProcessSent", "ProcessMoved"])
        let phase = OrderProcess.Phase(rawValue: form.phase)
        switch (event.type, phase, form.request.flatMap { Request(rawValue: $0) }) {
        case ("ProcessSent", let phase?, let request?): self = .sent(request, then: phase)
        case ("ProcessMoved", let phase?, _): self = .moved(to: phase)
        default: throw JSONForm.undecodable(event)
        }
    }

    private struct Form: Codable {
        var request: String?
        var phase: String
    }
}
