import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

@Suite("Query bus: results used again, executions shared")
struct QuerySharingTests {
    private func order() throws -> Query { try Query("Get", key: "order-1") }

    @Test("a result is used again until its time is over, with its age")
    func hit() throws {
        var library = try Library()
        let query = try order()
        _ = try library.reply(library.ask(query).first, .value("pending", "order:1", at: 5))
        let hit = library.ask(query, from: 9, at: .ms(59_999))
        #expect(hit.first?.response?.value == "pending" && hit.first?.callers == [9])
        #expect(hit.first?.response?.age == .milliseconds(59_999) && hit.first?.response?.position == Position(5))
        #expect(library.ask(query, at: .ms(60_000)).first?.isExecution == true)
        let metrics = try library.metrics()
        #expect([metrics.hits, metrics.misses, metrics.executions] == [1, 2, 2] && metrics.hitRatio == 1.0 / 3)
        #expect(library.bus.cachedResults == 0)
    }

    @Test("C3: read your own write: after a change the next query is executed")
    func invalidated() throws {
        var library = try Library()
        let query = try order()
        _ = try library.reply(library.ask(query).first, .value("pending", "order:1", at: 5))
        #expect(library.bus.invalidate(["order:1"], at: Position(6)) == 1)
        _ = try library.reply(library.ask(query).first, .value("confirmed", "order:1", at: 6))
        #expect(library.ask(query).first?.response?.value == "confirmed")
        #expect(library.bus.invalidateAll() == 1 && library.bus.invalidatedResults == 1)
        #expect(library.ask(query).first?.isExecution == true)
    }

