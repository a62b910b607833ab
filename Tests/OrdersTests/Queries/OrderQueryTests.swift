import CQRS
import EventSourcing
import Orders
import Testing
import Timeline

@Suite("Queries about orders")
struct OrderQueryTests {
    private func orders(_ response: QueryResponse<OrderAnswer>?) -> [String] {
        guard case .orders(let orders) = response?.value else { return [] }
        return orders.map(\.order)
    }

    @Test(
        "pages hold each order once and say how many there are, while orders arrive (C15)",
        arguments: ReadModelBackend.allCases)
    func pages(backend: ReadModelBackend) throws {
        let shop = try Shop()
        var side = try ReadSide(backend)
        var desk = try QueryDesk(try OrderQuery.types())
        for number in 1...25 { try shop.send(.cups(1, for: number == 3 ? "c2" : "c1"), of: "o\(number)") }
        side.work(shop)
        var (token, seen): (String?, [String]) = (nil, [])
        var totals: [PageTotal?] = []
        repeat {
            let page = PageRequest(size: 10, token: token)
            let response = try desk.response(.customerOrders("c1"), page: page, on: &side.model)
            seen += orders(response)
            totals.append(response?.total)
            token = response?.nextPage
            // Three more are placed while somebody turns the page, and an old one changes.
            for number in 0..<3 { try shop.send(.cups(1), of: "late\(totals.count)\(number)") }
            try shop.send(.confirm, of: "o5")
            side.work(shop)
            for change in side.projection.takeChanges() { desk.bus.take(change) }
        } while token != nil
        #expect(seen == (1...25).reversed().filter { $0 != 3 }.map { "o\($0)" })
        #expect(totals == [.exactly(24), .exactly(27), .exactly(30)])
        #expect(desk.bus.metrics(of: "GetCustomerOrders")?.totalsCorrected == 0)
    }

    @Test("a page that ends with the last order is the last", arguments: ReadModelBackend.allCases)
    func lastPage(backend: ReadModelBackend) throws {
        let shop = try Shop()
        var side = try ReadSide(backend)
        var desk = try QueryDesk(try OrderQuery.types())
        for number in 1...4 { try shop.send(.cups(1), of: "o\(number)") }
        side.work(shop)
        let query = OrderQuery.customerOrders("c1")
        let first = try desk.response(query, page: PageRequest(size: 2), on: &side.model)
        let second = try desk.response(query, page: PageRequest(size: 2, token: first?.nextPage), on: &side.model)
        #expect(orders(first) == ["o4", "o3"] && orders(second) == ["o2", "o1"] && second?.nextPage == nil)
        let nobody = try desk.response(.customerOrders("c9"), page: PageRequest(size: 2), on: &side.model)
        #expect(orders(nobody).isEmpty && nobody?.total == .exactly(0) && nobody?.nextPage == nil)
        let other = try OrderQuery.customerOrders("c2").query(page: PageRequest(size: 2, token: first?.nextPage))
        #expect(try desk.ask(other, on: &side.model) == .rejected(.pageToken(.otherQuery)))
    }

    @Test(
        "what has changed is not answered from the cache, and what has not is (C3)",
        arguments: ReadModelBackend.allCases)
    func cached(backend: ReadModelBackend) throws {
        let shop = try Shop()
        var side = try ReadSide(backend)
        var desk = try QueryDesk(try OrderQuery.types())
        func turn() {
            side.work(shop)
            for change in side.projection.takeChanges() { desk.bus.take(change) }
        }
        func status(_ order: String) throws -> Order.Status? {
            guard case .order(let row) = try desk.response(.order(order), on: &side.model)?.value else { return nil }
            return row?.status
        }
        #expect(try status("o1") == nil)
        for order in ["o1", "o2"] { try shop.send(.cups(1), of: order) }
        turn()
        #expect(try [status("o1"), status("o2"), status("o2")] == [.pending, .pending, .pending])
        try shop.send(.confirm, of: "o1")
        turn()
        #expect(try [status("o1"), status("o2")] == [.confirmed, .pending])
        #expect(desk.bus.metrics(of: "GetOrder")?.hits == 2, "those of o2")
        side.model.lostAnswers = 1
        try shop.send(.ship(tracking: "T1"), of: "o1")
        turn()
        #expect(try status("o1") == .shipped, "a commit of which nobody heard counts too")
        let stats = try desk.response(.customerStats("c1"), on: &side.model)
        #expect(stats?.position == side.projection.run.checkpoint)
        guard case .stats(let row) = stats?.value else {
            Issue.record("no stats")
            return
        }
        #expect(row.orders == 2 && row.spent == 1_250)
    }

    @Test("a query goes to the shard of its order or customer, always the same one")
    func sharded() throws {
        var side = try ReadSide(.memory)
        var desk = try QueryDesk(
            try OrderQuery.types(timeToLive: nil, reach: .shard), shards: ["s1", "s2", "s3"])
        for _ in 0..<2 {
            for number in 1...20 { _ = try desk.response(.order("o\(number)"), on: &side.model) }
        }
        #expect(desk.targets.count == 40 && Array(desk.targets.prefix(20)) == Array(desk.targets.suffix(20)))
        #expect(Set(desk.targets).count == 3)
    }

    @Test(
        "a query that cannot be answered gets one clear line",
        arguments: [
            ("GetOrder", "", nil, "invalid: order is required"),
            ("GetCustomerOrders", "", 10, "invalid: customer is required"),
            ("GetCustomerOrderStats", nil, nil, "invalid: customer is required"),
            ("GetCustomerOrders", "c1", 101, "page size 101 is out of range; allowed: 1 to 100"),
            ("GetCustomerOrders", "c1", nil, "it needs a page size of 1 to 100"),
            (
                "GetInvoice", "i1", nil,
                "no handler for GetInvoice; registered are GetCustomerOrderStats, GetCustomerOrders, GetOrder"
            ),
        ] as [(String, String?, Int?, String)])
    func refused(type: String, key: String?, size: Int?, message: String) throws {
        var side = try ReadSide(.memory)
        var desk = try QueryDesk(try OrderQuery.types())
        let query = try Query(type, key: key, page: size.map { PageRequest(size: $0) })
        guard case .rejected(let rejection) = try desk.ask(query, on: &side.model) else {
            Issue.record("it was answered")
            return
        }
        #expect("\(rejection)" == message)
    }

    @Test("a page begins where it should, or nowhere")
    func forged() throws {
        var side = try ReadSide(.memory)
        var desk = try QueryDesk(try OrderQuery.types())
        let query = OrderQuery.customerOrders("c1")
        let forged = PageToken(fingerprint: try query.query().fingerprint, itemsBefore: 0, after: [1]).text
        let answer = try desk.ask(try query.query(page: PageRequest(size: 10, token: forged)), on: &side.model)
        #expect(answer == .rejected(.invalid("page token: of another query; begin with the first page")))
    }
}
