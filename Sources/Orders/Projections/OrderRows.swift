public import CQRS
public import EventSourcing

/// The rows of one version of the read model of orders, as a transaction sees them.
///
/// Whoever keeps them, in memory or on disk, only keeps them: what an event does to them is for ``OrderProjection`` to say.
/// Every method may fail as its keeper does; then the transaction has to be undone.
public protocol OrderRows {
    /// An order's row; nil if there is none.
    mutating func order(_ order: String) throws -> OrderSummary?

    /// Puts an order's row in place of a former one.
    mutating func put(_ order: OrderSummary) throws

    /// Removes an order's row.
    mutating func removeOrder(_ order: String) throws

    /// A customer's row; nil if there is none.
    mutating func stats(of customer: String) throws -> CustomerOrderStats?

    /// Puts a customer's row in place of a former one.
    mutating func put(_ stats: CustomerOrderStats) throws

    /// A customer's orders, those that were placed last first.
    /// - Parameters:
    ///   - customer: whose.
    ///   - position: only orders that were placed before this; nil for all.
    ///   - limit: how many at most.
    mutating func orders(of customer: String, placedBefore position: Position?, limit: Int) throws -> [OrderSummary]

    /// How many orders of a customer there are.
    mutating func orderCount(of customer: String) throws -> Int

    /// Puts an event among those that are set aside, in place of one at the same position.
    mutating func put(_ event: SetAsideEvent) throws

    /// Takes an event out of those that are set aside.
    mutating func removeSetAside(at position: Position) throws

    /// The first event of a sequence that waits; nil if none does.
    mutating func firstWaiting(of sequence: SequenceKey) throws -> SetAsideEvent?
}
