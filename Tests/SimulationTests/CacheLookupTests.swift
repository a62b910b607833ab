import Caching
import Testing
import Timeline

@testable import Simulation

@Suite("What is kept of the lookups of caches")
struct CacheLookupTests {
    /// A service of two replicas with a cache of its own each, `size` entries large, and one of 8 that both share, before
    /// which readers go round so many keys.
    private func system(keys: UInt32, size: Int, rate: Double = 100) -> SmallSystem {
        var system = SmallSystem(rate: rate, workers: 8)
        var shared = CachePlan.Level(number: 2, capacity: 8)
        shared.policy = .clock
        system.plan.services[0].replicas = 2
        system.plan.services[0].cache = CachePlan(levels: [CachePlan.Level(name: "l1", capacity: size), shared])
        system.plan.loads[0].keys = .loop(from: 1, keys)
        return system
    }

    @Test("each lookup is kept with its key and whether it was a hit, and they add up to what the cache counts")
    func all() throws {
        let simulation = system(keys: 5, size: 3).run(for: .seconds(4))
        let counts = try #require(simulation.world.cache(ofService: 0)).counts
        let log = simulation.lookups[0]
        let kept = Array(log.latest(ofFirst: log.total))
        #expect(log.total == counts.lookups && kept.count == counts.lookups && counts.lookups > 300)
        #expect(kept.count { $0.isHit } == counts.hits && counts.hits > 100)
        let numbers = kept.prefix(7).map { CacheView.parts(of: $0.key).number }
        #expect(numbers == [1, 2, 3, 4, 5, 1, 2])
        #expect(kept.first?.key == CacheView.key(1, of: 0))
    }

    @Test("turning time back forgets them, and the same ones come again")
    func rewind() {
        let whole = system(keys: 5, size: 3).run(for: .seconds(4))
        var other = whole
        other.seek(to: .after(.milliseconds(1_500)))
        let lookups = other.lookups[0]
        #expect(lookups.total == other.world.cache(ofService: 0)?.counts.lookups)
        #expect(lookups.total < 200 && lookups.rewinds == 1)
        other.seek(to: .after(.seconds(4)))
        let (first, second) = (whole.lookups[0], other.lookups[0])
        #expect(Array(first.latest(ofFirst: .max)) == Array(second.latest(ofFirst: .max)))
    }

    @Test("whether they are kept changes nothing, and without it there are none")
    func onlooker() {
        let system = system(keys: 5, size: 3)
        var options = Simulation.Options()
        options.keepsLookups = false
        var blind = Simulation(plan: system.plan, options: options)
        blind.run(until: .after(.seconds(3)))
        let seeing = system.run(for: .seconds(3))
        #expect(blind.world.runDigest == seeing.world.runDigest && blind.world.stateDigest == seeing.world.stateDigest)
        #expect(blind.lookups[0].total == 0 && seeing.lookups[0].total > 0)
    }

    @Test("of very many the latest are to be had, as of any moment that is not too long ago")
    func bounded() {
        var log = LookupLog()
        for number in 0..<UInt64(250_000) { log.append(CacheLookup(key: number, service: 0, isHit: false)) }
        #expect(log.total == 250_000)
        #expect(log.latest(ofFirst: 250_000).map(\.key) == Array(150_000..<250_000))
        #expect(log.latest(ofFirst: 210_000).last?.key == 209_999)
        #expect(log.latest(ofFirst: 50_000).isEmpty)
        log.truncate(to: 220_000)
        #expect(log.total == 220_000 && log.latest(ofFirst: .max).last?.key == 219_999)
        log.truncate(to: 1_000)
        #expect(log.total == 1_000 && log.latest(ofFirst: .max).isEmpty && log.rewinds == 2)
        log.append(CacheLookup(key: 7, service: 0, isHit: true))
        #expect(log.total == 1_001 && log.latest(ofFirst: .max).map(\.key) == [7])
    }

