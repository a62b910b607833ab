import Gateway
import Resilience
import Testing
import Timeline

@Suite("A balancer of any kind")
struct BalancerTests {
    static let algorithms: [Balancer.Algorithm] = [
        .roundRobin, .smoothRoundRobin(maxFails: 1), .leastConnections, .powerOfTwoChoices,
        .peakEWMA(decay: .seconds(10)), .consistentHash(.ring(.xxhash(.pointsPerWeight(20)))),
        .consistentHash(.ring(.xxhash(.between(minimum: 16, maximum: 24)))),
        .consistentHash(.ring(.ketama), boundPercent: 110), .consistentHash(.maglev(size: 17), boundPercent: 200),
    ]

    static func backends(_ weights: [Int], zones: [Int] = []) throws -> [Backend] {
        try weights.enumerated().map { place, weight in
            try Backend("b\(place):80", weight: weight, zone: zones.isEmpty ? 0 : zones[place])
        }
    }

    static func stream(_ seed: UInt64 = 1) -> RandomStream {
        RandomStream(seed: seed, name: "balancer", purpose: "choices")
    }

    @Test("nil only where nobody may be used and there is no panic", arguments: algorithms)
    func nobody(algorithm: Balancer.Algorithm) throws {
        var random = Self.stream()
        let calm = try Balancer.Settings(algorithm, panic: PanicMode(below: 0))
        var balancer = Balancer(calm, try Self.backends([1]), at: .zero)
        let id = try #require(balancer.choose(at: .zero, using: &random))
        // The only one is used even if it was tried.
        #expect(balancer.choose(avoiding: [id], at: .zero, using: &random) == id)
        balancer.set(.unhealthy, true, of: id, at: .zero)
        #expect(balancer.choose(at: .zero, using: &random) == nil)
        var empty = Balancer(calm, at: .zero)
        #expect(empty.choose(at: .zero, using: &random) == nil)
        var panicking = Balancer(try .init(algorithm), try Self.backends([1]), at: .zero)
        panicking.set(.unhealthy, true, of: id, at: .zero)
        #expect(panicking.choose(at: .zero, using: &random) == id)
    }

    @Test("a retry avoids those that were tried as long as there is another", arguments: algorithms)
    func retries(algorithm: Balancer.Algorithm) throws {
        var random = Self.stream()
        var balancer = Balancer(try .init(algorithm), try Self.backends([1, 2, 3, 1]), at: .zero)
        for round in 0..<20 as Range<UInt64> {
            var tried: [BackendID] = []
            for _ in 0..<4 {
                let hash = RandomStream.scramble(round + 1)
                let id = try #require(balancer.choose(hash: hash, avoiding: tried, at: .zero, using: &random))
                tried.append(id)
            }
            // A small ring or table may have no point for one of them, and still it is found.
            #expect(Set(tried).count == 4)
        }
    }

    @Test("a late end of one that has left counts for nobody", arguments: algorithms)
    func lateEnds(algorithm: Balancer.Algorithm) throws {
        var random = Self.stream()
        var balancer = Balancer(try .init(algorithm), try Self.backends([1, 1]), at: .zero)
        let old = balancer.backends.ids[0]
        balancer.begin(old)
        balancer.begin(old)
        balancer.remove(old, at: .zero)
        #expect(balancer.backends.inFlight == 0)
        let new = try #require(balancer.add(try Backend("b0:80"), at: .zero))
        balancer.begin(new)
        balancer.end(old, took: .seconds(1), .failure, at: .zero)
        balancer.begin(old)
        #expect(balancer.backends.inFlight(of: new) == 1)
        balancer.end(new, took: .seconds(1), .success, at: .zero)
        balancer.end(new, took: .seconds(1), .success, at: .zero)
        #expect(balancer.backends.inFlight == 0)
        #expect(balancer.choose(at: .zero, using: &random) != nil)
    }

    @Test("an update keeps the state of those that stay")
    func update() throws {
        var random = Self.stream()
        var balancer = Balancer(try .init(.smoothRoundRobin(maxFails: 1)), try Self.backends([5, 1, 1]), at: .zero)
        func picks(_ count: Int) -> [Int?] {
            (0..<count).map { _ in balancer.choose(at: .zero, using: &random)?.place }
        }
        #expect(picks(3) == [0, 0, 1])
        let ids = balancer.backends.ids
        balancer.begin(ids[2])
        balancer.update(to: try Self.backends([5, 1, 1]).reversed(), at: .zero)
        #expect(balancer.backends.ids == ids)
        #expect(balancer.backends.inFlight(of: ids[2]) == 1)
        #expect(picks(4) == [0, 2, 0, 0])
        balancer.update(to: [try Backend("b2:80", weight: 4), try Backend("b9:80")], at: .zero)
        #expect(balancer.backends.ids.map(\.place) == [0, 2])
        #expect(balancer.backends.id(of: "b2:80") == ids[2])
    }

