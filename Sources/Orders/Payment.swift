public import EventSourcing
public import Timeline

/// A payment, from its beginning to its end; what is given back never exceeds what was taken.
public struct Payment: Aggregate {
    /// How far it has come.
    public typealias Status = PaymentLife.Status

    /// What can be asked of a payment.
    public enum Command: Hashable, Sendable {
        /// Begin, for an order and an amount in cents.
        case initiate(order: String, amount: Int64)
        /// The money was taken, under the provider's number.
        case process(reference: String)
        /// The money was not taken.
        case fail(reason: String)
        /// Give back so many cents.
        case refund(amount: Int64)
    }

    /// Why a payment refuses.
    public enum Refusal: Error, Hashable, Sendable {
        /// There is one already, and it is another one.
        case existsAlready
        /// It must be for an order, and for 1 cent or more.
        case nothingToPay
        /// It is not in a state in which this can be asked.
        case notPossible(in: Status)
        /// So much is not left to give back, in cents; it must be 1 or more.
        case refundOutOfRange(asked: Int64, left: Int64)
    }

    /// How far it has come, and what can still come.
    public private(set) var life = PaymentLife()
    /// The order that it is for.
    public private(set) var order = ""
    /// What it is about, in cents.
    public private(set) var amount: Int64 = 0
    /// What was given back, in cents.
    public private(set) var refunded: Int64 = 0
    /// The provider's number.
    public private(set) var reference: String?

    /// A payment that does not exist yet.
    public init() {}

    /// How far it has come.
    public var status: Status { life.status }

    /// What happens if this is asked now; nothing if it is done already.
    public func decide(_ command: Command, at now: Instant) throws(Refusal) -> [PaymentEvent] {
        if isDone(command) { return [] }
        switch command {
        case .initiate(let order, let amount):
            guard life.answer(to: .initiate) == .happens else { throw .existsAlready }
            guard !order.isEmpty, amount > 0 else { throw .nothingToPay }
            return [.initiated(order: order, amount: amount, at: now)]
        case .process(let number):
            guard life.answer(to: .process) == .happens else { throw .notPossible(in: status) }
            return [.processed(reference: number, at: now)]
        case .fail(let reason):
            guard life.answer(to: .fail) == .happens else { throw .notPossible(in: status) }
            return [.failed(reason: reason, at: now)]
        case .refund(let cents):
            guard life.answer(to: .refund) == .happens else { throw .notPossible(in: status) }
            let left = amount - refunded
            guard cents > 0, cents <= left else { throw .refundOutOfRange(asked: cents, left: left) }
            return [.refunded(amount: cents, at: now)]
        }
    }

    /// Whether just this was done before.
    private func isDone(_ command: Command) -> Bool {
        switch command {
        case .initiate(let order, let amount): status != .none && self.order == order && self.amount == amount
        case .process(let number): status == .processed && reference == number
        case .fail: status == .failed
        case .refund: false
        }
    }

    /// Something has happened.
    public mutating func evolve(_ event: PaymentEvent) {
        switch event {
        case .initiated(let order, let amount, _):
            life.take(.initiate)
            self.order = order
            self.amount = amount
        case .processed(let number, _):
            life.take(.process)
            reference = number
        case .failed: life.take(.fail)
        case .refunded(let cents, _):
            // Events of a foreign store may say anything.
            refunded = min(amount, refunded + max(0, min(cents, amount)))
            if refunded == amount { life.take(.refund) }
        }
    }
}

extension Payment {
    /// The version of the form in which its state is written.
    public static var snapshotSchema: Int { 1 }

    /// Its state, as JSON.
    public var snapshotData: [UInt8] {
        JSONForm.bytes(
            of: Form(status: status, order: order, amount: amount, refunded: refunded, reference: reference))
    }

    /// Reads a state; nil if these bytes are none.
    public init?(snapshotData: [UInt8]) {
        guard let form: Form = JSONForm.value(snapshotData) else { return nil }
        life = PaymentLife(status: form.status)
        order = form.order
        amount = form.amount
        refunded = form.refunded
        reference = form.reference
    }

    private struct Form: Codable {
        var status: Status
        var order: String
        var amount: Int64
        var refunded: Int64
        var reference: String?
    }
}
