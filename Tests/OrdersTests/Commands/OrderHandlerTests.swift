import CQRS
import EventSourcing
import Orders
import Resilience
import Testing
import Timeline

@Suite("Order handler")
struct OrderHandlerTests {
    private func receipt(_ answer: CommandBus.Answer) -> OrderReceipt? {
        if case .done(let bytes) = answer { OrderReceipt(bytes) } else { nil }
    }

    private func status(_ answer: CommandBus.Answer) -> Order.Status? { receipt(answer)?.status }

    @Test("an order's life by commands, each event with the command that made it and what that belongs to")
    func life() throws {
        let shop = try Shop()
        let request = EventID(high: 5, low: 5)
        #expect(status(try shop.send(.cups(2), of: "o1", correlation: request)) == .pending)
        #expect(status(try shop.send(.confirm, of: "o1", correlation: request)) == .confirmed)
        #expect(status(try shop.send(.ship(tracking: "T1"), of: "o1")) == .shipped)
        #expect(status(try shop.send(.deliver, of: "o1")) == .delivered)
        let last = receipt(try shop.send(.refund, of: "o1"))
        #expect(last?.version == StreamVersion(4) && last?.position == Position(5) && last?.total == 2_500)
        #expect(
            shop.log.map(\.event.type)
                == ["OrderCreated", "OrderConfirmed", "OrderShipped", "OrderDelivered", "OrderRefunded"])
        #expect(shop.log.map(\.event.causation) == (1...5).map { EventID(high: 1, low: $0) })
        let own = (3...5).map { EventID(high: 1, low: UInt64($0)) }
        #expect(shop.log.map(\.event.correlation) == [request, request] + own)
    }

    @Test("a command that comes twice is carried out once, also by a bus that has never heard of it")
    func repeated() throws {
        let shop = try Shop()
        let id = EventID(high: 3, low: 3)
        let first = try shop.send(.cups(2), of: "o1", id: id)
        #expect(try shop.send(.cups(2), of: "o1", id: id) == first)
        try shop.restart(pricing: Pricing(discountFrom: 0, discount: 5_000))
        let again = receipt(try shop.send(.cups(2), of: "o1", id: id))
        #expect(again?.total == 2_500 && again?.version == .first && again?.position == nil)
        #expect(shop.log.count == 1)
    }

    @Test("another creation of the same order is refused, and so is a step out of its turn")
    func refused() throws {
        let shop = try Shop()
        #expect(try shop.send(.confirm, of: "o1") == .rejected(.business("order o1: there is no such order")))
        try shop.send(.cups(2), of: "o1")
        #expect(try shop.send(.cups(2), of: "o1") == .rejected(.business("order o1: there is such an order already")))
        #expect(try shop.send(.deliver, of: "o1") == .rejected(.business("order o1: the order is pending")))
        #expect(shop.log.count == 1)
    }

    @Test("the price is decided before the event is made, and the event says it")
    func priced() throws {
        let shop = try Shop(pricing: Pricing(discountFrom: 2_000, discount: 1_000))
        #expect(receipt(try shop.send(.cups(2), of: "o1"))?.total == 2_250)
        let event = try OrderEvent(try #require(shop.log.first).event)
        guard case .created(let created) = event else {
            Issue.record("\(event)")
            return
        }
        #expect(created.quote.discount == 250 && created.quote.total == 2_250)
    }

    @Test("of two who are there at once, the second reads and decides again, as often as its type says")
    func conflicts() throws {
        let shop = try Shop(conflictRetries: 3)
        try shop.send(.cups(1), of: "o1")
        shop.store.rivals = [.confirm]
        #expect(status(try shop.send(.cancel(reason: "r"), of: "o1")) == .cancelled)
        #expect(shop.log.map(\.event.type) == ["OrderCreated", "OrderConfirmed", "OrderCancelled"])
        #expect(shop.bus.bus.metrics(of: "CancelOrder")?.conflicts == 1)
        shop.store.rivals = [.refund]
        #expect(status(try shop.send(.refund, of: "o1")) == .refunded)
        #expect(shop.log.count == 4, "the second refund finds that it is done")
    }

    @Test("a conflict that outlasts its retries is told as one")
    func lasting() throws {
        let shop = try Shop(conflictRetries: 1, attempts: 1)
        try shop.send(.cups(1), of: "o1")
        shop.store.rivals = [.confirm, .ship(tracking: "T1")]
        let message = "stream order-o1: expected version 1, it has version 2"
        #expect(
            try shop.send(.cancel(reason: "r"), of: "o1")
                == .failed(.versionConflict(detail: message), attempts: 2))
    }

    @Test("an append whose answer is lost is tried again, and took place once")
    func lostAnswer() throws {
        let shop = try Shop()
        shop.store.lostAnswers = 1
        #expect(status(try shop.send(.cups(1), of: "o1")) == .pending)
        shop.store.outages = 2
        #expect(status(try shop.send(.confirm, of: "o1")) == .confirmed)
        #expect(shop.log.map(\.event.type) == ["OrderCreated", "OrderConfirmed"])
        shop.store.outages = 3
        let detail = "the event store is not available: nobody is there"
        #expect(try shop.send(.cups(1), of: "o2") == .failed(.fault(.server, detail: detail), attempts: 3))
    }

    @Test("a history that cannot be read fails in one line, and is not tried again")
    func unreadable() throws {
        let shop = try Shop()
        let stream = try StreamName("order-o1")
        let event = EventData(id: EventID(high: 9, low: 9), type: "OrderFolded")
        try shop.store.append([event], to: stream, expecting: .any, at: .zero)
        let detail = "order-o1 version 0 cannot be read: no event of an order is called OrderFolded"
        #expect(try shop.send(.confirm, of: "o1") == .failed(.fault(.client, detail: detail), attempts: 1))
    }

    @Test("a command that nobody handles, and one that nobody can read, get one clear line each")
    func messages() throws {
        let shop = try Shop()
        guard case .rejected(let unhandled) = try shop.send("PaintOrder", payload: "{}") else {
            Issue.record("it was handled")
            return
        }
        #expect(
            "\(unhandled)"
                == "no handler for PaintOrder; registered are CancelOrder, ConfirmOrder, CreateOrder, DeliverOrder, "
                + "RefundOrder, ShipOrder")
        #expect(
            try shop.send("ConfirmOrder", payload: #"{"order":7}"#)
                == .rejected(.invalid("ConfirmOrder: order must be a text")))
        #expect(try shop.send(.cups(0), of: "o1") == .rejected(.invalid("line 1: quantity 0 is not 1 to 10000")))
        #expect(shop.log.isEmpty)
    }
}
