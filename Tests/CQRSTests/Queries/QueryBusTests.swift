import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

@Suite("Query bus: registration, validation, pages")
struct QueryBusTests {
    @Test("a query nobody answers is refused, and told who is there")
    func noHandler() throws {
        var library = try Library()
        let rejection = try library.ask(Query("Bill"), from: 4)
        let registered = ["Count", "Find", "Get", "List", "Live", "Search"]
        #expect(rejection == [.answer(.rejected(.noHandler(type: "Bill", registered: registered)), to: [4])])
        #expect(library.bus.unrouted == 1 && library.bus.metrics(of: "Bill") == nil)
    }

    @Test("a type has one handler")
    func oneHandler() throws {
        var library = try Library()
        let second = try QueryType("Live", handledBy: "billing")
        #expect(throws: QueryRegistrationError.self) { try library.bus.register(second) }
        try library.bus.register(QueryType("Live", handledBy: "orders"))
        #expect(library.bus.registeredTypes.count == 6)
        #expect(throws: QueryRegistrationError.self) {
            try library.bus.register(QueryType("Live", handledBy: "orders", timeToLive: .seconds(1)))
        }
    }

    @Test("validation, execution, answer; each step has a ticket of its own")
    func way() throws {
        var library = try Library()
        let query = try Query("Live", key: "7")
        let validate = library.bus.ask(query, from: 3, at: .zero)
        #expect(validate.ticket.flatMap { library.bus.query(of: $0) } == query)
        let execute = try library.reply(validate, .pass)
        #expect(execute.map(\.target) == [.local])
        #expect(try library.reply(validate, .pass).isEmpty, "twice")
        let answer = try library.reply(execute.first, .value("x"), at: .ms(4))
        #expect(answer.first?.response?.value == "x" && answer.first?.callers == [3])
        #expect(answer.first?.response?.age == .zero && answer.first?.response?.total == nil)
        #expect(try library.reply(execute.first, .value("y")).isEmpty, "late")
        #expect(execute.first?.ticket.flatMap { library.bus.query(of: $0) } == nil)
        let metrics = try library.metrics("Live")
        #expect([metrics.asked, metrics.answered, metrics.executions, metrics.waiting] == [1, 1, 1, 0])
        #expect(metrics.duration == .milliseconds(4) && metrics.hitRatio == nil)
    }

    @Test("what is not valid is not executed; neither is it remembered")
    func invalid() throws {
        var library = try Library()
        let query = try Query("Get", key: "7")
        var steps = try library.reply(library.bus.ask(query, at: .zero), .reject("not yours"))
        #expect(steps.first?.rejection == .invalid("not yours"))
        steps = try library.reply(library.bus.ask(query, at: .zero), .fail(.timeout, detail: "who are you"))
        #expect(steps.first?.failure == .fault(.timeout, detail: "who are you"))
        steps = try library.reply(library.ask(query).first, .reject("no such order"))
        #expect(steps.first?.rejection == .invalid("no such order"))
        #expect(library.ask(query).first?.isExecution == true)
        #expect(try library.metrics().rejected == 2 && library.metrics().failed == 1)
    }

    @Test(
        "the guide's page size: 1 to 100",
        arguments: [(0, false), (-1, false), (1, true), (100, true), (101, false), (Int.max, false)])
    func pageSize(size: Int, isAllowed: Bool) throws {
        var library = try Library()
        let steps = try library.ask(Query("List", page: .init(size: size)))
        #expect(steps.first?.rejection == (isAllowed ? nil : .pageSize(size, limit: 100)))
        #expect(steps.first?.isExecution == isAllowed)
    }

    @Test("a type with pages wants one, a type without wants none, a shard's wants a key")
    func shape() throws {
        var library = try Library()
        #expect(try library.ask(Query("List")).first?.rejection == .pageNeeded(limit: 100))
        #expect(try library.ask(Query("Get", page: .init(size: 5))).first?.rejection == .noPages)
        #expect(try library.ask(Query("Find")).first?.rejection == .keyNeeded)
        #expect(try library.metrics("List").rejected == 1)
    }

    /// Reads a list by pages, as a handler does: behind the key of the last item, and counts as far as it is told.
    private func read(_ rows: [Int], _ start: PageStart?, total: PageTotal?) -> QueryResult<String> {
        let after = start?.after.map { Int($0[0]) } ?? -1
        let rest = rows.filter { $0 > after }
        let items = rest.prefix(start?.size ?? 0)
        let next = rest.count > items.count ? items.last.map { [UInt8($0)] } : nil
        return QueryResult(
            items.map(String.init).joined(separator: " "), page: PageEnd(items: items.count, total: total, next: next))
    }

    @Test("pages go on behind the last item by its key: what comes or goes before it moves nothing")
    func keyset() throws {
        var library = try Library()
        var rows = Array(10..<20)
        var (token, seen) = (String?.none, [String]())
        repeat {
            let query = try Query("List", key: "7", page: .init(size: 3, token: token))
            let execute = library.ask(query)
            let ticket = try #require(execute.first?.ticket)
            let result = read(rows, library.bus.page(of: ticket), total: .exactly(rows.count))
            let response = try #require(library.reply(execute.first, .result(result)).first?.response)
            seen.append(response.value)
            token = response.nextPage
            if seen.count == 1 { rows.removeAll { $0 == 10 } }
            if seen.count == 2 { rows.insert(5, at: 0) }
        } while token != nil
        #expect(seen == ["10 11 12", "13 14 15", "16 17 18", "19"])
    }

    @Test("a token of another query is refused, and so is a damaged one")
    func foreignToken() throws {
        var library = try Library()
        let first = try Query("List", key: "7", page: .init(size: 1))
        let execute = library.ask(first)
        let result = QueryResult("x", page: PageEnd(items: 1, next: [1]))
        let token = try #require(library.reply(execute.first, .result(result)).first?.response?.nextPage)
        func rejection(_ query: Query) -> QueryRejection? { library.ask(query).first?.rejection }
        #expect(try rejection(Query("List", key: "8", page: .init(size: 1, token: token))) == .pageToken(.otherQuery))
        #expect(
            try rejection(Query("List", key: "7", criteria: ["s": "x"], page: .init(size: 1, token: token)))
                == .pageToken(.otherQuery))
        #expect(
            try rejection(Query("List", key: "7", page: .init(size: 1, token: String(token.dropLast(2)))))
                == .pageToken(.damaged))
        #expect(
            try rejection(Query("List", key: "7", page: .init(size: 1, token: "page-2")))
                == .pageToken(.notAToken(position: 0)))
        // Another size is the same query.
        #expect(try rejection(Query("List", key: "7", page: .init(size: 50, token: token))) == nil)
    }

    @Test(
        "C15: the total is never the length of a page while more follows, nor less than what was seen",
        arguments: [
            Total(claimed: .exactly(10), items: 10, hasMore: true, expected: .atLeast(11)),
            Total(claimed: .exactly(25), items: 10, hasMore: true, expected: .exactly(25)),
            Total(claimed: .exactly(10), items: 10, hasMore: false, expected: .exactly(10)),
            Total(claimed: .exactly(3), items: 10, hasMore: false, expected: .atLeast(10)),
            Total(claimed: .atLeast(5), items: 10, hasMore: true, expected: .atLeast(11)),
            Total(claimed: .atLeast(1_000), items: 10, hasMore: true, expected: .atLeast(1_000)),
            Total(claimed: nil, items: 10, hasMore: true, expected: .atLeast(11)),
            Total(claimed: nil, items: 4, hasMore: false, expected: .exactly(4)),
            Total(claimed: .exactly(0), items: 0, hasMore: false, expected: .exactly(0)),
            Total(claimed: .exactly(10), items: 10, before: 20, hasMore: false, expected: .atLeast(30)),
            Total(claimed: nil, items: 10, before: 20, hasMore: true, expected: .atLeast(31)),
            Total(claimed: nil, items: 10, before: 20, hasMore: false, expected: .exactly(30)),
            Total(claimed: nil, items: 10, before: .max, hasMore: true, expected: .atLeast(.max)),
        ])
    func honestTotals(example: Total) throws {
        var library = try Library()
        let bare = try Query("List", page: .init(size: 10))
        let token = PageToken(fingerprint: bare.fingerprint, itemsBefore: example.before, after: [0]).text
        let query = try Query("List", page: .init(size: 10, token: example.before == 0 ? nil : token))
        let end = PageEnd(items: example.items, total: example.claimed, next: example.hasMore ? [9] : nil)
        let response = try library.reply(library.ask(query).first, .result(QueryResult("", page: end))).first?.response
        #expect(response?.total == example.expected)
        #expect((response?.nextPage != nil) == example.hasMore)
        let isCorrected = example.claimed != nil && example.claimed != example.expected
        #expect(try library.metrics("List").totalsCorrected == (isCorrected ? 1 : 0))
    }

    struct Total: Sendable {
        var claimed: PageTotal?
        var items: Int
        var before = 0
        var hasMore: Bool
        var expected: PageTotal
    }

    @Test("no more queries are executed at once than may be")
    func concurrency() throws {
        var library = try Library(concurrency: 1)
        let execute = try library.ask(Query("Live", key: "1"))
        #expect(try library.ask(Query("Live", key: "2")).first?.rejection == .busy(limit: 1))
        _ = try library.reply(execute.first, .value("x"))
        #expect(try library.ask(Query("Live", key: "2")).first?.isExecution == true)
    }

    @Test("settings out of their range are refused")
    func settings() {
        #expect(throws: SettingError.self) { try QueryType("", handledBy: "x") }
        #expect(throws: SettingError.self) { try QueryType("x", handledBy: "") }
        #expect(throws: SettingError.self) { try QueryType("x", handledBy: "x", pageLimit: 0) }
        #expect(throws: SettingError.self) { try QueryType("x", handledBy: "x", timeToLive: .zero) }
        #expect(throws: SettingError.self) {
            try QueryType("x", handledBy: "x", reach: .allShards(.isAnswered(from: 0)))
        }
        #expect(throws: SettingError.self) { try QueryBusSettings(cacheCapacity: -1, shards: .init()) }
        #expect(throws: SettingError.self) { try QueryBusSettings(rememberedTags: -1, shards: .init()) }
        #expect(throws: SettingError.self) { try QueryBusSettings(sharedFor: .zero, shards: .init()) }
        #expect(throws: SettingError.self) { try QueryBusSettings(concurrency: 0, shards: .init()) }
    }
}
