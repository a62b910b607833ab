public import EventSourcing
public import Timeline

/// An order, from its creation to its end.
///
/// Its state is no more than its decisions need; what it consists of is in its events, for read models to show.
public struct Order: Aggregate {
    /// How far it has come.
    public typealias Status = OrderLife.Status

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

    /// How far it has come, and what can still come.
    public private(set) var life = OrderLife()
    /// What it costs, in cents.
    public private(set) var total: Int64 = 0
    /// Under which number it is on its way.
    public private(set) var tracking: String?

    /// An order that does not exist yet.
    public init() {}

    /// How far it has come.
    public var status: Status { life.status }

    /// What happens if this is asked now; nothing if it is done already.
    public func decide(_ command: Command, at now: Instant) throws(Refusal) -> [OrderEvent] {
        switch life.answer(to: command.step) {
        case .refused: throw command.step == .create ? .existsAlready : .notPossible(in: status)
        case .isDone:
            if case .ship(let number) = command, number != tracking { throw .notPossible(in: status) }
            return []
        case .happens: return [try event(of: command, at: now)]
        }
    }

    private func event(of command: Command, at now: Instant) throws(Refusal) -> OrderEvent {
        switch command {
        case .create(let customer, let quote):
            guard !customer.isEmpty else { throw .noCustomer }
            return .created(OrderEvent.Created(customer: customer, quote: quote, at: now))
        case .confirm: return .confirmed(at: now)
        case .ship(let number): return .shipped(tracking: number, at: now)
        case .deliver: return .delivered(at: now)
        case .cancel(let reason): return .cancelled(reason: reason, at: now)
        case .refund: return .refunded(amount: total, at: now)
        }
    }

    /// Something has happened.
    public mutating func evolve(_ event: OrderEvent) {
        life.take(event.step)
        switch event {
        case .created(let created): total = created.quote.total
        case .shipped(let number, _): tracking = number
        case .confirmed, .delivered, .cancelled, .refunded: break
        }
    }
}

extension Order.Command {
    /// The step of an order's life that it asks for.
    var step: OrderLife.Step {
        switch self {
        case .create: .create
        case .confirm: .confirm
        case .ship: .ship
        case .deliver: .deliver
        case .cancel: .cancel
        case .refund: .refund
        }
    }
}

extension OrderEvent {
    /// The step of an order's life that has been taken.
    var step: OrderLife.Step {
        switch self {
        case .created: .create
        case .confirmed: .confirm
        case .shipped: .ship
        case .delivered: .deliver
        case .cancelled: .cancel
        case .refunded: .refund
        }
    }
}

extension Order {
    /// The version of the form in which its state is written.
    public static var snapshotSchema: Int { 1 }

    /// Its state, as JSON.
    public var snapshotData: [UInt8] {
        JSONForm.bytes(of: Form(status: status, total: total, isPaid: life.isPaid, tracking: tracking))
    }

    /// Reads a state; nil if these bytes are none.
    public init?(snapshotData: [UInt8]) {
        guard let form: Form = JSONForm.value(snapshotData) else { return nil }
        life = OrderLife(status: form.status, isPaid: form.isPaid)
        total = form.total
        tracking = form.tracking
    }

    private struct Form: Codable {
        var status: Status
        var total: Int64
        var isPaid: Bool
        var tracking: String?
    }
}
