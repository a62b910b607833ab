import CQRS
public import EventSourcing

/// What events do to the read model of orders: to the ``OrderSummary`` of the order and to the ``CustomerOrderStats`` of
/// its customer, which change together.
///
/// Every event of the category is wanted, also of types that nobody knows: whether such an event may be left out is for
/// the run's ``CQRS/ErrorPolicy`` to say, and it is put on record if it is.
public struct OrderProjection: Sendable {
    /// Which events it wants.
    public static let filter = LogFilter.category(OrderHandler.category)

    /// How events in old forms are read, those among them that were set aside.
    public let upcasting: Upcasting

    /// A projection.
    public init(upcasting: Upcasting = Upcasting()) {
        self.upcasting = upcasting
    }

    /// What one event changes: the order's row, nil if it is to go, and its customer's, nil if it stays as it is.
    private struct Change {
        let order: String
        var summary: OrderSummary?
        var stats: CustomerOrderStats?
    }

    /// Takes an event in.
    /// - Returns: the tags of what changed.
    /// - Throws: an ``EventProblem``, or what the rows throw.
    func apply(_ recorded: RecordedEvent, to rows: inout some OrderRows) throws -> [String] {
        let former = try order(of: recorded, in: &rows)
        let change = try change(recorded, from: former, in: &rows)
        if let summary = change.summary { try rows.put(summary) } else { try rows.removeOrder(change.order) }
        if let stats = change.stats { try rows.put(stats) }
        let customers = Set([former?.customer, change.summary?.customer].compactMap { $0 }).sorted()
        return [OrderSummary.tag(change.order)] + customers.map(CustomerOrderStats.tag)
    }

    /// Notes that an event is passed by: the next one of its order follows on it all the same.
    /// - Returns: the tags of what changed.
    func pass(_ recorded: RecordedEvent, in rows: inout some OrderRows) throws -> [String] {
        guard var summary = try order(of: recorded, in: &rows), (try? summary.checkNext(recorded)) != nil else {
            return []
        }
        summary.version = recorded.version
        try rows.put(summary)
        return [OrderSummary.tag(summary.order), CustomerOrderStats.tag(summary.customer)]
    }

    /// Why an event cannot be taken in; empty if it can be now.
    func problem(with recorded: RecordedEvent, in rows: inout some OrderRows) throws -> String {
        do {
            _ = try change(recorded, from: try order(of: recorded, in: &rows), in: &rows)
            return ""
        } catch let problem as EventProblem {
            return problem.detail
        }
    }

    private func order(of recorded: RecordedEvent, in rows: inout some OrderRows) throws -> OrderSummary? {
        try recorded.stream.id.flatMap { try rows.order(String($0)) }
    }

    private func change(
        _ recorded: RecordedEvent, from former: OrderSummary?, in rows: inout some OrderRows
    ) throws -> Change {
        // A stream that was deleted for ever is of an order that must not be shown; what it came to is still true.
        if recorded.isTombstone { return Change(order: recorded.stream.id.map { String($0) } ?? "") }
        let event = try read(recorded.event)
        let summary = try OrderSummary.after(event, at: recorded, from: former)
        var stats = try rows.stats(of: summary.customer) ?? CustomerOrderStats(customer: summary.customer)
        stats.take(event, of: summary)
        return Change(order: summary.order, summary: summary, stats: stats)
    }

    private func read(_ event: EventData) throws(EventProblem) -> OrderEvent {
        let newest: EventData
        do throws(Upcasting.Failure) {
            newest = try upcasting.upcast(event)
        } catch {
            throw EventProblem(.undecodable, "\(event.type) \(event.id) cannot be brought to its newest form")
        }
        do throws(UnreadableEvent) { return try OrderEvent(newest) } catch { throw EventProblem(error) }
    }
}
