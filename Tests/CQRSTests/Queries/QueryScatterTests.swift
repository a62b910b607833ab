import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

@Suite("Query bus: shards")
struct QueryScatterTests {
    @Test("a query goes to the shard of its key; C4: a bad shard refuses its own queries and no others")
    func oneShard() throws {
        var library = try Library()
        let keys = (0..<60).map { "customer-\($0)" }
        let owner = library.bus.shards.ring.owner(of: "customer-0")
        for key in keys.filter({ library.bus.shards.ring.owner(of: $0) == owner }).prefix(2) {
            let execute = try library.ask(Query("Find", key: key))
            #expect(execute.first?.target == owner.map { .replica(0, shard: $0) })
            _ = try library.reply(execute.first, .fail(.timeout))
        }
        for key in keys {
            let step = try library.ask(Query("Find", key: key)).first
            if library.bus.shards.ring.owner(of: key) == owner {
                #expect(step?.failure == owner.map { .circuitOpen(shard: $0, retryAfter: .seconds(10)) })
            } else {
                #expect(step?.isExecution == true)
            }
        }
    }

    @Test("what an open breaker refuses is refused for all, not handed over from one to the next")
    func refusalIsNotHandedOver() throws {
        var library = try Library(sharedFailure: .handsOver)
        let query = try Query("Find", key: "customer-0")
        var steps = library.ask(query, from: 1)
        for caller in 2...5 as ClosedRange<UInt64> { #expect(library.ask(query, from: caller) == [.joined]) }
        steps = try library.reply(steps.last, .fail(.server))
        #expect(steps.first?.callers == [1] && steps.last?.isExecution == true)
        steps = try library.reply(steps.last, .fail(.server))
        #expect(steps.map(\.callers) == [[2], [3, 4, 5]])
        guard case .circuitOpen = steps.last?.failure else { throw QueryShardTests.Refused() }
        #expect(try library.metrics("Find").waiting == 0 && library.metrics("Find").failed == 5)
    }

    @Test("a query to all shards is one call each, one merge, and one answer that is kept")
    func scatter() throws {
        var library = try Library()
        let query = try Query("Count")
        let calls = library.ask(query, from: 1)
        #expect(calls.map(\.target) == ["a", "b", "c"].map { .replica(0, shard: $0) })
        #expect(library.ask(query, from: 2) == [.joined])
        #expect(try library.reply(calls[2], .value("3")).isEmpty)
        #expect(try library.reply(calls[2], .value("9")).isEmpty, "twice")
        #expect(try library.reply(calls[0], .value("1")).isEmpty)
        let merge = try library.reply(calls[1], .value("2"))
        guard case .merge(let parts, let missing, _) = merge.first else { throw QueryShardTests.Refused() }
        #expect(parts.map(\.shard) == ["a", "b", "c"] && parts.map(\.result.value) == ["1", "2", "3"])
        #expect(missing.isEmpty)
        #expect(try library.reply(calls[1], .value("8")).isEmpty, "late")
        let answer = try library.reply(merge.first, .value("6", "orders"))
        #expect(answer.first?.response?.value == "6" && answer.first?.callers == [1, 2])
        #expect(library.ask(query).first?.response?.value == "6")
        for shard in ["a", "b", "c"] { #expect(library.bus.shards.metrics(of: shard)?.inFlight == [0]) }
        #expect(library.bus.lateReplies == 2)
    }

    @Test("fail: as soon as one shard does not answer; what the others answer afterwards frees them, and no more")
    func failsFast() throws {
        var library = try Library()
        let calls = try library.ask(Query("Count"), from: 1)
        let answer = try library.reply(calls[1], .fail(.timeout))
        #expect(answer == [.answer(.failed(.incomplete(missing: ["b"])), to: [1])])
        #expect(library.bus.shards.metrics(of: "a")?.inFlight == [1])
        let again = try library.ask(Query("Count"))
        #expect(again.count == 3, "nobody joins what has failed")
        #expect(try library.reply(calls[0], .value("1")).isEmpty)
        #expect(try library.reply(calls[2], .fail(.timeout)).isEmpty)
        #expect(try library.reply(calls[2], .fail(.timeout)).isEmpty)
        #expect(library.bus.shards.metrics(of: "a")?.inFlight == [1], "that of the second query")
        #expect(library.bus.shards.metrics(of: "c")?.failed == 1)
        #expect(library.bus.lateReplies == 3)
    }

    @Test("answer with what there is, and name what is missing; such an answer is not kept")
    func partial() throws {
        var library = try Library()
        let query = try Query("Search")
        let calls = library.ask(query)
        _ = try library.reply(calls[0], .value("1"))
        _ = try library.reply(calls[1], .fail(.timeout))
        let merge = try library.reply(calls[2], .value("3"))
        guard case .merge(let parts, let missing, _) = merge.first else { throw QueryShardTests.Refused() }
        #expect(parts.map(\.shard) == ["a", "c"] && missing == ["b"])
        let response = try library.reply(merge.first, .value("4")).first?.response
        #expect(response?.value == "4" && response?.missing == ["b"])
        #expect(library.bus.cachedResults == 0)
        #expect(library.ask(query).count == 3)
        #expect(try library.metrics("Search").incomplete == 1)
    }

    @Test("too few are too few")
    func tooFew() throws {
        var library = try Library()
        let calls = try library.ask(Query("Search"))
        #expect(try library.reply(calls[0], .fail(.timeout)).isEmpty)
        let answer = try library.reply(calls[2], .fail(.network))
        #expect(answer.first?.failure == .incomplete(missing: ["a", "c"]))
        #expect("\(QueryFailure.incomplete(missing: ["a", "c"]))" == "no answer from a, c")
    }

    @Test("a shard whose breaker is open is missing from the start")
    func openBreaker() throws {
        var library = try Library()
        for _ in 0..<2 {
            let calls = try library.ask(Query("Search"))
            _ = try library.reply(calls[0], .fail(.server))
            _ = try library.reply(calls[1], .value("2"))
            let merge = try library.reply(calls[2], .value("3"))
            _ = try library.reply(merge.first, .value("5"))
        }
        let calls = try library.ask(Query("Search"))
        #expect(calls.map(\.target) == ["b", "c"].map { .replica(0, shard: $0) })
        #expect(try library.ask(Query("Count")).first?.failure == .incomplete(missing: ["a"]))
        #expect(library.bus.shards.metrics(of: "b")?.inFlight == [1], "what was not needed is given back")
        _ = try library.reply(calls[0], .value("2"))
        let merge = try library.reply(calls[1], .value("3"))
        guard case .merge(_, let missing, _) = merge.first else { throw QueryShardTests.Refused() }
        #expect(missing == ["a"])
    }

    @Test("without shards nobody can answer")
    func noShards() throws {
        var library = try Library(shards: [])
        #expect(try library.ask(Query("Count")).first?.failure == .noShard)
        #expect(try library.ask(Query("Find", key: "x")).first?.failure == .noShard)
        #expect(try library.metrics("Count").failed == 1)
    }

    @Test("a merge that fails is a failure; one whose parts were changed meanwhile is not kept")
    func merges() throws {
        var library = try Library()
        let query = try Query("Count")
        func gather() throws -> Library.Bus.Step? {
            let calls = library.ask(query)
            _ = try library.reply(calls[0], .value("1"))
            _ = try library.reply(calls[1], .value("1"))
            return try library.reply(calls[2], .value("1")).first
        }
        var merge = try gather()
        #expect(
            try library.reply(merge, .fail(.server, detail: "sum")).first?.failure == .fault(.server, detail: "sum"))
        merge = try gather()
        library.bus.invalidate(["orders"])
        #expect(try library.reply(merge, .value("3", "orders")).first?.response?.value == "3")
        #expect(library.ask(query).count == 3)
    }
}
