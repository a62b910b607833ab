import CQRS
import EventSourcing
import Orders
import Testing
import Timeline

@Suite("Poison events of orders")
struct PoisonTests {
    /// A program that can read the newer form.
    private func mended() throws -> OrderProjection {
        let step = Upcasting.Step(from: .init("OrderConfirmed", 2), to: .init("OrderConfirmed", 1)) { $0 }
        return OrderProjection(upcasting: try Upcasting([step]))
    }

    /// Three orders; the second event of o2 is written in a newer form, and more follow.
    private func shop() throws -> Shop {
        let shop = try Shop()
        for order in ["o1", "o2", "o3"] { try shop.send(.cups(1), of: order) }
        let poison = EventData(
            id: EventID(high: 9, low: 9), type: "OrderConfirmed", schema: 2, data: Array(#"{"at":7}"#.utf8),
            metadata: [0, 255], correlation: EventID(high: 9, low: 1))
        try shop.store.append([poison], to: try StreamName("order-o2"), expecting: .any, at: .after(.seconds(1)))
        let later = OrderEvent.shipped(tracking: "T2", at: .zero)
        try shop.store.append(
            [EventData(id: EventID(high: 9, low: 10), type: later.type, data: later.data)],
            to: try StreamName("order-o2"), expecting: .any, at: .zero)
        for order in ["o1", "o3"] { try shop.send(.confirm, of: order) }
        return shop
    }

    @Test(
        "it is set aside with a line that says why, later ones of its order wait, other orders go on",
        arguments: ReadModelBackend.allCases)
    func quarantined(backend: ReadModelBackend) throws {
        let shop = try shop()
        var side = try ReadSide(backend)
        side.work(shop)
        let rows = try side.rows(["o1", "o2", "o3"], ["c1"])
        #expect(rows.orders["o1"]?.status == .confirmed && rows.orders["o3"]?.status == .confirmed)
        #expect(rows.orders["o2"]?.status == .pending && rows.stats["c1"]?.spent == 2_500)
        let aside = try side.model.setAside(in: 1)
        #expect(aside.map(\.event) == Array(shop.log.filter { $0.stream.text == "order-o2" }.dropFirst()))
        #expect(aside.map(\.waits) == [true, true] && aside.map(\.failure) == [.undecodable, nil])
        #expect(aside.first?.detail == "OrderConfirmed is written in form 2, which is newer than this program")
        #expect(side.projection.lastComplaint == "event 4: \(aside.first?.detail ?? "")")
        #expect(side.projection.run.letters == 2 && side.projection.run.lag == 0)
        let checkpoint = side.projection.run.checkpoint
        try side.crash()
        side.work(shop)
        #expect(side.projection.run.letters == 2 && side.projection.run.checkpoint == checkpoint)
    }

    @Test("once somebody can read it, it is dealt with, and nothing is missing", arguments: ReadModelBackend.allCases)
    func replayed(backend: ReadModelBackend) throws {
        let shop = try shop()
        var side = try ReadSide(backend)
        side.work(shop)
        #expect(side.projection.run.replayAll() == 2)
        side.work(shop)
        #expect(side.projection.run.letters == 2 && side.projection.run.totals.replayFailures >= 1)
        side.model.base.projection = try mended()
        side.model.lostAnswers = 1
        #expect(side.projection.run.replayAll() == 2)
        side.work(shop)
        #expect(try side.projection.run.letters == 0 && side.model.setAside(in: 1).isEmpty)
        var fresh = try ReadSide(.memory)
        fresh.model.base.projection = try mended()
        fresh.work(shop)
        let (orders, customers) = (["o1", "o2", "o3"], ["c1"])
        #expect(try side.rows(orders, customers) == (try fresh.rows(orders, customers)))
        #expect(try side.rows(orders, customers).orders["o2"]?.status == .shipped)
    }

    @Test("a type that nobody knows is left out with a line that says so", arguments: ReadModelBackend.allCases)
    func unknownType(backend: ReadModelBackend) throws {
        let shop = try Shop()
        var side = try ReadSide(backend)
        try shop.send(.cups(1), of: "o1")
        let unknown = EventData(id: EventID(high: 9, low: 9), type: "OrderPainted")
        try shop.store.append([unknown], to: try StreamName("order-o1"), expecting: .any, at: .zero)
        let confirmed = OrderEvent.confirmed(at: .zero)
        try shop.store.append(
            [EventData(id: EventID(high: 9, low: 10), type: confirmed.type, data: confirmed.data)],
            to: try StreamName("order-o1"), expecting: .any, at: .zero)
        side.work(shop)
        let aside = try side.model.setAside(in: 1)
        #expect(aside.map(\.detail) == ["no event of an order is called OrderPainted"])
        #expect(aside.map(\.waits) == [false] && aside.map(\.failure) == [.unknownType])
        let row = try side.rows(["o1"], []).orders["o1"]
        #expect(row?.status == .confirmed && row?.version == StreamVersion(2))
    }

    @Test("a version that is being made stops at what it cannot read", arguments: ReadModelBackend.allCases)
    func stopped(backend: ReadModelBackend) throws {
        let shop = try shop()
        var side = try ReadSide(backend, errors: .rebuild)
        let step = side.work(shop)
        #expect(step == .stopped(.poison(Position(4), .undecodable, attempts: 1)))
        #expect(try side.projection.run.checkpoint == Position(3) && side.model.setAside(in: 1).isEmpty)
    }
}
