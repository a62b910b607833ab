import Gateway
import Resilience
import Testing
import Timeline

@Suite("The backends of a route")
struct BackendSetTests {
    static func set(_ weights: [Int], panic: Double = 0.5, slowStart: SlowStart? = nil) throws -> BackendSet {
        var set = BackendSet(panic: try PanicMode(below: panic), slowStart: slowStart)
        for (place, weight) in weights.enumerated() {
            set.add(try Backend("b\(place)", weight: weight), slowly: false, at: .zero)
        }
        return set
    }

    static func candidates(_ set: BackendSet) -> [Int] {
        set.ids.filter(set.isCandidate).map(\.place)
    }

    @Test("weight 0 gets nothing while another has more, and is all there is where none has")
    func weightless() throws {
        var set = try Self.set([1, 0, 0], panic: 0)
        #expect(Self.candidates(set) == [0])
        set.set(.unhealthy, true, of: set.ids[0], at: .zero)
        #expect(Self.candidates(set) == [1, 2])
        set.setWeight(7, of: set.ids[2], at: .zero)
        #expect(Self.candidates(set) == [2])
        set.set(.unhealthy, false, of: set.ids[0], at: .zero)
        #expect(Self.candidates(set) == [0, 2])
    }

    @Test("each obstacle stands until it is taken away itself")
    func obstacles() throws {
        var set = try Self.set([1, 1, 1, 1])
        let id = set.ids[1]
        set.set([.unhealthy, .ejected], true, of: id, at: .zero)
        set.set(.unhealthy, false, of: id, at: .zero)
        #expect(!set.isCandidate(id))
        #expect(set.obstacles(of: id) == .ejected)
        set.set(.ejected, false, of: id, at: .zero)
        #expect(set.isCandidate(id))
    }

    @Test("panic: all are used when fewer than half are healthy, but for the full ones, which are not ill")
    func panic() throws {
        var set = try Self.set([1, 1, 1, 1])
        let ids = set.ids
        set.set(.unhealthy, true, of: ids[0], at: .zero)
        set.set(.ejected, true, of: ids[1], at: .zero)
        set.set(.full, true, of: ids[2], at: .zero)
        #expect(!set.isPanicking)
        #expect(Self.candidates(set) == [3])
        set.set(.unhealthy, true, of: ids[3], at: .zero)
        #expect(set.isPanicking)
        #expect(Self.candidates(set) == [0, 1, 3])
        set.remove(ids[0], at: .zero)
        set.remove(ids[1], at: .zero)
        #expect(!set.isPanicking)
        #expect(Self.candidates(set) == [])
    }

    @Test("who leaves is nobody any more, though another takes the place; who stays keeps its id")
    func generations() throws {
        var set = try Self.set([1, 2, 3])
        let ids = set.ids
        set.remove(ids[1], at: .zero)
        let next = try #require(set.add(try Backend("new"), at: .zero))
        #expect(next.place == 1)
        #expect(next != ids[1])
        #expect(!set.contains(ids[1]))
        #expect(set.address(of: ids[1]) == nil)
        #expect(set.id(of: "new") == next)
        #expect(set.add(try Backend("b0", weight: 9), at: .zero) == ids[0])
        #expect(set.weight(of: ids[0]) == 9)
        let moved = set.add(try Backend("b0", zone: 1), at: .zero)
        #expect(moved != ids[0])
        #expect(set.count == 3)
    }

    @Test(
        "slow start: weight * max(minimum, (elapsed / window)^(1 / aggression))",
        arguments: [
            (0, 1.0, 0.1), (5, 1, 0.1), (10, 1, 0.1), (25, 1, 0.25), (50, 1, 0.5), (100, 1, 1), (500, 1, 1),
            (25, 2, 0.5), (81, 2, 0.9), (50, 0.5, 0.25), (-3, 1, 0.1),
        ] as [(Int64, Double, Double)])
    func slowStart(seconds: Int64, aggression: Double, expected: Double) throws {
        let start = try SlowStart(window: .seconds(100), aggression: aggression)
        #expect(abs(start.share(after: .seconds(seconds)) - expected) < 1e-12)
    }

    @Test("what is out of its range is refused")
    func refused() throws {
        #expect(throws: SettingError.self) { try Backend("") }
        #expect(throws: SettingError.self) { try Backend("a", weight: -1) }
        #expect(throws: SettingError.self) { try Backend("a", zone: 16) }
        #expect(throws: SettingError.self) { try SlowStart(window: .zero) }
        #expect(throws: SettingError.self) { try SlowStart(window: .seconds(1), aggression: .nan) }
        #expect(throws: SettingError.self) { try SlowStart(window: .seconds(1), minimum: 1.5) }
        #expect(throws: SettingError.self) { try ZoneAwareness(zone: 2, gateways: [1, 1]) }
        #expect(throws: SettingError.self) { try ZoneAwareness(zone: 1, gateways: [1, 0]) }
        #expect(throws: SettingError.self) { try Balancer.Settings(.consistentHash(.maglev(size: 8))) }
        #expect(throws: SettingError.self) { try Balancer.Settings(.smoothRoundRobin(maxFails: -1)) }
        #expect(throws: SettingError.self) { try Balancer.Settings(.peakEWMA(decay: .zero)) }
        let ring = HashRing.Style.xxhash(.between(minimum: 20, maximum: 10))
        #expect(throws: SettingError.self) { try Balancer.Settings(.consistentHash(.ring(ring))) }
        #expect(throws: SettingError.self) {
            try Balancer.Settings(.consistentHash(.ring(.ketama), boundPercent: 100))
        }
    }
}

@Suite("Zones, as in Envoy's load_balancer_impl.cc")
struct ZoneTests {
    static func routing(_ gateways: [Int], _ capacity: [Int], zone: Int = 0, backends: Int = 20) throws -> ZoneRouting {
        try ZoneAwareness(zone: zone, gateways: gateways).routing(capacity: capacity, backends: backends)
    }

    @Test("all stay where the zone has as much of the backends as of the gateways, or more")
    func own() throws {
        #expect(try Self.routing([2, 2, 1], [5, 3, 2]) == .own)
        #expect(try Self.routing([1, 1], [5, 5]) == .own)
    }

    @Test("Envoy's examples: 20 % of the gateways and 10 % of the backends keep half; residuals 0, 1 000, 1 500")
    func shared() throws {
        #expect(try Self.routing([2, 8], [1, 9]) == .shared(own: 5_000, ends: [0, 1_000]))
        #expect(try Self.routing([4, 4, 2], [5, 10, 5]) == .shared(own: 6_250, ends: [0, 1_000, 1_500]))
        // A zone without backends keeps nothing, one without gateways takes what it can.
        #expect(try Self.routing([1, 1], [0, 5, 5]) == .shared(own: 0, ends: [0, 0, 5_000]))
    }

    @Test("zones are not looked at where there are few backends, or one zone only")
    func everywhere() throws {
        #expect(try Self.routing([1, 1], [5, 5], backends: 5) == .everywhere)
        #expect(try Self.routing([1, 0], [5, 5]) == .everywhere)
        #expect(try Self.routing([1, 1], [10, 0]) == .everywhere)
        #expect(try Self.routing([1, 1], [0, 0], backends: 0) == .everywhere)
    }
}
