/// The rules of a payment's life: which step may follow which.
public struct PaymentLife: Hashable, Sendable {
    /// How far a payment has come.
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

    /// What can happen to a payment.
    public enum Step: UInt8, CaseIterable, Hashable, Sendable {
        /// It is asked for.
        case initiate
        /// The money is taken.
        case process
        /// The money is not taken.
        case fail
        /// All of the money is given back.
        case refund
    }

    /// How far it has come.
    public private(set) var status = Status.none

    /// A payment that does not exist yet.
    public init() {}

    /// A payment that has come so far.
    init(status: Status) {
        self.status = status
    }

    /// Whether a step can be taken now.
    public func answer(to step: Step) -> OrderLife.Answer {
        if status == Self.result(of: step) { return .isDone }
        let isPossible =
            switch step {
            case .initiate: status == .none
            case .process, .fail: status == .initiated
            case .refund: status == .processed
            }
        return isPossible ? .happens : .refused
    }

    /// A step was taken.
    public mutating func take(_ step: Step) {
        status = Self.result(of: step)
    }

    /// Where a step leads.
    private static func result(of step: Step) -> Status {
        switch step {
        case .initiate: .initiated
        case .process: .processed
        case .fail: .failed
        case .refund: .refunded
        }
    }
}
