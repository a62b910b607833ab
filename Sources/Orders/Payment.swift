public import EventSourcing
public import Timeline

/// A payment, from its beginning to its end; what is given back never exceeds what was taken.
public struct Payment: Aggregate {
    /// How far it has come.
    public enum Status: String, Codable, CaseIterable, Hashable, Sendable {
        /// It does not exist.
        case none
        /// It was asked for, and nobody knows yet what comes of it.
        case initiated
        /// The money was taken.
        case processed
        /// The money was not taken, and will not be.
        case failed
        /// All of the money was given back.
        case refunded
    }

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

    /// How far it has come.
    public private(set) var status = Status.none
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

    /// What happens if this is asked now; nothing if it is done already.
    public func decide(_ command: Command, at now: Instant) throws(Refusal) -> [PaymentEvent] {
        switch command {
        case .initiate(let order, let amount):
            if status != .none, self.order == order, self.amount == amount { return [] }
            guard status == .none else { throw .existsAlready }
            guard !order.isEmpty, amount > 0 else { throw .nothingToPay }
            return [.initiated(order: order, amount: amount, at: now)]
        case .process(let number):
            if status == .processed, reference == number { return [] }
            guard status == .initiated else { throw .notPossible(in: status) }
            return [.processed(reference: number, at: now)]
        case .fail(let reason):
            if status == .failed { return [] }
            guard status == .initiated else { throw .notPossible(in: status) }
            return [.failed(reason: reason, at: now)]
        case .refund(let cents):
            guard status == .processed else { throw .notPossible(in: status) }
            let left = amount - refunded
            guard cents > 0, cents <= left else { throw .refundOutOfRange(asked: cents, left: left) }
            return [.refunded(amount: cents, at: now)]
        }
    }

    /// Something has happened.
    public mutating func evolve(_ event: PaymentEvent) {
        switch event {
        case .initiated(let order, let amount, _):
            status = .initiated
            self.order = order
            self.amount = amount
        case .processed(let number, _):
            status = .processed
            reference = number
        case .failed: status = .failed
        case .refunded(let cents, _):
            // Events of a foreign store may say anything.
            refunded = min(amount, refunded + min(cents, amount))
            if refunded == amount { status = .refunded }
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
        status = form.status
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
