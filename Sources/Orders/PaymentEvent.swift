public import EventSourcing
public import Timeline

/// What can happen to a payment.
public enum PaymentEvent: Hashable, Sendable {
    /// It was asked for: for an order, and so many cents.
    case initiated(order: String, amount: Int64, at: Instant)
    /// The money was taken, under the provider's number.
    case processed(reference: String, at: Instant)
    /// The money was not taken, for a reason.
    case failed(reason: String, at: Instant)
    /// So many cents were given back.
    case refunded(amount: Int64, at: Instant)
}

extension PaymentEvent: StoredEvent {
    /// The types of all events of a payment.
    public static let types = ["PaymentInitiated", "PaymentProcessed", "PaymentFailed", "PaymentRefunded"]

    /// What kind of event it is.
    public var type: String {
        switch self {
        case .initiated: "PaymentInitiated"
        case .processed: "PaymentProcessed"
        case .failed: "PaymentFailed"
        case .refunded: "PaymentRefunded"
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
        var order: String?
        var amount: Int64?
        var reference: String?
        var reason: String?
    }

    private var form: Form {
        switch self {
        case .initiated(let order, let amount, let at): Form(at: at.nanoseconds, order: order, amount: amount)
        case .processed(let reference, let at): Form(at: at.nanoseconds, reference: reference)
        case .failed(let reason, let at): Form(at: at.nanoseconds, reason: reason)
        case .refunded(let amount, let at): Form(at: at.nanoseconds, amount: amount)
        }
    }

    /// The event of a type that says this; nil if something is missing.
    private init?(_ type: String, _ form: Form) {
        let at = Instant(nanoseconds: form.at)
        switch (type, form.order, form.amount, form.reference, form.reason) {
        case ("PaymentInitiated", let order?, let amount?, _, _):
            self = .initiated(order: order, amount: amount, at: at)
        case ("PaymentProcessed", _, _, let reference?, _): self = .processed(reference: reference, at: at)
        case ("PaymentFailed", _, _, _, let reason?): self = .failed(reason: reason, at: at)
        case ("PaymentRefunded", _, let amount?, _, _): self = .refunded(amount: amount, at: at)
        default: return nil
        }
    }
}
