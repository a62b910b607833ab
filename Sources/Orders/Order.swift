public import EventSourcing
public import Timeline

/// An order, from its creation to its end.
///
/// Its state is no more than its decisions need; what it consists of is in its events, for read models to show.
public struct Order: Aggregate {
    /// How far it has come.
    public enum Status: String, Codable, CaseIterable, Hashable, Sendable {
        /// It does not exist.
        case none
        /// It was created, and is not paid for.
        case pending
        /// It is paid for.
        case confirmed
        /// It is on its way.
        case shipped
        /// It has arrived.
        case delivered
        /// It was cancelled.
        case cancelled
        /// The money was given back.
        case refunded
    }

    /// What can be asked of an order.
    public enum Command: Hashable, Sendable {
        /// Let it exist, for a customer and at a price.
        case create(customer: String, Pricing.Quote)
        /// It is paid for.
        case confirm
        /// It is on its way, under a number.
        case ship(tracking: String)
        /// It has arrived.
        case deliver
        /// Let it be over, before it is on its way.
        case cancel(reason: String)
        /// Give the money back, for an order that was paid for and then cancelled, or that came back.
        case refund
    }

    /// Why an order refuses.
    public enum Refusal: Error, Hashable, Sendable {
        /// There is one already, and it is another one.
        case existsAlready
        /// Nobody is named for whom it is.
        case noCustomer
        /// It is not in a state in which this can be asked.
        case notPossible(in: Status)
    }

    /// How far it has come.
    public private(set) var status = Status.none
    /// What it costs, in cents.
    public private(set) var total: Int64 = 0
    /// Whether it was ever paid for.
    public private(set) var isPaid = false
    /// Under which number it is on its way.
    public private(set) var tracking: String?

    /// An order that does not exist yet.
    public init() {}

    /// What happens if this is asked now; nothing if it is done already.
    public func decide(_ command: Command, at now: Instant) throws(Refusal) -> [OrderEvent] {
        switch command {
        case .create(let customer, let quote):
            guard status == .none else { throw .existsAlready }
            guard !customer.isEmpty else { throw .noCustomer }
            return [.created(OrderEvent.Created(customer: customer, quote: quote, at: now))]
        case .confirm:
            if status == .confirmed { return [] }
            try check(.pending)
            return [.confirmed(at: now)]
        case .ship(let number):
            if status == .shipped, tracking == number { return [] }
            try check(.confirmed)
            return [.shipped(tracking: number, at: now)]
        case .deliver:
            if status == .delivered { return [] }
            try check(.shipped)
            return [.delivered(at: now)]
        case .cancel(let reason):
            if status == .cancelled { return [] }
            try check(.pending, .confirmed)
            return [.cancelled(reason: reason, at: now)]
        case .refund:
            if status == .refunded { return [] }
            guard isPaid else { throw .notPossible(in: status) }
            try check(.cancelled, .delivered)
            return [.refunded(amount: total, at: now)]
        }
    }

    private func check(_ possible: Status...) throws(Refusal) {
        guard possible.contains(status) else { throw .notPossible(in: status) }
    }

    /// Something has happened.
    public mutating func evolve(_ event: OrderEvent) {
        switch event {
        case .created(let created):
            status = .pending
            total = created.quote.total
        case .confirmed:
            status = .confirmed
            isPaid = true
        case .shipped(let number, _):
            status = .shipped
            tracking = number
        case .delivered: status = .delivered
        case .cancelled: status = .cancelled
        case .refunded: status = .refunded
        }
    }
}

extension Order {
    /// The version of the form in which its state is written.
    public static var snapshotSchema: Int { 1 }

    /// Its state, as JSON.
    public var snapshotData: [UInt8] {
        JSONForm.bytes(of: Form(status: status, total: total, isPaid: isPaid, tracking: tracking))
    }

    /// Reads a state; nil if these bytes are none.
    public init?(snapshotData: [UInt8]) {
        guard let form: Form = JSONForm.value(snapshotData) else { return nil }
        status = form.status
        total = form.total
        isPaid = form.isPaid
        tracking = form.tracking
    }

    private struct Form: Codable {
        var status: Status
        var total: Int64
        var isPaid: Bool
        var tracking: String?
    }
}
