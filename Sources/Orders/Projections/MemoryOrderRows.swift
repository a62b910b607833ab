public import CQRS
public import EventSourcing

/// The rows of the read model of orders, in memory.
public struct MemoryOrderRows: OrderRows, Hashable, Sendable {
    private var orders: [String: OrderSummary] = [:]
    private var customers: [String: CustomerOrderStats] = [:]
    /// Where the creations of a customer's orders stand in the log, in ascending order.
    private var placed: [String: [Position]] = [:]
    private var orderAt: [Position: String] = [:]
    /// What is set aside, in the order of the log.
    public private(set) var setAside: [SetAsideEvent] = []

    /// No rows.
    public init() {}

    /// An order's row; nil if there is none.
    public func order(_ order: String) -> OrderSummary? { orders[order] }

    /// Puts an order's row in place of a former one.
    public mutating func put(_ order: OrderSummary) {
        if orders[order.order]?.placed != order.placed {
            removeOrder(order.order)
            let places = placed[order.customer] ?? []
            placed[order.customer, default: []].insert(
                order.placed, at: places.lastIndex { $0 < order.placed }.map { $0 + 1 } ?? 0)
            orderAt[order.placed] = order.order
        }
        orders[order.order] = order
    }

    /// Removes an order's row.
    public mutating func removeOrder(_ order: String) {
        guard let former = orders.removeValue(forKey: order) else { return }
        placed[former.customer]?.removeAll { $0 == former.placed }
        orderAt[former.placed] = nil
    }

    /// A customer's row; nil if there is none.
    public func stats(of customer: String) -> CustomerOrderStats? { customers[customer] }

    /// Puts a customer's row in place of a former one.
    public mutating func put(_ stats: CustomerOrderStats) { customers[stats.customer] = stats }

    /// A customer's orders, those that were placed last first.
    public func orders(of customer: String, placedBefore position: Position?, limit: Int) -> [OrderSummary] {
        let places = (placed[customer] ?? []).reversed().drop { place in position.map { place >= $0 } ?? false }
        return places.prefix(max(0, limit)).compactMap { orderAt[$0].flatMap { orders[$0] } }
    }

    /// How many orders of a customer there are.
    public func orderCount(of customer: String) -> Int { placed[customer]?.count ?? 0 }

    /// Puts an event among those that are set aside, in place of one at the same position.
    public mutating func put(_ event: SetAsideEvent) {
        removeSetAside(at: event.event.position)
        let place = setAside.lastIndex { $0.event.position < event.event.position }.map { $0 + 1 } ?? 0
        setAside.insert(event, at: place)
    }

    /// Takes an event out of those that are set aside.
    public mutating func removeSetAside(at position: Position) {
        setAside.removeAll { $0.event.position == position }
    }

    /// The first event of a sequence that waits; nil if none does.
    public func firstWaiting(of sequence: SequenceKey) -> SetAsideEvent? {
        setAside.first { $0.waits && $0.sequence == sequence }
    }

    /// The sequences that wait, by their first events.
    var waiting: [QuarantinedSequence] {
        var rows: [QuarantinedSequence] = []
        var counts: [SequenceKey: Int] = [:]
        for event in setAside where event.waits { counts[event.sequence, default: 0] += 1 }
        for event in setAside where event.waits {
            guard let letters = counts.removeValue(forKey: event.sequence) else { continue }
            rows.append(QuarantinedSequence(sequence: event.sequence, head: event.event.position, letters: letters))
        }
        return rows
    }
}
