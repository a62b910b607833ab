public import EventSourcing
public import Timeline

/// What can happen to an order.
public enum OrderEvent: Hashable, Sendable {
    /// It exists now.
    case created(Created)
    /// It is paid for.
    case confirmed(at: Instant)
    /// It is on its way, under a number.
    case shipped(tracking: String, at: Instant)
    /// It has arrived.
    case delivered(at: Instant)
    /// It is over, for a reason.
    case cancelled(reason: String, at: Instant)
    /// So many cents were given back.
    case refunded(amount: Int64, at: Instant)

    /// An order as it was created.
    public struct Created: Hashable, Sendable {
        /// For whom.
        public let customer: String
        /// What it consists of, and what it costs.
        public let quote: Pricing.Quote
        /// When.
        public let at: Instant

        /// An order as it was created.
        public init(customer: String, quote: Pricing.Quote, at: Instant) {
            self.customer = customer
            self.quote = quote
            self.at = at
        }
    }
}

extension OrderEvent: StoredEvent {
    /// The types of all events of an order.
    public static let types = [
        "OrderCreated", "OrderConfirmed", "OrderShipped", "OrderDelivered", "OrderCancelled", "OrderRefunded",
    ]

    /// What kind of event it is.
    public var type: String {
        switch self {
        case .created: "OrderCreated"
        case .confirmed: "OrderConfirmed"
        case .shipped: "OrderShipped"
        case .delivered: "OrderDelivered"
        case .cancelled: "OrderCancelled"
        case .refunded: "OrderRefunded"
        }
    }

    /// The version of the form in which it is written.
    public var schema: Int { 1 }

    /// What it says, as JSON.
    public var data: [UInt8] { JSONForm.bytes(of: form) }

    /// Reads an event.
    public init(_ event: EventData) throws(UnreadableEvent) {
        let form: Form = try JSONForm.form(of: event, among: Self.types)
        guard let read = Self(event.type, form) else { throw JSONForm.undecodable(event) }
        self = read
    }

    /// What is written of an event; what it does not say is left out.
    private struct Form: Codable {
        var at: Int64
        var customer: String?
        var quote: Pricing.Quote?
        var tracking: String?
        var reason: String?
        var amount: Int64?
    }

    private var form: Form {
        switch self {
        case .created(let created):
            Form(at: created.at.nanoseconds, customer: created.customer, quote: created.quote)
        case .confirmed(let at), .delivered(let at): Form(at: at.nanoseconds)
        case .shipped(let tracking, let at): Form(at: at.nanoseconds, tracking: tracking)
        case .cancelled(let reason, let at): Form(at: at.nanoseconds, reason: reason)
        case .refunded(let amount, let at): Form(at: at.nanoseconds, amount: amount)
        }
    }

    /// The event of a type that says this; nil if something is missing.
    private init?(_ type: String, _ form: Form) {
        let at = Instant(nanoseconds: form.at)
        switch (type, form.customer, form.quote, form.tracking, form.reason, form.amount) {
        case ("OrderCreated", let customer?, let quote?, _, _, _):
            self = .created(Created(customer: customer, quote: quote, at: at))
        case ("OrderConfirmed", _, _, _, _, _): self = .confirmed(at: at)
        case ("OrderShipped", _, _, let tracking?, _, _): self = .shipped(tracking: tracking, at: at)
        case ("OrderDelivered", _, _, _, _, _): self = .delivered(at: at)
        case ("OrderCancelled", _, _, _, let reason?, _): self = .cancelled(reason: reason, at: at)
        case ("OrderRefunded", _, _, _, _, let amount?): self = .refunded(amount: amount, at: at)
        default: return nil
        }
    }
}
