import Scenarios
import Screen
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("What other caches would have had")
struct HindsightTests {
    private func lookups(_ keys: [UInt64], hits: Int = 0) -> ArraySlice<CacheLookup> {
        keys.enumerated().map { CacheLookup(key: $1 << 32 | $1, service: 0, isHit: $0 < hits) }[...]
    }

    @Test(
        "one LRU and the optimum have as many hits as is published",
        arguments: [
            // The textbook string, then Belady's anomaly, then a loop of one more than there is room for.
            ([7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1], 3, 8, 11),
            ([1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5], 4, 4, 6),
            ((0..<20).map { UInt64($0 % 5) }, 4, 0, 12),
            ([1, 2, 3], 0, 0, 0),
        ] as [([UInt64], Int, Int, Int)])
    func published(keys: [UInt64], capacity: Int, lru: Int, optimal: Int) {
        let hindsight = Hindsight(lookups(keys), of: keys.count, capacity: capacity)
        #expect(hindsight.lruHits == lru && hindsight.optimalHits == optimal)
        #expect(hindsight.lookups == keys.count && !hindsight.isPartial && hindsight.keys == Set(keys).count)
    }

    @Test("shares, the gap as it looks on the screen, and the hottest keys, the earlier one first of two as hot")
    func figures() throws {
        let hindsight = Hindsight(lookups([5, 6, 6, 5, 7, 6, 8, 9, 10], hits: 4), of: 1_000, capacity: 9)
        #expect(hindsight.isPartial && hindsight.hits == 4 && hindsight.optimalHits == 3)
        #expect(hindsight.share(3) == 3.0 / 9)
        let gap = try #require(hindsight.gap)
        #expect(abs(gap - (33.3 - 44.4)) < 1e-9)
        #expect(hindsight.hottest.map { $0.key >> 32 } == [6, 5, 7, 8, 9])
        #expect(
            hindsight.hottest.map(\.lookups) == [3, 2, 1, 1, 1] && hindsight.hottest.map(\.hits) == [2, 2, 0, 0, 0])
        #expect(Hindsight(lookups([]), of: 0, capacity: 4).share(0) == nil)
    }

    /// Readers go round five keys, twenty a second, and there is room for four of them.
    private static let loop = """
        sagascope: 1
        name: loop
        about: One key more than there is room for.
        seed: 1
        duration: 1m
        services:
          web: {workers: 4, latency: constant 1ms, operations: {read: {}}, cache: {l1: 4 entries}}
        load:
          readers: {call: web.read, rate: 20/s, arrivals: even, keys: loop over 5}
        """

    @Test("on the screen: a loop of one key too many has no hits in a cache of LRU, and four of five at the best")
    func onScreen() throws {
        var flight = try Flight(of: Self.loop, for: .milliseconds(5_500))
        #expect(flight.dashboard.hindsights[0] == nil)
        flight.press("7")
        let hindsight = try #require(flight.dashboard.hindsights[0])
        #expect((99...101).contains(hindsight.lookups) && hindsight.hits == 0 && hindsight.lruHits == 0)
        // Once the room is full, three of four (Belady).
        let optimal = try #require(hindsight.optimalHits)
        let gap = try #require(hindsight.gap)
        #expect((70...75).contains(optimal))
        let texts = flight.screen.text.split(separator: "\n")
        func row(_ title: String) -> String { texts.first { $0.contains(title) }.map { String($0) } ?? "" }
        #expect(row("hits as it is").contains("0% of \(hindsight.lookups) lookups"))
        #expect(row("one LRU").contains("0% in 4 entries"))
        let share = Figures.tenths(hindsight.share(optimal))
        #expect(row("the optimum").contains("\(share) \(Figures.decimal(gap, places: 1)) points better"))
        #expect(row("  L1").contains("4/4") && row("  L1").contains("0%"))
    }

    @Test("values of different sizes: one LRU of as many bytes, and no optimum, which nobody knows")
    func sized() throws {
        let keys = lookups([1, 2, 3, 1, 2, 3, 1, 2, 3])
        let hindsight = Hindsight(keys, of: 9, capacity: 10, weight: { $0 & 0xff == 3 ? 8 : 1 })
        // Keys 1 and 2 fit in beside 3 each time.
        #expect(hindsight.lruHits == 6 && hindsight.optimalHits == nil && hindsight.gap == nil)
        let larger = Hindsight(keys, of: 9, capacity: 10, weight: { $0 & 0xff == 3 ? 9 : 1 })
        #expect(larger.lruHits == 0)
        var flight = try Flight(
            of: Self.loop.replacing("l1: 4 entries", with: "value size: constant 10kB, l1: 50kB"), for: .seconds(3))
        flight.press("7")
        let text = flight.screen.text
        #expect(text.contains("50/50kB") && text.contains("unknown: values differ"))
    }

    @Test("they change once a second, are the same whenever one looks, and follow time back")
    func steady() throws {
        var flight = try Flight(of: Self.loop, for: .milliseconds(4_250))
        flight.press("7")
        let four = try #require(flight.dashboard.hindsights[0])
        flight.fly(.milliseconds(625))
        #expect(flight.dashboard.hindsights[0] == four)
        flight.fly(.milliseconds(625))
        let five = try #require(flight.dashboard.hindsights[0])
        #expect((19...21).contains(five.lookups - four.lookups))
        flight.press(":rewind to 4.5s{Enter}")
        #expect(flight.dashboard.hindsights[0] == four)
        flight.press("1")
        flight.fly(.seconds(1))
        #expect(flight.dashboard.hindsights[0] == four)
    }
}