    @Test("C3: many at once are one execution, and all get its result")
    func singleFlight() throws {
        var library = try Library()
        let query = try order()
        let execute = library.ask(query, from: 0)
        for caller in 1...99 as ClosedRange<UInt64> { #expect(library.ask(query, from: caller) == [.joined]) }
        #expect(try library.metrics().waiting == 100)
        let answer = try library.reply(execute.first, .value("x"), at: .ms(2))
        #expect(answer.count == 1 && answer.first?.callers == Array(0...99))
        let metrics = try library.metrics()
        #expect([metrics.misses, metrics.coalesced, metrics.executions, metrics.answered] == [1, 99, 1, 100])
        #expect(metrics.waiting == 0 && metrics.duration == .milliseconds(200))
    }

    @Test("what is never used again is never shared either: each caller gets what is true when it asks")
    func uncached() throws {
        var library = try Library()
        let query = try Query("Live", key: "1")
        #expect(library.ask(query).first?.isExecution == true)
        #expect(library.ask(query).first?.isExecution == true)
        #expect(try library.metrics("Live").executions == 2 && library.metrics("Live").coalesced == 0)
    }

    @Test("a failure is told to all who joined, and not kept")
    func failureTold() throws {
        var library = try Library()
        let query = try order()
        let execute = library.ask(query, from: 1)
        _ = library.ask(query, from: 2)
        let answer = try library.reply(execute.first, .fail(.timeout))
        #expect(answer == [.answer(.failed(.fault(.timeout)), to: [1, 2])])
        #expect(library.ask(query).first?.isExecution == true)
        #expect(library.bus.cachedResults == 0)
        #expect(try library.metrics().failed == 2)
    }

    @Test("or, by setting, to the first only: the next takes over, until one succeeds or all have failed")
    func failureHandedOver() throws {
        var library = try Library(sharedFailure: .handsOver)
        let query = try order()
        var steps = library.ask(query, from: 1)
        for caller in 2...4 as ClosedRange<UInt64> { _ = library.ask(query, from: caller) }
        for caller in 1...2 as ClosedRange<UInt64> {
            steps = try library.reply(steps.last, .fail(.server))
            #expect(steps.count == 2 && steps.first?.callers == [caller] && steps.last?.isExecution == true)
        }
        #expect(library.ask(query, from: 5) == [.joined])
        steps = try library.reply(steps.last, .value("x"))
        #expect(steps.count == 1 && steps.first?.callers == [3, 4, 5])
        #expect(try library.metrics().executions == 3)
        steps = try library.ask(Query("Get", key: "other"), from: 1)
        steps = try library.reply(steps.last, .reject("not found"))
        #expect(steps.first?.rejection == .invalid("not found"), "a refusal is no failure")
    }

    @Test("C3, E6: an execution that began before a change is not kept, and those who asked after it do not get it")
    func staleFlight() throws {
        var library = try Library()
        let query = try order()
        let execute = library.ask(query, from: 1)
        _ = library.ask(query, from: 2)
        library.bus.invalidate(["order:1"], at: Position(6))
        #expect(library.ask(query, from: 3) == [.joined])
        #expect(library.ask(query, from: 4) == [.joined])
        let steps = try library.reply(execute.first, .value("pending", "order:1", at: 5))
        #expect(steps.count == 2 && steps.first?.response?.value == "pending" && steps.first?.callers == [1, 2])
        #expect(steps.last?.isExecution == true)
        #expect(library.ask(query, from: 5) == [.joined])
        let answer = try library.reply(steps.last, .value("confirmed", "order:1", at: 6))
        #expect(answer.first?.response?.value == "confirmed" && answer.first?.callers == [3, 4, 5])
        #expect(library.ask(query).first?.response?.value == "confirmed")
        #expect(try library.metrics().stalePuts == 1)
    }

    @Test("a change of something else is in nobody's way")
    func otherChange() throws {
        var library = try Library()
        let query = try order()
        let execute = library.ask(query, from: 1)
        library.bus.invalidate(["order:2"])
        _ = library.ask(query, from: 2)
        let steps = try library.reply(execute.first, .value("pending", "order:1"))
        #expect(steps.count == 1 && steps.first?.callers == [1, 2])
        #expect(library.ask(query).first?.response != nil)
    }

    @Test("a lagging replica's answer is told to who asked first, once, and not kept; the rest do not wait for ever")
    func laggingReplica() throws {
        var library = try Library()
        let query = try order()
        let validate = library.bus.ask(query, from: 1, at: .zero)
        library.bus.invalidate(["order:1"], at: Position(6))
        let execute = try library.reply(validate, .pass)
        library.bus.invalidate(["x"])
        _ = library.ask(query, from: 2)
        var steps = try library.reply(execute.first, .value("pending", "order:1", at: 5))
        #expect(steps.count == 2 && steps.first?.callers == [1])
        steps = try library.reply(steps.last, .value("pending", "order:1", at: 5))
        #expect(steps.count == 1 && steps.first?.callers == [2] && steps.first?.response?.position == Position(5))
        #expect(library.bus.cachedResults == 0)
    }

    @Test("who withdraws is not told; the execution goes on, and its result is kept")
    func withdrawn() throws {
        var library = try Library()
        let query = try order()
        let execute = library.ask(query, from: 1)
        _ = library.ask(query, from: 2)
        #expect(library.bus.withdraw(1, from: query) == true)
        #expect(library.bus.withdraw(1, from: query) == false)
        #expect(library.bus.withdraw(2, from: query) == true)
        #expect(try library.reply(execute.first, .value("x")).first?.callers == [])
        #expect(library.ask(query).first?.response?.value == "x")
        let metrics = try library.metrics()
        #expect(metrics.withdrawn == 2 && metrics.waiting == 0)
        #expect(metrics.asked == metrics.answered + metrics.rejected + metrics.failed + metrics.withdrawn)
    }

    @Test("who withdraws before the execution, or from one that is not shared, is not told either")
    func withdrawnEarly() throws {
        var library = try Library()
        let query = try Query("Live", key: "1")
        let validate = library.bus.ask(query, from: 1, at: .zero)
        #expect(library.bus.withdraw(1, from: query) == true)
        #expect(try library.reply(validate, .pass).isEmpty)
        let execute = library.ask(query, from: 2)
        #expect(library.bus.withdraw(1, from: query) == false)
        #expect(library.bus.withdraw(2, from: query) == true)
        #expect(try library.reply(execute.first, .value("x")).first?.callers == [])
        #expect(try library.metrics("Live").withdrawn == 2 && library.metrics("Live").waiting == 0)
    }

    @Test("an execution that takes too long is not joined any more: the next begins another, and both are answered")
    func sharedFor() throws {
        var library = try Library()
        let query = try order()
        let first = library.ask(query, from: 1)
        #expect(library.ask(query, from: 2, at: .ms(29_999)) == [.joined])
        let second = library.ask(query, from: 3, at: .ms(30_000))
        #expect(second.first?.isExecution == true)
        #expect(library.ask(query, from: 4, at: .ms(30_001)) == [.joined])
        #expect(try library.reply(first.first, .value("x"), at: .ms(30_002)).first?.callers == [1, 2])
        #expect(library.ask(query, from: 5, at: .ms(30_003)).first?.response?.value == "x")
        #expect(try library.reply(second.first, .value("y"), at: .ms(30_004)).first?.callers == [3, 4])
    }

    @Test("an execution without a result has failed")
    func noResult() throws {
        var library = try Library()
        let steps = try library.reply(library.ask(try order()).first, .pass)
        #expect(steps.first?.failure == .fault(.server, detail: "it was executed without a result"))
    }

    @Test("each page is a result of its own, and a page from the cache knows where the next begins")
    func pages() throws {
        var library = try Library()
        let query = try Query("List", page: .init(size: 2))
        let end = PageEnd(items: 2, total: .exactly(3), next: [2])
        let first = try library.reply(library.ask(query).first, .result(QueryResult("1 2", page: end))).first?.response
        #expect(library.ask(query).first?.response?.nextPage == first?.nextPage)
        #expect(library.ask(query).first?.response?.total == .exactly(3))
        let second = try Query("List", page: .init(size: 2, token: try #require(first?.nextPage)))
        let execute = library.ask(second)
        #expect(execute.first?.ticket.flatMap { library.bus.page(of: $0) }?.after == [2])
        #expect(execute.first?.ticket.flatMap { library.bus.page(of: $0) }?.itemsBefore == 2)
    }
}
