import CQRS
import EventSourcing
import Orders
import Resilience
import Timeline

/// A shop's read side: a read model and the projection that writes it.
struct ReadSide {
    var model: ShakyModel
    var projection: LocalProjection
    var now = Instant.zero

    init(_ backend: ReadModelBackend, errors: ErrorPolicy = .continuous, batchSize: Int = 5) throws {
        model = ShakyModel(base: try backend.makeModel())
        projection = LocalProjection(try .quick(errors: errors, batchSize: batchSize), version: 1, at: .zero)
    }

    /// Begins a new life, as after a crash: nothing but the read model is left.
    mutating func crash(version: Int = 1) throws {
        projection = LocalProjection(projection.run.settings, version: version, at: now)
    }

    /// Lets so much time pass, and the projection work in it; returns what it does at the end.
    @discardableResult
    mutating func work(_ shop: Shop, for length: Duration = .seconds(1)) -> ProjectionRun.Step {
        let end = now + length
        while true {
            shop.now = max(shop.now, now)
            let step = projection.work(on: &model, reading: &shop.store, at: now)
            guard case .wait(let moment?) = step, moment <= end else {
                now = end
                return step
            }
            now = max(moment, now + .milliseconds(1))
        }
    }

    /// The rows that there are of these orders and customers, and of whose they are.
    mutating func rows(_ orders: [String], _ customers: [String]) throws -> ShownRows {
        try model.read { rows, _ in
            var shown = ShownRows()
            for order in orders { shown.orders[order] = try rows.order(order) }
            for customer in customers {
                shown.stats[customer] = try rows.stats(of: customer)
                shown.lists[customer] = try rows.orders(of: customer, placedBefore: nil, limit: 1_000).map(\.order)
                shown.counts[customer] = try rows.orderCount(of: customer)
            }
            return shown
        }
    }
}

/// What a read model shows.
struct ShownRows: Equatable {
    var orders: [String: OrderSummary] = [:]
    var stats: [String: CustomerOrderStats] = [:]
    var lists: [String: [String]] = [:]
    var counts: [String: Int] = [:]

    init() {}

    /// What it should show, by a look at each stream by itself.
    init(_ log: [RecordedEvent], _ customers: [String]) throws {
        for customer in customers { (lists[customer], counts[customer]) = ([], 0) }
        for recorded in log where recorded.stream.category == OrderHandler.category {
            guard let event = try? OrderEvent(recorded.event), let order = recorded.stream.id.map({ String($0) }) else {
                continue
            }
            if case .created(let created) = event {
                let items = created.quote.lines.map(\.quantity).reduce(0, +)
                orders[order] = OrderSummary(
                    order: order, customer: created.customer, status: .pending, total: created.quote.total,
                    items: Int64(items), placed: recorded.position, placedAt: recorded.recordedAt,
                    updated: recorded.position, updatedAt: recorded.recordedAt, version: recorded.version)
                lists[created.customer, default: []].insert(order, at: 0)
                counts[created.customer, default: 0] += 1
            }
            try take(event, recorded, of: order)
        }
    }

    private mutating func take(_ event: OrderEvent, _ recorded: RecordedEvent, of order: String) throws {
        guard let customer = orders[order]?.customer, let total = orders[order]?.total else { return }
        orders[order]?.updated = recorded.position
        orders[order]?.updatedAt = recorded.recordedAt
        orders[order]?.version = recorded.version
        var stats = stats[customer] ?? CustomerOrderStats(customer: customer)
        switch event {
        case .created:
            stats.orders += 1
            stats.last = .init(order: order, placed: recorded.position, at: recorded.recordedAt)
        case .confirmed:
            orders[order]?.status = .confirmed
            stats.spent += total
        case .shipped: orders[order]?.status = .shipped
        case .delivered: orders[order]?.status = .delivered
        case .cancelled:
            orders[order]?.status = .cancelled
            stats.cancelled += 1
        case .refunded(let amount, _):
            orders[order]?.status = .refunded
            stats.refunded += 1
            stats.spent -= amount
        }
        self.stats[customer] = stats
    }
}

extension ProjectionRun.Settings {
    /// Small batches and short waits.
    static func quick(errors: ErrorPolicy = .continuous, batchSize: Int = 5) throws -> ProjectionRun.Settings {
        let retry = try RetryPolicy(
            attempts: RetryPolicy.unlimited, backoff: .constant(.milliseconds(20)), jitter: .none)
        let eventRetry = try RetryPolicy(attempts: 2, backoff: .constant(.milliseconds(20)), jitter: .none)
        return try .init(
            batchSize: batchSize, linger: .milliseconds(10), checkpointAfter: .milliseconds(50),
            poll: .milliseconds(40), retry: retry, eventRetry: eventRetry, errors: errors)
    }
}
