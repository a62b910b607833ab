import CQRS
import Caching
import EventSourcing
import Testing
import Timeline

@Suite("Query cache")
struct QueryCacheTests {
    typealias Cache = QueryCache<Int>

    private func query(_ key: String) throws -> Query { try Query("GetOrder", key: key) }

    private func result(_ value: Int, _ tags: [String], at position: Int64? = nil) -> QueryResult<Int> {
        QueryResult(value, tags: tags, position: position.map { Position($0) })
    }

    @Test("a result is used again until its time is over, then it is not")
    func timeToLive() throws {
        var cache = Cache(capacity: 10, rememberedTags: 10)
        let (short, long) = (try query("a"), try query("b"))
        let fill = cache.fill()
        #expect(cache.put(result(1, ["s"]), of: short, from: fill, timeToLive: .seconds(1), at: .zero) == .kept)
        #expect(cache.put(result(2, []), of: long, from: fill, timeToLive: .seconds(9), at: .zero) == .kept)
        let hit = cache.result(of: short, at: .ms(999))
        #expect(hit?.result.value == 1 && hit?.age == .milliseconds(999))
        #expect(cache.result(of: short, at: .ms(1_000)) == nil)
        #expect(cache.result(of: long, at: .ms(8_999))?.result.value == 2)
        #expect([cache.statistics.hits, cache.statistics.expired, cache.count] == [2, 1, 1])
        #expect(cache.invalidate(["s"]) == 0, "it is gone already")
    }

    @Test("it drops what was used least recently, and forgets its tags")
    func capacity() throws {
        var cache = Cache(capacity: 2, rememberedTags: 10)
        for (value, key) in [(1, "a"), (2, "b"), (3, "c")] {
            _ = cache.put(
                result(value, ["t"]), of: try query(key), from: cache.fill(), timeToLive: .seconds(9), at: .zero)
            _ = cache.result(of: try query("a"), at: .zero)
        }
        #expect(cache.result(of: try query("b"), at: .zero) == nil)
        #expect(cache.invalidate(["t"]) == 2)
        #expect(cache.count == 0 && cache.invalidated == 2)
        var none = Cache(capacity: 0, rememberedTags: 0)
        _ = none.put(result(1, ["t"]), of: try query("a"), from: none.fill(), timeToLive: .seconds(9), at: .zero)
        #expect(none.result(of: try query("a"), at: .zero) == nil && none.invalidate(["t"]) == 0)
    }

    @Test("C3: a change drops the results that are tagged with it, and no others")
    func invalidate() throws {
        var cache = Cache(capacity: 10, rememberedTags: 10)
        for (value, key, tags) in [
            (1, "a", ["order:1", "customer:7"]), (2, "b", ["order:2", "customer:7"]), (3, "c", []),
        ] {
            _ = cache.put(
                result(value, tags), of: try query(key), from: cache.fill(), timeToLive: .seconds(9), at: .zero)
        }
        #expect(cache.invalidate(["order:1"]) == 1)
        #expect(cache.result(of: try query("a"), at: .zero) == nil)
        #expect(cache.result(of: try query("b"), at: .zero)?.result.value == 2)
        #expect(cache.invalidate(["customer:7", "order:2"]) == 1, "one result with two of the tags counts once")
        #expect(cache.invalidate(["order:99"]) == 0 && cache.invalidate([]) == 0)
        #expect(cache.result(of: try query("c"), at: .zero)?.result.value == 3)
    }

    @Test("a result that includes the event that says of the change is still good")
    func includes() throws {
        var cache = Cache(capacity: 10, rememberedTags: 10)
        let order = try query("a")
        _ = cache.put(result(1, ["o"], at: 10), of: order, from: cache.fill(), timeToLive: .seconds(9), at: .zero)
        #expect(cache.invalidate(["o"], at: Position(10)) == 0)
        #expect(cache.invalidate(["o"], at: Position(11)) == 1)
        _ = cache.put(result(2, ["o"]), of: order, from: cache.fill(), timeToLive: .seconds(9), at: .zero)
        #expect(cache.invalidate(["o"], at: Position(1)) == 1, "it does not say what it includes")
    }

