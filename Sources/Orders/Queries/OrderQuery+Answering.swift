public import CQRS
import EventSourcing
import Resilience

extension OrderQuery {
    /// What a bus is told when it wants a query validated.
    public static func validate(_ query: Query) -> QueryBus<OrderAnswer>.Reply {
        do throws(InvalidOrderQuery) {
            _ = try OrderQuery(query)
            return .pass
        } catch {
            return .reject("\(error)")
        }
    }

    /// Executes a query.
    /// - Parameters:
    ///   - query: the query.
    ///   - page: where its page begins; nil if its answer has none.
    ///   - model: the read model.
    public static func execute<Model: OrderReadModel>(
        _ query: Query, _ page: PageStart?, on model: inout Model
    ) -> QueryBus<OrderAnswer>.Reply {
        do {
            return .result(try OrderQuery(query).answer(page, from: &model))
        } catch let error as ReadModelError {
            return .fail(.server, detail: "\(error)")
        } catch {
            return .reject("\(error)")
        }
    }

    private func answer(
        _ page: PageStart?, from model: inout some OrderReadModel
    ) throws -> QueryResult<OrderAnswer> {
        let place = try page.map { try Place($0) }
        return try model.read { rows, position in
            switch self {
            case .order(let order):
                QueryResult(.order(try rows.order(order)), tags: [OrderSummary.tag(order)], position: position)
            case .customerStats(let customer):
                QueryResult(
                    .stats(try rows.stats(of: customer) ?? CustomerOrderStats(customer: customer)),
                    tags: [CustomerOrderStats.tag(customer)], position: position)
            case .customerOrders(let customer):
                try Self.orders(of: customer, place ?? Place(), in: &rows, at: position)
            }
        }
    }

    private static func orders(
        of customer: String, _ place: Place, in rows: inout some OrderRows, at position: Position
    ) throws -> QueryResult<OrderAnswer> {
        // One more than is wanted says whether there are more.
        let found = try rows.orders(of: customer, placedBefore: place.before, limit: place.size + 1)
        let orders = Array(found.prefix(place.size))
        let next = found.count > place.size ? orders.last.map { Place.key(of: $0.placed) } : nil
        let total = PageTotal.exactly(try rows.orderCount(of: customer))
        return QueryResult(
            .orders(orders), tags: [CustomerOrderStats.tag(customer)], position: position,
            page: PageEnd(items: orders.count, total: total, next: next))
    }

    /// Where a page of orders begins: behind the one that was placed there, however many were placed since.
    private struct Place {
        var size = 100
        var before: Position?

        init() {}

        init(_ page: PageStart) throws {
            size = max(0, min(page.size, PageSize.limit))
            guard let key = page.after else { return }
            guard key.count == 8 else { throw PageTokenError.otherQuery }
            before = Position(Int64(bitPattern: key.reduce(0) { $0 << 8 | UInt64($1) }))
        }

        static func key(of position: Position) -> [UInt8] {
            (0..<8).reversed().map { UInt8(truncatingIfNeeded: position.number >> (8 * $0)) }
        }
    }
}
