import CQRS
import EventSourcing
import Orders
import Testing
import Timeline

@Suite("Queued commands about orders")
struct QueuedOrderCommandTests {
    @Test("an order that cannot be read parks its own commands, and no others; once mended they are carried out (C1)")
    func parked() throws {
        var store = MemoryEventStore()
        let queue = try CommandBus.QueueSettings("orders", queue: .init())
        var bus = try LocalCommandBus(.init(queues: [queue]), clock: { .zero }, pause: { _ in })
        let step = Upcasting.Step(from: .init("OrderFolded", 1), to: .init("OrderConfirmed", 1)) { $0 }
        let (plain, mended) = (try OrderHandler(), try OrderHandler(upcasting: try Upcasting([step])))
        var isMended = false
        for type in try OrderHandler.types(delivery: .queued("orders")) {
            try bus.register(type, validate: { plain.problem(with: $0) }) { command, _ in
                (isMended ? mended : plain).handle(command, in: &store, at: .zero)
            }
        }
        var number: UInt64 = 0
        func send(_ request: OrderCommand.Request, of order: String) throws -> CommandBus.Answer {
            number += 1
            return bus.send(
                try OrderCommand(request, of: order).envelope(id: EventID(high: 1, low: number), issuedAt: .zero))
        }
        for order in ["o1", "o2"] { #expect(try send(.cups(1), of: order) == .accepted(queue: "orders")) }
        while bus.work(on: "orders") != nil {}
        let folded = EventData(id: EventID(high: 9, low: 9), type: "OrderFolded", data: Array(#"{"at":0}"#.utf8))
        try store.append([folded], to: try StreamName("order-o1"), expecting: .any, at: .zero)
        for order in ["o1", "o2"] {
            _ = try send(order == "o1" ? .ship(tracking: "T1") : .confirm, of: order)
            _ = try send(order == "o1" ? .deliver : .ship(tracking: "T2"), of: order)
        }
        while bus.work(on: "orders") != nil {}
        func types(_ order: String) throws -> [String] {
            let page = try store.read(try StreamName("order-\(order)"), from: nil, .forward, limit: 9)
            return page.events.map(\.event.type)
        }
        #expect(try types("o1") == ["OrderCreated", "OrderFolded"])
        #expect(try types("o2") == ["OrderCreated", "OrderConfirmed", "OrderShipped"])
        let letters = bus.bus.deadLetters(of: "orders")?.letters(of: "order-o1") ?? []
        #expect(letters.map(\.cause?.kind) == ["client", nil])
        #expect(
            letters.first?.cause?.detail
                == "order-o1 version 1 cannot be read: no event of an order is called OrderFolded")
        isMended = true
        var plan = bus.bus.replayPlan(for: "orders")
        #expect(plan.letters == 2)
        while bus.replay(&plan, of: "orders") != nil {}
        #expect(try types("o1") == ["OrderCreated", "OrderFolded", "OrderShipped", "OrderDelivered"])
    }
}
