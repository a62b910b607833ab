public import CQRS
public import EventSourcing
public import Timeline

/// How a command is written when it leaves the process: an envelope whose payload is JSON, `{"order":"o1"}` at least.
extension OrderCommand {
    /// What is written of a command; what its type does not need is left out.
    private struct Form: Encodable {
        var order: String
        var customer: String?
        var lines: [OrderLine]?
        var tracking: String?
        var reason: String?
    }

    /// What it says, as JSON.
    public var payload: [UInt8] {
        var form = Form(order: order)
        switch request {
        case .create(let customer, let lines): (form.customer, form.lines) = (customer, lines)
        case .ship(let tracking): form.tracking = tracking
        case .cancel(let reason): form.reason = reason
        case .confirm, .deliver, .refund: break
        }
        return JSONForm.bytes(of: form)
    }

    /// The command, to be sent. Its sequence is the order's stream: commands about one order keep their order.
    /// - Parameters:
    ///   - id: what it is known by; a command that is sent again has the same one.
    ///   - correlation: what it belongs to.
    ///   - causation: what made somebody send it.
    ///   - issuedAt: when it was first sent.
    ///   - deadline: from when on it must not be executed.
    /// - Throws: a ``SettingError`` if the order's id is too long for a name, or holds control characters.
    public func envelope(
        id: EventID, correlation: EventID? = nil, causation: EventID? = nil, issuedAt: Instant, deadline: Instant? = nil
    ) throws(SettingError) -> CommandEnvelope {
        try CommandEnvelope(
            id: id, type: type, sequence: "\(OrderHandler.category)-\(order)", payload: payload,
            correlation: correlation, causation: causation, issuedAt: issuedAt, deadline: deadline)
    }

    /// Reads a command; fields that nobody knows are passed over, so that a newer sender may say more.
    /// - Throws: what is wrong, and where.
    public init(_ envelope: CommandEnvelope) throws(InvalidOrderCommand) {
        guard Self.types.contains(envelope.type) else { throw .unknownType(envelope.type) }
        do {
            try self.init(type: envelope.type, envelope.payload)
        } catch {
            throw .unreadable(type: envelope.type, JSONForm.problem(error))
        }
    }

    private init(type: String, _ payload: [UInt8]) throws {
        func form<Form: Decodable>(_ form: Form.Type) throws -> Form { try JSONForm.decoded(payload) }
        switch type {
        case "CreateOrder":
            let form = try form(Creation.self)
            self.init(.create(customer: form.customer, lines: form.lines), of: form.order)
        case "ShipOrder":
            let form = try form(Shipment.self)
            self.init(.ship(tracking: form.tracking), of: form.order)
        case "CancelOrder":
            let form = try form(Cancellation.self)
            self.init(.cancel(reason: form.reason), of: form.order)
        case "ConfirmOrder": self.init(.confirm, of: try form(Named.self).order)
        case "DeliverOrder": self.init(.deliver, of: try form(Named.self).order)
        default: self.init(.refund, of: try form(Named.self).order)
        }
    }

    private struct Named: Decodable {
        var order: String
    }

    private struct Creation: Decodable {
        var order: String
        var customer: String
        var lines: [OrderLine]
    }

    private struct Shipment: Decodable {
        var order: String
        var tracking: String
    }

    private struct Cancellation: Decodable {
        var order: String
        var reason: String
    }
}
