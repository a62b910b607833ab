import CQRS
import EventSourcing
import GRDB
import Orders
import Timeline

/// The rows of one version of the read model of orders, in its own tables. To be used on the database's queue, in a
/// transaction.
final class OrderTables: OrderRows {
    private let findOrder, putOrder, removeOrder: PreparedStatement
    private let findStats, putStats: PreparedStatement
    private let listOrders, countOrders: PreparedStatement
    let putAside, removeAside, findWaiting, listAside, listWaiting: PreparedStatement

    init(_ version: Int, in database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(sql, in: database) }
        let (orders, customers, aside) = (
            "\"order_summary_\(version)\"", "\"customer_order_stats_\(version)\"", "\"set_aside_\(version)\""
        )
        findOrder = try prepare("SELECT * FROM \(orders) WHERE id = ?1")
        putOrder = try prepare("INSERT OR REPLACE INTO \(orders) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
        removeOrder = try prepare("DELETE FROM \(orders) WHERE id = ?1")
        findStats = try prepare("SELECT * FROM \(customers) WHERE customer = ?1")
        putStats = try prepare("INSERT OR REPLACE INTO \(customers) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
        listOrders = try prepare(
            "SELECT * FROM \(orders) WHERE customer = ?1 AND placed < ?2 ORDER BY placed DESC LIMIT ?3")
        countOrders = try prepare("SELECT count(*) FROM \(orders) WHERE customer = ?1")
        putAside = try prepare(
            """
            INSERT OR REPLACE INTO \(aside)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
            """)
        removeAside = try prepare("DELETE FROM \(aside) WHERE position = ?1")
        findWaiting = try prepare("SELECT * FROM \(aside) WHERE waits = 1 AND sequence = ?1 ORDER BY position LIMIT 1")
        listAside = try prepare("SELECT * FROM \(aside) ORDER BY position")
        listWaiting = try prepare(
            "SELECT sequence, min(position), count(*) FROM \(aside) WHERE waits = 1 GROUP BY sequence")
    }

    func order(_ order: String) throws -> OrderSummary? {
        findOrder.bind(order, at: 1)
        guard try findOrder.step() else { return nil }
        defer { findOrder.reset() }
        return try summary(in: findOrder)
    }

    func put(_ order: OrderSummary) throws {
        putOrder.bind(order.order, at: 1)
        putOrder.bind(order.customer, at: 2)
        putOrder.bind(order.status.rawValue, at: 3)
        putOrder.bind(order.total, at: 4)
        putOrder.bind(order.items, at: 5)
        putOrder.bind(order.placed.number, at: 6)
        putOrder.bind(order.placedAt.nanoseconds, at: 7)
        putOrder.bind(order.updated.number, at: 8)
        putOrder.bind(order.updatedAt.nanoseconds, at: 9)
        putOrder.bind(order.version.number, at: 10)
        try putOrder.run()
    }

    func removeOrder(_ order: String) throws {
        removeOrder.bind(order, at: 1)
        try removeOrder.run()
    }

    func stats(of customer: String) throws -> CustomerOrderStats? {
        findStats.bind(customer, at: 1)
        guard try findStats.step() else { return nil }
        defer { findStats.reset() }
        var stats = CustomerOrderStats(customer: findStats.text(0))
        stats.orders = findStats.number(1)
        stats.cancelled = findStats.number(2)
        stats.refunded = findStats.number(3)
        stats.spent = findStats.number(4)
        if !findStats.isNothing(5) {
            stats.last = CustomerOrderStats.Last(
                order: findStats.text(5), placed: Position(findStats.number(6)),
                at: Instant(nanoseconds: findStats.number(7)))
        }
        return stats
    }

    func put(_ stats: CustomerOrderStats) throws {
        putStats.bind(stats.customer, at: 1)
        putStats.bind(stats.orders, at: 2)
        putStats.bind(stats.cancelled, at: 3)
        putStats.bind(stats.refunded, at: 4)
        putStats.bind(stats.spent, at: 5)
        for place: Int32 in 6...8 { putStats.bindNothing(at: place) }
        if let last = stats.last {
            putStats.bind(last.order, at: 6)
            putStats.bind(last.placed.number, at: 7)
            putStats.bind(last.at.nanoseconds, at: 8)
        }
        try putStats.run()
    }

    func orders(of customer: String, placedBefore position: Position?, limit: Int) throws -> [OrderSummary] {
        listOrders.bind(customer, at: 1)
        listOrders.bind(position?.number ?? .max, at: 2)
        listOrders.bind(Int64(max(0, limit)), at: 3)
        defer { listOrders.reset() }
        var orders: [OrderSummary] = []
        while try listOrders.step() { orders.append(try summary(in: listOrders)) }
        return orders
    }

    func orderCount(of customer: String) throws -> Int {
        countOrders.bind(customer, at: 1)
        return Int(try countOrders.number() ?? 0)
    }

    private func summary(in row: PreparedStatement) throws -> OrderSummary {
        guard let status = Order.Status(rawValue: row.text(2)) else {
            throw ReadModelError.storage(
                "the read model is damaged: order \(row.text(0)) has the status \(row.text(2))")
        }
        return OrderSummary(
            order: row.text(0), customer: row.text(1), status: status, total: row.number(3), items: row.number(4),
            placed: Position(row.number(5)), placedAt: Instant(nanoseconds: row.number(6)),
            updated: Position(row.number(7)), updatedAt: Instant(nanoseconds: row.number(8)),
            version: StreamVersion(row.number(9)))
    }
}
