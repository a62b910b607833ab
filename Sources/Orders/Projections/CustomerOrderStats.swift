public import EventSourcing
public import Timeline

/// A row of the read model: what a customer's orders come to.
///
/// Orders of one customer are different streams, whose events may come in another order than in the log where one of them
/// was set aside and replayed. Everything here comes to the same in any order.
public struct CustomerOrderStats: Hashable, Sendable {
    /// Which customer.
    public let customer: String
    /// How many orders were placed.
    public var orders: Int64 = 0
    /// How many of them were cancelled.
    public var cancelled: Int64 = 0
    /// For how many of them the money was given back.
    public var refunded: Int64 = 0
    /// What was paid, without what was given back, in cents.
    public var spent: Int64 = 0
    /// The order that was placed last; nil before the first.
    public var last: Last?

    /// The order that a customer has placed last.
    public struct Last: Hashable, Sendable {
        /// Which order.
        public let order: String
        /// Where its creation stands in the log.
        public let placed: Position
        /// When that was recorded.
        public let at: Instant

        /// An order that was placed last.
        public init(order: String, placed: Position, at: Instant) {
            self.order = order
            self.placed = placed
            self.at = at
        }
    }

    /// A customer without orders.
    public init(customer: String) {
        self.customer = customer
    }

    /// Takes in an event of one of the customer's orders.
    /// - Parameters:
    ///   - event: what has happened.
    ///   - order: the order's row after it.
    public mutating func take(_ event: OrderEvent, of order: OrderSummary) {
        switch event {
        case .created:
            orders = orders.plus(1)
            if last.map({ $0.placed < order.placed }) ?? true {
                last = Last(order: order.order, placed: order.placed, at: order.placedAt)
            }
        case .confirmed: spent = spent.plus(order.total)
        case .shipped, .delivered: break
        case .cancelled: cancelled = cancelled.plus(1)
        case .refunded(let amount, _):
            refunded = refunded.plus(1)
            spent = spent.plus(amount == .min ? .max : -amount)
        }
    }

    /// What tells the results of queries that depend on a row; see ``CQRS/QueryResult/tags``.
    static func tag(_ customer: String) -> String { "customer:\(customer)" }
}
