import CQRS
import EventSourcing
import Foundation
import Orders
import Testing
import Timeline

@Suite("Projections of orders")
struct OrderProjectionTests {
    @Test(
        "an order's life, from the commands through the store to both projections", arguments: ReadModelBackend.allCases
    )
    func life(backend: ReadModelBackend) throws {
        let shop = try Shop()
        var side = try ReadSide(backend)
        let steps: [(OrderCommand.Request, Order.Status, spent: Int64)] = [
            (.create(customer: "c1", lines: [.cups(2), .cups(1)]), .pending, 0), (.confirm, .confirmed, 3_750),
            (.ship(tracking: "T1"), .shipped, 3_750), (.deliver, .delivered, 3_750), (.refund, .refunded, 0),
        ]
        for (number, (request, status, spent)) in steps.enumerated() {
            try shop.send(request, of: "o1")
            side.work(shop)
            let rows = try side.rows(["o1"], ["c1"])
            #expect(rows == (try ShownRows(shop.log, ["c1"])))
            #expect(rows.orders["o1"]?.status == status && rows.orders["o1"]?.version.number == Int64(number))
            #expect(rows.orders["o1"]?.items == 3 && rows.stats["c1"]?.spent == spent)
        }
        try shop.send(.cups(1), of: "o2")
        try shop.send(.cancel(reason: "r"), of: "o2")
        side.work(shop)
        let stats = try side.rows([], ["c1"]).stats["c1"]
        #expect(stats?.orders == 2 && stats?.cancelled == 1 && stats?.refunded == 1 && stats?.last?.order == "o2")
        #expect(side.projection.run.totals.applied == 7)
    }

    @Test("the same whatever the order in which a customer's orders are dealt with")
    func anyOrder() throws {
        let shop = try Shop()
        for order in ["o1", "o2", "o3"] { try shop.send(.cups(order == "o2" ? 5 : 1), of: order) }
        try shop.send(.confirm, of: "o1")
        try shop.send(.confirm, of: "o2")
        try shop.send(.cancel(reason: "r"), of: "o2")
        let streams = Dictionary(grouping: shop.log, by: \.stream).sorted { $0.key < $1.key }.map(\.value)
        let expected = try ShownRows(shop.log, ["c1"]).stats["c1"]
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            var stats = CustomerOrderStats(customer: "c1")
            for events in order.map({ streams[$0] }) {
                var row: OrderSummary?
                for recorded in events {
                    let event = try OrderEvent(recorded.event)
                    let next = try OrderSummary.after(event, at: recorded, from: row)
                    stats.take(event, of: next)
                    row = next
                }
            }
            #expect(stats == expected)
        }
    }

    /// The events of o1 (created, confirmed, shipped) at versions 0, 1 and 2.
    private func events() throws -> [RecordedEvent] {
        let shop = try Shop()
        try shop.send(.cups(1), of: "o1")
        try shop.send(.confirm, of: "o1")
        try shop.send(.ship(tracking: "T1"), of: "o1")
        return shop.log
    }

    @Test(
        "an event that is missing, comes twice or too early is no reason to guess (guide defects E17, E19)",
        arguments: [
            ([1], "order-o1: OrderConfirmed before OrderCreated"),
            ([0, 2], "order-o1: version 2 came behind version 0"),
            ([0, 1, 1], "order-o1: version 1 came behind version 1"),
            ([0, 1, 0], "order-o1: version 0 came behind version 1"),
        ])
    func outOfOrder(order: [Int], message: String) throws {
        let events = try events()
        var row: OrderSummary?
        for index in order.dropLast() {
            row = try OrderSummary.after(try OrderEvent(events[index].event), at: events[index], from: row)
        }
        let last = try #require(order.last.map { events[$0] })
        #expect(throws: EventProblem(.apply, message)) {
            _ = try OrderSummary.after(try OrderEvent(last.event), at: last, from: row)
        }
    }

    @Test("numbers from a foreign store saturate")
    func extremes() throws {
        let recorded = try events()[0]
        let line = #"{"product":"p","quantity":\#(Int.max),"unitPrice":\#(Int64.max)}"#
        let quote = try Pricing.Quote.foreign(line, total: .max)
        let created = OrderEvent.created(.init(customer: "c1", quote: quote, at: .distantFuture))
        let row = try OrderSummary.after(created, at: recorded, from: nil)
        #expect(row.items == .max && row.total == .max)
        var stats = CustomerOrderStats(customer: "c1")
        for _ in 0..<2 { stats.take(.confirmed(at: .zero), of: row) }
        #expect(stats.spent == .max)
        for _ in 0..<3 { stats.take(.refunded(amount: .max, at: .zero), of: row) }
        #expect(stats.spent < 0)
        stats.take(.refunded(amount: .min, at: .zero), of: row)
    }

    @Test("events of other categories are none of its business", arguments: ReadModelBackend.allCases)
    func others(backend: ReadModelBackend) throws {
        let shop = try Shop()
        var side = try ReadSide(backend)
        for number in 0..<20 {
            let event = EventData(id: EventID(high: 8, low: UInt64(number)), type: "Moved")
            try shop.store.append([event], to: try StreamName("stock-1"), expecting: .any, at: .zero)
        }
        side.work(shop)
        #expect(side.projection.run.checkpoint == Position(20), "the checkpoint passes them all the same (C12)")
        #expect(side.projection.run.totals.applied == 0)
    }

    @Test("an order whose stream is deleted for ever is not shown any more", arguments: ReadModelBackend.allCases)
    func deleted(backend: ReadModelBackend) throws {
        let shop = try Shop()
        var side = try ReadSide(backend)
        try shop.send(.cups(1), of: "o1")
        try shop.send(.cups(1), of: "o2")
        try shop.store.delete(try StreamName("order-o1"), for: .forEver, expecting: .any, at: .zero)
        side.work(shop)
        let rows = try side.rows(["o1", "o2"], ["c1"])
        #expect(rows.orders.keys.sorted() == ["o2"] && rows.lists["c1"] == ["o2"] && rows.counts["c1"] == 1)
        #expect(rows.stats["c1"]?.orders == 2, "it was placed all the same")
        #expect(
            try shop.send(.confirm, of: "o1") == .rejected(.business("stream order-o1 has been deleted")))
    }

    @Test(
        "an order that was deleted for the time being and is created anew is another one",
        arguments: ReadModelBackend.allCases)
    func createdAnew(backend: ReadModelBackend) throws {
        let shop = try Shop()
        var side = try ReadSide(backend)
        try shop.send(.cups(1), of: "o1")
        try shop.send(.confirm, of: "o1")
        side.work(shop)
        try shop.store.delete(try StreamName("order-o1"), for: .forNow, expecting: .any, at: .zero)
        try shop.send(.cups(2, for: "c2"), of: "o1")
        side.work(shop)
        let rows = try side.rows(["o1"], ["c1", "c2"])
        #expect(rows.orders["o1"]?.status == .pending && rows.orders["o1"]?.customer == "c2")
        #expect(rows.lists == ["c1": [], "c2": ["o1"]] && rows.counts == ["c1": 0, "c2": 1])
        #expect(rows.stats["c1"]?.spent == 1_250 && rows.stats["c2"]?.orders == 1)
    }
}

extension Pricing.Quote {
    /// A quote that no pricing would make.
    fileprivate static func foreign(_ line: String, total: Int64) throws -> Pricing.Quote {
        let quote = #"{"lines":[\#(line),\#(line)],"discount":0,"total":\#(total)}"#
        return try JSONDecoder().decode(Pricing.Quote.self, from: Data(quote.utf8))
    }
}
