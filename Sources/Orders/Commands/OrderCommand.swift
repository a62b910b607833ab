import Timeline

/// What somebody asks of an order, as it is before anything has been looked up or decided.
///
/// The order's id is chosen by whoever asks: so a creation that is sent twice is one order, and its sender knows its id
/// whatever becomes of the answer.
public struct OrderCommand: Hashable, Sendable {
    /// Which order.
    public let order: String
    /// What is to become of it.
    public let request: Request

    /// What can be asked.
    public enum Request: Hashable, Sendable {
        /// Create it, for a customer, of these lines. What it costs is nobody's to say but the shop's.
        case create(customer: String, lines: [OrderLine])
        /// It is paid for.
        case confirm
        /// It is on its way, under a number.
        case ship(tracking: String)
        /// It has arrived.
        case deliver
        /// Let it be over.
        case cancel(reason: String)
        /// Give the money back.
        case refund
    }

    /// A request about an order; see ``check()``.
    public init(_ request: Request, of order: String) {
        self.request = request
        self.order = order
    }

    /// The types of all commands about orders.
    public static let types = [
        "CreateOrder", "ConfirmOrder", "ShipOrder", "DeliverOrder", "CancelOrder", "RefundOrder",
    ]

    /// What kind of command it is, such as `CreateOrder`.
    public var type: String {
        switch request {
        case .create: "CreateOrder"
        case .confirm: "ConfirmOrder"
        case .ship: "ShipOrder"
        case .deliver: "DeliverOrder"
        case .cancel: "CancelOrder"
        case .refund: "RefundOrder"
        }
    }

    /// Checks what can be known of the command without looking anything up.
    /// - Throws: the first thing that is wrong with it.
    public func check() throws(InvalidOrderCommand) {
        try Self.checkName("order", order)
        switch request {
        case .create(let customer, let lines):
            try Self.checkName("customer", customer)
            do throws(Pricing.Refusal) { try Pricing.check(lines) } catch { throw .lines(error) }
        case .ship(let tracking): try Self.checkName("tracking", tracking)
        case .confirm, .deliver, .cancel, .refund: break
        }
    }

    /// The longest id of an order, customer or parcel, in bytes: with its category before it, it still names a stream.
    public static let nameLimit = 200

    private static func checkName(_ field: String, _ text: String) throws(InvalidOrderCommand) {
        guard !text.isEmpty else { throw .missing(field) }
        guard text.utf8.count <= nameLimit, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            let allowed = "1 to \(nameLimit) bytes without control characters"
            throw .badName(SettingError(field, given: "\"\(text)\"", allowed: allowed))
        }
    }
}
