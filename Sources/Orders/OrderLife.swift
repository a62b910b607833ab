/// The rules of an order's life: which step may follow which, whatever the order consists of.
public struct OrderLife: Hashable, Sendable {
    /// How far an order has come.
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

    /// What can happen to an order.
    public enum Step: UInt8, CaseIterable, Hashable, Sendable {
        /// It comes into being.
        case create
        /// It is paid for.
        case confirm
        /// It is sent on its way.
        case ship
        /// It arrives.
        case deliver
        /// It is over, before it is on its way.
        case cancel
        /// The money is given back, for an order that was paid for and then cancelled, or that came back.
        case refund
    }

    /// Whether a step can be taken.
    public enum Answer: Hashable, Sendable {
        /// It can.
        case happens
        /// It was taken before.
        case isDone
        /// It cannot, now or ever.
        case refused
    }

    /// How far it has come.
    public private(set) var status = Status.none
    /// Whether it was ever paid for.
    public private(set) var isPaid = false

    /// An order that does not exist yet.
    public init() {}

    /// An order that has come so far.
    init(status: Status, isPaid: Bool) {
        self.status = status
        self.isPaid = isPaid
    }

    /// Whether a step can be taken now.
    public func answer(to step: Step) -> Answer {
        let result = Self.result(of: step)
        if status == result { return step == .create ? .refused : .isDone }
        let isPossible =
            switch step {
            case .create: status == .none
            case .confirm: status == .pending
            case .ship: status == .confirmed
            case .deliver: status == .shipped
            case .cancel: status == .pending || status == .confirmed
            case .refund: isPaid && (status == .cancelled || status == .delivered)
            }
        return isPossible ? .happens : .refused
    }

    /// A step was taken.
    public mutating func take(_ step: Step) {
        status = Self.result(of: step)
        if step == .confirm { isPaid = true }
    }

    /// Where a step leads.
    private static func result(of step: Step) -> Status {
        switch step {
        case .create: .pending
        case .confirm: .confirmed
        case .ship: .shipped
        case .deliver: .delivered
        case .cancel: .cancelled
        case .refund: .refunded
        }
    }
}
