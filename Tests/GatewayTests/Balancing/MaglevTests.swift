import Gateway
import Testing
import Timeline

@Suite("Maglev tables as Envoy's maglev_lb_test.cc has them")
struct MaglevTests {
    @Test("Basic, and BasicStability: members in any order")
    func basic() {
        let members = HashRingTests.members(90..<96)
        #expect(Maglev(members, size: 7).table == [2, 4, 0, 1, 5, 0, 3])
        #expect(Maglev(members.reversed(), size: 7).table == [2, 4, 0, 1, 5, 0, 3])
        #expect(Maglev(members, size: 7).owner(of: 10) == 1)
    }

    @Test("BasicWithHostName")
    func hostnames() {
        let members = (90..<96).map { HashRing.Member(place: $0 - 90, address: "\($0)") }
        #expect(Maglev(members, size: 7).table == [2, 5, 0, 3, 4, 1, 0])
    }

    @Test("Weighted: 1 and 2 on 17 entries; WeightedSingleHost")
    func weighted() {
        let table = Maglev(HashRingTests.members(90..<92, weights: [1, 2]), size: 17).table
        #expect(table == [1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1])
        let single = Maglev(HashRingTests.members(90..<91, weights: [7]), size: 17).table
        #expect(single == [Int32](repeating: 0, count: 17))
    }

    @Test("LocalityWeightedSameLocalityWeights and ...Different...: the weights that come of them")
    func localities() {
        let equal = Maglev(HashRingTests.members(90..<92), size: 17).table
        #expect(equal == [1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1])
        let skewed = Maglev(HashRingTests.members(90..<92, weights: [8, 2]), size: 17).table
        #expect(skewed == [1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0])
    }

    @Test("equal members have parts that differ by one entry; one that leaves moves few of the others'")
    func moves() {
        let members = (0..<20).map { HashRing.Member(place: $0, address: "10.0.0.\($0):8080") }
        let whole = Maglev(members, size: 5_003)
        let counts = (0..<20).map { place in whole.table.count { $0 == place } }
        #expect(counts.allSatisfy { (250...251).contains($0) })
        let without = Maglev(members.filter { $0.place != 7 }, size: 5_003)
        let others = zip(whole.table, without.table).count { $0 != 7 && $0 != $1 }
        // A table of 100 entries or more a member is what the paper asks for; then hardly any move.
        #expect(others > 0)
        #expect(others < 5_003 / 50)
        let passing = (0..<5_003 as Range<UInt64>).count { hash in
            let before = whole.owner(of: hash)
            return before != 7 && whole.owner(of: hash, where: { $0 != 7 }) != before
        }
        #expect(passing == 0)
    }

    @Test("a size that is no prime becomes the next one; a table of nobody has no owner")
    func sizes() {
        #expect(Maglev([], size: 8).size == 11)
        #expect(Maglev([], size: -1).size == 2)
        #expect(Maglev([], size: .max).size == Maglev.largestSize)
        #expect(Maglev([]).owner(of: 1) == nil)
        let one = Maglev(HashRingTests.members(90..<92), size: 2)
        #expect(one.owner(of: 3) { _ in false } == nil)
    }
}
