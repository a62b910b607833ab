import CQRS
import EventSourcing
import Orders
import Timeline

/// A query bus that is driven in the caller's thread, on one read model.
struct QueryDesk {
    var bus: QueryBus<OrderAnswer>
    var now = Instant.zero
    /// Where queries were executed.
    private(set) var targets: [QueryBus<OrderAnswer>.Target] = []

    init(_ types: [QueryType], shards: [String] = []) throws {
        bus = QueryBus(try .init(shards: try .init()))
        for type in types { try bus.register(type) }
        for shard in shards { try bus.addShard(shard, at: .zero) }
    }

    mutating func ask(_ query: Query, on model: inout some OrderReadModel) throws -> QueryBus<OrderAnswer>.Answer? {
        var steps = [bus.ask(query, at: now)]
        while let step = steps.popLast() {
            switch step {
            case .validate(let ticket):
                steps += bus.resume(ticket, with: OrderQuery.validate(query), at: now)
            case .execute(let target, let ticket):
                targets.append(target)
                let reply = OrderQuery.execute(query, bus.page(of: ticket), on: &model)
                steps += bus.resume(ticket, with: reply, at: now)
            case .answer(let answer, _): return answer
            case .merge, .joined: return nil
            }
        }
        return nil
    }

    /// What is answered, which must be something.
    mutating func response(
        _ query: OrderQuery, page: PageRequest? = nil, on model: inout some OrderReadModel
    ) throws -> QueryResponse<OrderAnswer>? {
        guard case .response(let response) = try ask(try query.query(page: page), on: &model) else { return nil }
        return response
    }
}
