import CQRS
public import EventSourcing
public import Timeline

/// A row of the read model: an order as people want to see it in a list.
public struct OrderSummary: Hashable, Sendable {
    /// Which order.
    public let order: String
    /// For whom it is.
    public let customer: String
    /// How far it has come.
    public var status: Order.Status
    /// What it costs, in cents.
    public let total: Int64
    /// Of how many pieces it consists, all lines together.
    public let items: Int64
    /// Where the event of its creation stands in the log: the order in which orders were placed.
    public let placed: Position
    /// When its creation was recorded.
    public let placedAt: Instant
    /// Where the last event that the row has taken in stands in the log.
    public var updated: Position
    /// When that was recorded.
    public var updatedAt: Instant
    /// The last event of its stream that was dealt with.
    public var version: StreamVersion

    /// A row as it was stored.
    public init(
        order: String, customer: String, status: Order.Status, total: Int64, items: Int64, placed: Position,
        placedAt: Instant, updated: Position, updatedAt: Instant, version: StreamVersion
    ) {
        self.order = order
        self.customer = customer
        self.status = status
        self.total = total
        self.items = items
        self.placed = placed
        self.placedAt = placedAt
        self.updated = updated
        self.updatedAt = updatedAt
        self.version = version
    }
}

extension OrderSummary {
    /// What tells the results of queries that depend on a row; see ``CQRS/QueryResult/tags``.
    static func tag(_ order: String) -> String { "order:\(order)" }

    /// The row after an event.
    ///
    /// An event is a fact: whether it should have happened is not asked again. But each event of an order must come, once
    /// and in order, or the row would be wrong.
    /// - Parameters:
    ///   - event: what has happened.
    ///   - place: where that stands.
    ///   - row: the order's row; nil if there is none.
    /// - Throws: why the event cannot be taken in.
    public static func after(
        _ event: OrderEvent, at place: RecordedEvent, from row: OrderSummary?
    ) throws(EventProblem) -> OrderSummary {
        try row?.checkNext(place)
        if case .created(let created) = event { return try OrderSummary(created, place) }
        guard var row else { throw EventProblem(.apply, "\(place.stream): \(place.event.type) before OrderCreated") }
        var life = OrderLife()
        life.take(event.step)
        row.status = life.status
        row.updated = place.position
        row.updatedAt = place.recordedAt
        row.version = place.version
        return row
    }

    /// Whether an event is the next of the order's.
    func checkNext(_ place: RecordedEvent) throws(EventProblem) {
        guard place.version.number &- 1 != version.number else { return }
        throw EventProblem(.apply, "\(place.stream): version \(place.version) came behind version \(version)")
    }

    private init(_ created: OrderEvent.Created, _ place: RecordedEvent) throws(EventProblem) {
        guard let id = place.stream.id else { throw EventProblem(.apply, "\(place.stream) names no order") }
        self.init(
            order: String(id), customer: created.customer, status: .pending, total: created.quote.total,
            items: created.quote.lines.reduce(0) { $0.plus(Int64($1.quantity)) }, placed: place.position,
            placedAt: place.recordedAt, updated: place.position, updatedAt: place.recordedAt, version: place.version)
    }
}

extension Int64 {
    /// The sum, or what comes nearest to it: events of a foreign store may say anything.
    func plus(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