    @Test("C3, E6: read, change, put: what was read before the change is not kept, as it would be for ever")
    func stalePut() throws {
        var cache = Cache(capacity: 10, rememberedTags: 10)
        let order = try query("a")
        let fill = cache.fill()
        cache.invalidate(["other"])
        cache.invalidate(["o"])
        let put = cache.put(result(1, ["x", "o"]), of: order, from: fill, timeToLive: .seconds(9), at: .zero)
        #expect(put == .changedMeanwhile(tag: "o"))
        #expect(cache.result(of: order, at: .zero) == nil && cache.stalePuts == 1)
        #expect(cache.put(result(1, ["x"]), of: order, from: fill, timeToLive: .seconds(9), at: .zero) == .kept)
        #expect(cache.put(result(2, ["o"]), of: order, from: cache.fill(), timeToLive: .seconds(9), at: .zero) == .kept)
        #expect(cache.invalidate(["x"]) == 0, "the result with that tag was replaced")
    }

    @Test("what a lagging replica answers is not kept, even if it was asked after the change")
    func behind() throws {
        var cache = Cache(capacity: 10, rememberedTags: 10)
        let order = try query("a")
        cache.invalidate(["o"], at: Position(100))
        cache.invalidate(["o"], at: Position(90))
        let late = cache.put(
            result(1, ["o"], at: 99), of: order, from: cache.fill(), timeToLive: .seconds(9), at: .zero)
        #expect(late == .behind(tag: "o"))
        let good = cache.put(
            result(2, ["o"], at: 100), of: order, from: cache.fill(), timeToLive: .seconds(9), at: .zero)
        #expect(good == .kept)
        let other = cache.put(
            result(3, ["p"], at: 1), of: try query("b"), from: cache.fill(), timeToLive: .seconds(9), at: .zero)
        #expect(other == .kept)
    }

    @Test("clearing everything concerns what is on the way too, tagged or not")
    func clear() throws {
        var cache = Cache(capacity: 10, rememberedTags: 10)
        let fill = cache.fill()
        _ = cache.put(result(1, []), of: try query("a"), from: fill, timeToLive: .seconds(9), at: .zero)
        #expect(cache.removeAll() == 1)
        #expect(
            cache.put(result(1, []), of: try query("a"), from: fill, timeToLive: .seconds(9), at: .zero)
                == .clearedMeanwhile)
    }

    @Test("tags that are forgotten for want of room make it careful, never wrong")
    func forgotten() throws {
        var cache = Cache(capacity: 10, rememberedTags: 2)
        let fill = cache.fill()
        for number in 1...3 { cache.invalidate(["t\(number)"], at: Position(Int64(number) * 10)) }
        let order = try query("a")
        func put(_ tag: String, at position: Int64?, _ fill: Cache.Fill) -> Cache.Put {
            cache.put(result(1, [tag], at: position), of: order, from: fill, timeToLive: .seconds(9), at: .zero)
        }
        #expect(put("t1", at: nil, fill) == .changedMeanwhile(tag: "t1"))
        #expect(put("t9", at: nil, fill) == .changedMeanwhile(tag: "t9"), "it might have been one of the forgotten")
        #expect(put("t9", at: 9, cache.fill()) == .behind(tag: "t9"))
        #expect(put("t9", at: 10, cache.fill()) == .kept)
        var none = Cache(capacity: 10, rememberedTags: 0)
        let early = none.fill()
        none.invalidate(["t"])
        let refused = none.put(result(1, ["u"]), of: order, from: early, timeToLive: .seconds(9), at: .zero)
        #expect(refused == .changedMeanwhile(tag: "u"))
    }
}
