import Gateway
import Testing
import Timeline

@Suite("Rings as Envoy's ring_hash_lb_test.cc and nginx's upstream hash have them")
struct HashRingTests {
    static func members(_ ports: Range<Int>, weights: [Int] = []) -> [HashRing.Member] {
        ports.enumerated().map { place, port in
            HashRing.Member(
                place: place, address: "127.0.0.1:\(port)", weight: weights.isEmpty ? 1 : weights[place])
        }
    }

    static func envoy(
        _ minimum: Int, _ members: [HashRing.Member], maximum: Int = HashRing.mostPoints
    ) -> HashRing {
        HashRing(.xxhash(.between(minimum: minimum, maximum: maximum)), members)
    }

    @Test("Basic: six hosts with two points each")
    func basic() {
        let ring = Self.envoy(12, Self.members(90..<96))
        let ports: [Int32] = [94, 92, 90, 95, 93, 91, 91, 93, 95, 92, 94, 90]
        let hashes: [UInt64] = [
            833_437_586_790_550_860, 928_266_305_478_181_108, 1_033_482_794_131_418_490, 3_551_244_743_356_806_947,
            3_851_675_632_748_031_481, 5_583_722_120_771_150_861, 6_311_230_543_546_372_928,
            7_700_377_290_971_790_572, 13_144_177_310_400_110_813, 13_444_792_449_719_432_967,
            15_516_499_411_664_133_160, 16_117_243_373_044_804_889,
        ]
        #expect(ring.points.map(\.hash) == hashes)
        #expect(ring.points.map(\.place) == ports.map { $0 - 90 })
        #expect(ring.owner(of: 0) == 4)
        #expect(ring.owner(of: .max) == 4)
        #expect(ring.owner(of: 3_551_244_743_356_806_947) == 5)
        #expect(ring.owner(of: 3_551_244_743_356_806_948) == 3)
        #expect(ring.owner(of: 16_117_243_373_044_804_880) == 0)
    }

    @Test("BasicWithHostname: what is hashed may be any name")
    func hostnames() {
        let members = (90..<96).map { HashRing.Member(place: $0 - 90, address: "\($0)") }
        let ring = Self.envoy(12, members)
        #expect(ring.points.map(\.place) == [5, 5, 3, 4, 3, 2, 0, 2, 1, 0, 1, 4])
        #expect(ring.owner(of: 7_225_015_537_174_310_577) == 2)
        #expect(ring.owner(of: 6_803_900_775_736_438_537) == 3)
    }

    @Test("UnevenHosts: two points each where three were asked for")
    func uneven() {
        let ring = Self.envoy(3, Self.members(80..<82))
        #expect(ring.points.map(\.place) == [0, 1, 0, 1])
        #expect(ring.points.first?.hash == 5_454_692_015_285_649_509)
        let next = Self.envoy(3, Self.members(81..<83))
        #expect(next.points.map(\.place) == [0, 1, 1, 0])
    }

    @Test("HostWeightedTinyRing: weights 1, 2, 3 on six points")
    func tiny() {
        let ring = Self.envoy(6, Self.members(90..<93, weights: [1, 2, 3]), maximum: 6)
        let expected: [(UInt64, Int)] = [
            (928_266_305_478_181_108, 2), (4_443_673_547_860_492_590, 2), (5_583_722_120_771_150_861, 1),
            (6_311_230_543_546_372_928, 1), (13_444_792_449_719_432_967, 2), (16_117_243_373_044_804_889, 0),
        ]
        for (hash, place) in expected { #expect(ring.owner(of: hash) == place) }
    }

    @Test("HostWeightedLargeRing: 6 144 points, 6 000 keys: 987, 1 932, 3 081")
    func large() {
        let ring = Self.envoy(6_144, Self.members(90..<93, weights: [1, 2, 3]))
        #expect(ring.points.count == 6_144)
        #expect(ring.points.count { $0.place == 0 } == 1_024)
        #expect(Self.counts(ring, keys: 6_000, places: 3) == [987, 1_932, 3_081])
    }

    @Test("LargeFractionalScale: 1 023 points for two; SmallFractionalScale: two for four")
    func fractional() {
        let odd = Self.envoy(1_023, Self.members(90..<92), maximum: 1_023)
        #expect([0, 1].map { place in odd.points.count { $0.place == place } } == [512, 511])
        #expect(Self.counts(odd, keys: 1_023, places: 2) == [526, 497])
        let few = Self.envoy(2, Self.members(90..<94), maximum: 2)
        #expect(Set(few.points.map(\.place)).count == 2)
    }

    static func counts(_ ring: HashRing, keys: UInt64, places: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: places)
        for key in 0..<keys {
            if let place = ring.owner(of: key * (UInt64.max / keys)) { counts[place] += 1 }
        }
        return counts
    }

