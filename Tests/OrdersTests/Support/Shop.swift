import CQRS
import EventSourcing
import Orders
import Resilience
import Timeline

/// A shop's write side: a bus, and a store that it appends to. A class, so that the bus's handlers reach the store.
final class Shop {
    var store = ShakyStore()
    var now = Instant.zero
    private(set) var bus: LocalCommandBus
    private var sent = 0

    init(pricing: Pricing = .plain, conflictRetries: Int = 3, attempts: Int = 3) throws {
        bus = try LocalCommandBus(.init(), clock: { .zero }, pause: { _ in })
        try restart(pricing: pricing, conflictRetries: conflictRetries, attempts: attempts)
    }

    /// Begins with a new bus, which knows of no command that was carried out before.
    func restart(pricing: Pricing = .plain, conflictRetries: Int = 3, attempts: Int = 3) throws {
        bus = try LocalCommandBus(.init(), clock: { .zero }, pause: { _ in })
        let retry = try RetryPolicy(attempts: attempts, backoff: .constant(.milliseconds(1)))
        let types = try OrderHandler.types(retry: retry, conflictRetries: conflictRetries)
        let handler = try OrderHandler(pricing: pricing)
        try bus.register(handler, of: types, clock: { [unowned self] in now }) { [unowned self] handle in
            handle(&store)
        }
    }

    /// Sends a command, with the next id unless it is one that was sent before.
    @discardableResult
    func send(
        _ request: OrderCommand.Request, of order: String, id: EventID? = nil, correlation: EventID? = nil
    ) throws -> CommandBus.Answer {
        sent += 1
        let id = id ?? EventID(high: 1, low: UInt64(sent))
        return bus.send(
            try OrderCommand(request, of: order).envelope(id: id, correlation: correlation, issuedAt: now))
    }

    /// Sends something else.
    func send(_ type: String, payload: String) throws -> CommandBus.Answer {
        sent += 1
        return bus.send(
            try CommandEnvelope(
                id: EventID(high: 1, low: UInt64(sent)), type: type, payload: Array(payload.utf8), issuedAt: now))
    }

    var log: [RecordedEvent] { store.base.readLog(.all, from: nil, .forward, limit: PageSize.limit).events }
}

extension OrderLine {
    /// So many, for 12.50 each.
    static func cups(_ count: Int) -> OrderLine { OrderLine(product: "cup", quantity: count, unitPrice: 1_250) }
}

extension OrderCommand.Request {
    /// An order of cups.
    static func cups(_ count: Int, for customer: String = "c1") -> OrderCommand.Request {
        .create(customer: customer, lines: [.cups(count)])
    }
}