    @Test("what an end says reaches the algorithm: a failure takes the weight, a latency makes the average")
    func outcomes() throws {
        var random = Self.stream()
        let list = try Self.backends([5, 1, 1])
        var smooth = Balancer(try .init(.smoothRoundRobin(maxFails: 1)), list, at: .zero)
        let first = smooth.backends.ids[0]
        smooth.begin(first)
        smooth.end(first, took: .zero, .failure, at: .zero)
        let picks = (0..<14).map { _ in smooth.choose(at: .zero, using: &random)?.place }
        #expect(picks == [1, 2, 0, 0, 1, 0, 0, 2, 0, 0, 0, 1, 0, 0])

        var peak = Balancer(try .init(.peakEWMA(decay: .seconds(10))), try Self.backends([1, 1]), at: .zero)
        for (id, took) in zip(peak.backends.ids, [20, 10] as [Int64]) {
            peak.begin(id)
            peak.end(id, took: .milliseconds(took), .success, at: .zero)
        }
        for _ in 0..<10 { #expect(peak.choose(at: .zero, using: &random)?.place == 1) }
    }

    @Test("a newcomer starts slowly: a tenth, then in proportion to the time, then its whole weight")
    func slowStart() throws {
        var random = Self.stream()
        let settings = try Balancer.Settings(
            .smoothRoundRobin(maxFails: 1), slowStart: SlowStart(window: .seconds(100)))
        var balancer = Balancer(settings, try Self.backends([1]), at: .zero)
        let new = try #require(balancer.add(try Backend("new"), at: .zero))
        func share(at seconds: Int64) -> Double {
            let now = Instant.after(.seconds(seconds))
            let picks = (0..<2_000).map { _ in balancer.choose(at: now, using: &random) }
            return Double(picks.count { $0 == new }) / 2_000
        }
        #expect(abs(share(at: 0) - 0.1 / 1.1) < 0.01)
        #expect(abs(share(at: 50) - 0.5 / 1.5) < 0.01)
        #expect(abs(share(at: 100) - 0.5) < 0.01)
        balancer.set(.unhealthy, true, of: new, at: .after(.seconds(200)))
        #expect(share(at: 200) == 0)
        balancer.set(.unhealthy, false, of: new, at: .after(.seconds(300)))
        #expect(abs(share(at: 325) - 0.25 / 1.25) < 0.01)
        balancer.set(.full, true, of: new, at: .after(.seconds(500)))
        balancer.set(.full, false, of: new, at: .after(.seconds(500)))
        #expect(abs(share(at: 500) - 0.5) < 0.01)
    }

    @Test(
        "zones: with 60 % of the gateways and 40 % of the backends, two thirds stay",
        arguments: [.roundRobin, .smoothRoundRobin(maxFails: 1), .leastConnections, .powerOfTwoChoices]
            as [Balancer.Algorithm])
    func zones(algorithm: Balancer.Algorithm) throws {
        var random = Self.stream()
        let settings = try Balancer.Settings(algorithm, zones: ZoneAwareness(zone: 0, gateways: [3, 2]))
        let list = try Self.backends([Int](repeating: 1, count: 10), zones: [0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
        var balancer = Balancer(settings, list, at: .zero)
        func shares() -> (own: Double, each: ClosedRange<Int>) {
            var counts = [Int](repeating: 0, count: 10)
            for _ in 0..<6_000 { counts[balancer.choose(at: .zero, using: &random)?.place ?? 0] += 1 }
            return (Double(counts[..<4].reduce(0, +)) / 6_000, (counts.min() ?? 0)...(counts.max() ?? 0))
        }
        #expect(abs(shares().own - 0.6667) < 0.02)
        // Where gateways are spread as these are, each zone's backends get 40 % of 60 % and all of 40 %.
        #expect(balancer.routing == .shared(own: 6_666, ends: [0, 2_000]))
        for id in balancer.backends.ids.suffix(3) { balancer.set(.ejected, true, of: id, at: .zero) }
        #expect(balancer.routing == .shared(own: 9_523, ends: [0, 285]))
        balancer.set(.ejected, true, of: balancer.backends.ids[6], at: .zero)
        #expect(balancer.routing == .own)
        #expect(shares().own == 1)
        // A retry goes to another zone before it goes where it was.
        let tried = Array(balancer.backends.ids.prefix(4))
        let retry = try #require(balancer.choose(avoiding: tried, at: .zero, using: &random))
        #expect(retry.place == 4 || retry.place == 5)
        for id in balancer.backends.ids.prefix(3) { balancer.set(.ejected, true, of: id, at: .zero) }
        #expect(balancer.backends.isPanicking)
        #expect(shares().own < 0.5)
    }
}
