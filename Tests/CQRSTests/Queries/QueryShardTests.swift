import CQRS
import Resilience
import Testing
import Timeline

@Suite("Query shards")
struct QueryShardTests {
    /// Three shards of two replicas; a breaker opens at two failures of two calls, for 10 s.
    private func shards(_ balancing: QueryShards.Balancing = .roundRobin) throws -> QueryShards {
        let breaker = try CircuitBreaker.Settings(window: .calls(2), openTime: .seconds(10), probes: 1)
        var shards = QueryShards(try .init(balancing: balancing, breaker: breaker))
        for name in ["a", "b", "c"] { try shards.add(name, replicas: 2, at: .zero) }
        return shards
    }

    private func call(_ choice: QueryShards.Choice) throws -> QueryShards.Call {
        guard case .call(let call) = choice else { throw Refused() }
        return call
    }

    struct Refused: Error {}

    @Test("a key goes to its shard, which the ring decides")
    func routing() throws {
        var shards = try shards()
        var seen: Set<String> = []
        for number in 0..<50 {
            let key = "customer-\(number)"
            let call = try call(shards.call(for: key, at: .zero))
            #expect(call.shard == shards.ring.owner(of: key))
            seen.insert(call.shard)
        }
        #expect(seen == ["a", "b", "c"] && shards.names == ["a", "b", "c"])
        var none = QueryShards(try .init())
        #expect(none.call(for: "x", at: .zero) == .refused(.noShard))
        #expect(none.call(on: "x", at: .zero) == .refused(.noShard))
    }

    @Test("replicas take turns, or the one with the fewest queries is next")
    func balancing() throws {
        var turns = try shards()
        var calls = try (0..<4).map { _ in try call(turns.call(on: "a", at: .zero)) }
        #expect(calls.map(\.replica) == [0, 1, 0, 1])
        turns.end(calls[0], nil, at: .zero)
        turns.end(calls[2], nil, at: .zero)
        #expect(turns.metrics(of: "a")?.inFlight == [0, 2])
        #expect(try call(turns.call(on: "a", at: .zero)).replica == 0)

        var fewest = try shards(.leastInFlight)
        calls = try (0..<4).map { _ in try call(fewest.call(on: "a", at: .zero)) }
        #expect(calls.map(\.replica) == [0, 1, 0, 1])
        fewest.end(calls[1], nil, at: .zero)
        fewest.end(calls[3], nil, at: .zero)
        #expect(try call(fewest.call(on: "a", at: .zero)).replica == 1)
        #expect(try call(fewest.call(on: "a", at: .zero)).replica == 1)
        #expect(fewest.metrics(of: "a")?.inFlight == [2, 2] && fewest.metrics(of: "b")?.inFlight == [0, 0])
    }

    @Test("among equals the turn is that of the one behind the last")
    func turnAmongEquals() throws {
        var shards = QueryShards(try .init(balancing: .leastInFlight))
        try shards.add("a", replicas: 3, at: .zero)
        let calls = try (0..<3).map { _ in try call(shards.call(on: "a", at: .zero)) }
        shards.end(calls[2], nil, at: .zero)
        let fewest = try call(shards.call(on: "a", at: .zero))
        #expect(fewest.replica == 2)
        for ended in [calls[0], calls[1], fewest] { shards.end(ended, nil, at: .zero) }
        #expect(try call(shards.call(on: "a", at: .zero)).replica == 0)
    }

    @Test("C4: the breaker of a bad shard opens, and no other; after its time a probe closes it")
    func breakers() throws {
        var shards = try shards()
        for _ in 0..<2 {
            for (name, failure) in [("a", FailureKind?.none), ("b", .server)] {
                shards.end(try call(shards.call(on: name, at: .zero)), failure, at: .ms(5))
            }
        }
        #expect(shards.call(on: "b", at: .ms(5)) == .refused(.circuitOpen(shard: "b", retryAfter: .seconds(10))))
        _ = try call(shards.call(on: "a", at: .ms(5)))
        _ = try call(shards.call(on: "c", at: .ms(5)))
        let metrics = try #require(shards.metrics(of: "b"))
        #expect([metrics.calls, metrics.ended, metrics.failed, metrics.refused] == [2, 2, 2, 1])
        #expect(metrics.breaker == .open && shards.breaker(of: "b")?.trips == 1)
        #expect(metrics.duration == .milliseconds(10))
        let probe = try call(shards.call(on: "b", at: .ms(10_005)))
        shards.end(probe, nil, at: .ms(10_006))
        #expect(shards.metrics(of: "b")?.breaker == .closed)
    }

    @Test("a query that asks for nonsense does not speak against its shard")
    func clientFailures() throws {
        var shards = try shards()
        for _ in 0..<5 { shards.end(try call(shards.call(on: "a", at: .zero)), .client, at: .zero) }
        #expect(shards.metrics(of: "a")?.breaker == .closed && shards.metrics(of: "a")?.failed == 0)
    }

    @Test("a shard that is gone gets no calls; a call that it had counts nowhere, even if one of its name is back")
    func removal() throws {
        var shards = try shards()
        let old = try call(shards.call(on: "a", at: .zero))
        #expect(shards.remove("a") == true)
        #expect(shards.remove("a") == false)
        #expect(shards.call(on: "a", at: .zero) == .refused(.noShard) && shards.metrics(of: "a") == nil)
        for number in 0..<50 { #expect(try call(shards.call(for: "k\(number)", at: .zero)).shard != "a") }
        try shards.add("a", at: .zero)
        let new = try call(shards.call(on: "a", at: .zero))
        shards.end(old, .server, at: .zero)
        #expect(shards.metrics(of: "a")?.inFlight == [1] && shards.metrics(of: "a")?.failed == 0)
        shards.end(new, nil, at: .zero)
        shards.end(new, nil, at: .zero)
        #expect(shards.metrics(of: "a")?.inFlight == [0] && shards.metrics(of: "a")?.ended == 1)
    }

    @Test("settings out of their range are refused")
    func settings() throws {
        var shards = try shards()
        #expect(throws: SettingError.self) { try shards.add("a", at: .zero) }
        #expect(throws: SettingError.self) { try shards.add("d", replicas: 0, at: .zero) }
        #expect(throws: SettingError.self) { try QueryShards.Settings(pointsPerShard: 0) }
        #expect(shards.names == ["a", "b", "c"])
    }
}
