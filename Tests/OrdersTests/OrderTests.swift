import EventSourcing
import Orders
import Testing
import Timeline

@Suite("Order")
struct OrderTests {
    static let now = Instant.after(.seconds(7))

    static func quote() throws -> Pricing.Quote {
        try Pricing.plain.quote([OrderLine(product: "p1", quantity: 2, unitPrice: 1_250)])
    }

    /// An order that has gone through these.
    private func order(_ commands: [Order.Command]) throws -> Order {
        var order = Order()
        for command in commands {
            for event in try order.decide(command, at: .zero) { order.evolve(event) }
        }
        return order
    }

    /// The commands that lead to each status.
    private func past(_ status: Order.Status) throws -> [Order.Command] {
        let create = Order.Command.create(customer: "c1", try Self.quote())
        return switch status {
        case .none: []
        case .pending: [create]
        case .confirmed: [create, .confirm]
        case .shipped: [create, .confirm, .ship(tracking: "T1")]
        case .delivered: [create, .confirm, .ship(tracking: "T1"), .deliver]
        case .cancelled: [create, .confirm, .cancel(reason: "r")]
        case .refunded: [create, .confirm, .cancel(reason: "r"), .refund]
        }
    }

    enum Answer: Sendable { case event, nothing, refused }

    /// What each command does in each status: e an event, - nothing, x refused. Columns: create, confirm, ship, deliver,
    /// cancel, refund.
    @Test(
        "each command in each status",
        arguments: [
            (Order.Status.none, "exxxxx"), (.pending, "xexxex"), (.confirmed, "x-exex"), (.shipped, "xx-exx"),
            (.delivered, "xxx-xe"), (.cancelled, "xxxx-e"), (.refunded, "xxxxx-"),
        ])
    func table(status: Order.Status, row: String) throws {
        let commands: [Order.Command] = [
            .create(customer: "c1", try Self.quote()), .confirm, .ship(tracking: "T1"), .deliver, .cancel(reason: "r"),
            .refund,
        ]
        let order = try order(try past(status))
        #expect(order.status == status)
        let answers = commands.map { command -> Character in
            guard let events = try? order.decide(command, at: Self.now) else { return "x" }
            return events.isEmpty ? "-" : "e"
        }
        #expect(String(answers) == row)
    }

    @Test("an order that was never paid for has nothing to give back")
    func unpaid() throws {
        let order = try order([.create(customer: "c1", try Self.quote()), .cancel(reason: "r")])
        #expect(throws: Order.Refusal.notPossible(in: .cancelled)) { _ = try order.decide(.refund, at: Self.now) }
    }

    @Test("the refund is what the order cost, also after a rule has changed")
    func refund() throws {
        let priced = try Pricing(discountFrom: 2_000, discount: 1_000).quote(
            [OrderLine(product: "p1", quantity: 2, unitPrice: 1_250)])
        let order = try order([.create(customer: "c1", priced), .confirm, .cancel(reason: "r")])
        #expect(try order.decide(.refund, at: Self.now) == [.refunded(amount: 2_250, at: Self.now)])
    }

    @Test("another tracking number is not the same shipment")
    func tracking() throws {
        let order = try order(try past(.shipped))
        #expect(throws: Order.Refusal.notPossible(in: .shipped)) {
            _ = try order.decide(.ship(tracking: "T2"), at: .zero)
        }
    }

    @Test("an order is for somebody")
    func customer() throws {
        #expect(throws: Order.Refusal.noCustomer) {
            _ = try Order().decide(.create(customer: "", try Self.quote()), at: .zero)
        }
    }

    @Test("a state comes back from its snapshot", arguments: Order.Status.allCases)
    func snapshot(status: Order.Status) throws {
        let order = try order(try past(status))
        #expect(Order(snapshotData: order.snapshotData) == order)
        #expect(Order(snapshotData: Array("{}".utf8)) == nil)
    }

    @Test(
        "every event comes back from its bytes, and damaged bytes are refused",
        arguments: [
            OrderEvent.confirmed(at: now), .shipped(tracking: "T \"1\" ☂", at: now), .delivered(at: .zero),
            .cancelled(reason: "", at: now), .refunded(amount: .max, at: .distantFuture),
        ])
    func bytes(event: OrderEvent) throws {
        try Self.checkBytes(of: event)
    }

    @Test("so does the creation, with its lines")
    func createdBytes() throws {
        try Self.checkBytes(of: OrderEvent.created(.init(customer: "c1", quote: try Self.quote(), at: Self.now)))
    }

    static func checkBytes<Event: StoredEvent>(of event: Event) throws {
        let id = EventID(high: 1, low: 2)
        let stored = EventData(id: id, type: event.type, schema: event.schema, data: event.data)
        #expect(try Event(stored) == event)
        for cut in 0..<event.data.count {
            let damaged = EventData(id: id, type: event.type, data: Array(event.data.prefix(cut)))
            #expect(throws: UnreadableEvent.self) { _ = try Event(damaged) }
        }
        #expect(throws: UnreadableEvent.newerForm(event.type, schema: 2)) {
            _ = try Event(EventData(id: id, type: event.type, schema: 2, data: event.data))
        }
        #expect(throws: UnreadableEvent.unknownType("Other")) {
            _ = try Event(EventData(id: id, type: "Other", data: event.data))
        }
    }
}
