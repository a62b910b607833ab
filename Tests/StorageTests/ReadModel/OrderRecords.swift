import CQRS
import EventSourcing
import Orders
import Timeline

/// Orders to be projected, and what is shown of them.
enum OrderRecords {
    /// A store with so many orders of two customers, each confirmed.
    static func store(_ orders: Int) throws -> MemoryEventStore {
        var store = MemoryEventStore()
        let repository = try Repository<Order>(category: OrderHandler.category)
        let quote = try Pricing.plain.quote([OrderLine(product: "cup", quantity: 2, unitPrice: 1_250)])
        for number in 0..<orders {
            let create = Order.Command.create(customer: "c\(number % 2)", quote)
            for (step, command) in [create, .confirm].enumerated() {
                try repository.decide(
                    command, on: "o\(number)", commandID: EventID(high: UInt64(step), low: UInt64(number)), in: &store,
                    at: .after(.seconds(Int64(number))))
            }
        }
        return store
    }

    /// Lets a projection deal with all that there is.
    static func project(
        _ store: MemoryEventStore, into model: inout some OrderReadModel, batchSize: Int = 10
    ) throws -> ProjectionRun {
        var store = store
        let settings = try ProjectionRun.Settings(batchSize: batchSize, linger: .zero, checkpointAfter: .zero)
        var projection = LocalProjection(settings, version: 1, at: .zero)
        _ = projection.work(on: &model, reading: &store, at: .zero)
        return projection.run
    }

    /// What is shown of two customers, with the checkpoint.
    static func shown(_ model: inout some OrderReadModel) throws -> (rows: [OrderSummary], spent: Int64, Position) {
        try model.read { rows, position in
            let orders = try ["c0", "c1"].flatMap { try rows.orders(of: $0, placedBefore: nil, limit: 10_000) }
            let spent = try ["c0", "c1"].map { try rows.stats(of: $0)?.spent ?? 0 }.reduce(0, +)
            return (orders.sorted { $0.placed < $1.placed }, spent, position)
        }
    }
}