    @Test("the history has grown by what the cache has counted")
    func history() throws {
        let simulation = system(keys: 5, size: 3).run(for: .seconds(4))
        let (history, cache) = (simulation.history, try #require(simulation.world.cache(ofService: 0)))
        func sum(_ series: History.Series) -> Int { Int(history.growth(series, over: 0..<history.windows)) }
        let promoted = sum(.moves(service: 0, level: 0, .promoted))
        #expect(promoted > 0 && abs(promoted - cache.statistics(ofLevel: 0).promotions) <= 1)
        #expect(sum(.moves(service: 0, level: 1, .demoted)) == 0)
    }

    @Test("an inspector finds what each level has of a key at each replica, and where its policy has it")
    func holdings() throws {
        // Key 1 comes to replica 1, key 2 to replica 2, and so on in turn; the third shares of a replica evict its first.
        var system = system(keys: 6, size: 2, rate: 10)
        system.plan.edges[0].guards = [.balancer(BalancerPlan())]
        let simulation = system.run(for: .milliseconds(690))
        let cache = try #require(simulation.world.cache(ofService: 0))
        let keys = [1, 5, 6].map { CacheView.key($0, of: 0) }
        let found = cache.holdings(of: keys)
        let places = found.map { holdings in
            holdings.map { holding in "\(holding.value == nil ? "-" : "+")\(holding.place?.number ?? 0)" }
        }
        #expect(places == [["-0", "-0", "+1"], ["+2", "-0", "+5"], ["-0", "+2", "+6"]])
        #expect(found[0].map(\.node) == [0, 1, nil] && found[0].map(\.level) == [0, 0, 1])
        let last = try #require(found[2].last?.place)
        #expect(last.queue == "queue" && last.count == 6 && last.mark == 0 && !last.isGhost)
    }

    @Test("who waits for another's load is told from who loads", arguments: [true, false])
    func joined(isSingleFlight: Bool) throws {
        var system = SmallSystem(rate: 100, workers: 50, latency: .constant(.milliseconds(200)))
        var cache = CachePlan(levels: [CachePlan.Level(name: "l1", capacity: 4)])
        cache.reading = try ReadSettings(isSingleFlight: isSingleFlight)
        system.plan.services[0].cache = cache
        system.plan.loads[0].keys = .loop(from: 1, 1)
        let simulation = system.run(for: .milliseconds(105))
        let view = try #require(simulation.world.cache(ofService: 0))
        let calls = view.counts.lookups
        #expect((9...11).contains(calls))
        #expect(view.loading == (isSingleFlight ? 1 : calls))
        #expect(view.joined == (isSingleFlight ? calls - 1 : 0))
    }

    @Test("a key's latest write is known by its number among all writes, and by its time")
    func latestWrite() throws {
        var system = system(keys: 1, size: 2, rate: 20)
        system.plan.operations.append(OperationPlan(name: "service.write", service: 0))
        system.plan.operations[1].writing = .key
        system.plan.services[0].cache?.writing = .ignore
        system.plan.edges.append(EdgePlan(name: "writers -> service", source: .load(1), target: 0))
        var writers = LoadPlan(
            name: "writers", target: .call(CallPlan(edge: 1, operation: 1)), arrivals: .open(.even, [.steady(1)]))
        writers.keys = .loop(from: 1, 2)
        system.plan.loads.append(writers)
        let simulation = system.run(for: .milliseconds(4_500))
        let cache = try #require(simulation.world.cache(ofService: 0))
        let writes = [1, 2, 3].map { cache.latestWrite(of: CacheView.key($0, of: 0)) }
        #expect(cache.latestVersion == UInt64(cache.counts.writes) && cache.counts.writes >= 4)
        #expect(Set(writes.prefix(2).map { $0?.version }) == [cache.latestVersion, cache.latestVersion - 1])
        #expect(writes[2] == nil)
        let times = writes.compactMap { $0?.at }
        #expect(times.max().map { simulation.world.now - $0 < .seconds(1) } == true)
        #expect(cache.holdings(of: [CacheView.key(1, of: 0)])[0][2].value?.version == 0)
        #expect(cache.counts.staleReads > 20)
    }
}