    @Test("ketama: 160 points for each unit of weight, each hashed with the one before")
    func ketama() {
        let ring = HashRing(.ketama, [.init(place: 0, address: "10.0.0.1:80", weight: 2)])
        #expect(ring.points.count == 320)
        var sum = CRC32()
        sum.mix(Array("10.0.0.1\u{0}80".utf8).span)
        sum.mix([0, 0, 0, 0].span)
        let first = sum.value
        #expect(ring.points.contains { $0.hash == UInt64(first) << 32 })
        var second = CRC32()
        second.mix(Array("10.0.0.1\u{0}80".utf8).span)
        second.mix(first)
        #expect(ring.points.contains { $0.hash == UInt64(second.value) << 32 })
        #expect(HashRing.hash("key", .ketama) >> 32 == UInt64(CRC32.of("key")))
    }

    @Test(
        "V47: the more points, the more even: the spread of 20 000 keys over 10 nodes",
        arguments: [(1, 0.5...1.2), (10, 0.15...0.45), (100, 0.05...0.2), (160, 0.0...0.15), (1_000, 0.0...0.06)])
    func spread(points: Int, expected: ClosedRange<Double>) {
        let members = (0..<10).map { HashRing.Member(place: $0, address: "node\($0)") }
        let ring = HashRing(.xxhash(.pointsPerWeight(points)), members)
        var counts = [Double](repeating: 0, count: 10)
        for key in 0..<20_000 { counts[ring.owner(of: HashRing.hash("key\(key)", ring.style)) ?? 0] += 1 }
        let squares = counts.reduce(0) { $0 + ($1 - 2_000) * ($1 - 2_000) }
        #expect(expected.contains((squares / 10).squareRoot() / 2_000))
    }

    @Test(
        "who leaves moves its own keys only, who comes takes keys only to itself; who is passed over, as if it had left",
        arguments: [HashRing.Style.xxhash(.pointsPerWeight(160)), .ketama])
    func moves(style: HashRing.Style) {
        let members = (0..<10).map {
            HashRing.Member(place: $0, address: "10.0.0.\($0):8080", weight: 1 + $0 % 3)
        }
        let whole = HashRing(style, members)
        let without = HashRing(style, members.filter { $0.place != 4 })
        var moved = 0
        for key in 0..<5_000 {
            let hash = HashRing.hash("session-\(key)", style)
            let (before, after) = (whole.owner(of: hash), without.owner(of: hash))
            if before != after {
                moved += 1
                #expect(before == 4)
            }
            #expect(whole.owner(of: hash) { $0 != 4 } == after)
        }
        // Its share is 2 of 19.
        #expect((300...800).contains(moved))
    }

    @Test("the order in which members came does not matter, and a ring of nobody has no owner")
    func order() {
        let members = Self.members(90..<96)
        let ring = HashRing(.ketama, members)
        #expect(HashRing(.ketama, members.reversed()) == ring)
        #expect(HashRing(.ketama, []).owner(of: 7) == nil)
        #expect(ring.owner(of: 7) { _ in false } == nil)
        #expect(HashRing(.ketama, [.init(place: 0, address: "a", weight: 0)]).points.isEmpty)
    }
}
