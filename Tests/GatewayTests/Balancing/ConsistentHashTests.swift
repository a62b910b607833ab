import Gateway
import Testing
import Timeline

@Suite("Consistent hashing with dead owners and bounded load")
struct ConsistentHashTests {
    static let methods: [ConsistentHash.Method] = [
        .ring(.xxhash(.pointsPerWeight(160))), .ring(.xxhash(.envoy)), .ring(.ketama), .maglev(size: 1_009),
    ]

    static func members(_ count: Int) -> [HashRing.Member] {
        (0..<count).map { HashRing.Member(place: $0, address: "10.0.0.\($0):8080") }
    }

    @Test("G15: a dead owner's keys go to several others, nobody else's move, and they come back", arguments: methods)
    func deadOwner(method: ConsistentHash.Method) {
        var hashing = ConsistentHash(method, Self.members(8))
        let hashes = (0..<400).map { hashing.hash("user-\($0)") }
        let before = hashes.map { hashing.choose($0) }
        hashing.setWeight(0, of: 3)
        let during = hashes.map { hashing.choose($0) }
        let moved = zip(before, during).filter { $0 != $1 }
        #expect(!moved.isEmpty)
        #expect(moved.allSatisfy { $0.0 == 3 && $0.1 != nil })
        #expect(Set(moved.map { $0.1 }).count > 3)
        hashing.setWeight(1, of: 3)
        #expect(hashes.map { hashing.choose($0) } == before)
        #expect(hashes.allSatisfy { hashing.choose($0, avoiding: [3]) != 3 })
        #expect(hashing.choose(hashes[0], avoiding: Array(0..<8)) == nil)
    }

    @Test(
        "nobody has more than ceil(1.25 of the mean), whatever the keys; a key whose owner has room stays there",
        arguments: methods)
    func bound(method: ConsistentHash.Method) {
        var hashing = ConsistentHash(method, Self.members(10), boundPercent: 125)
        let free = ConsistentHash(method, Self.members(10))
        var random = RandomStream(seed: 9, name: "hash", purpose: "bound")
        var loads = [Int](repeating: 0, count: 10)
        for step in 0..<500 {
            // Half of all requests have the same key.
            let hash = random.chance(0.5) ? hashing.hash("hot") : hashing.hash("user-\(random.below(1_000))")
            guard let place = hashing.choose(hash), let owner = free.choose(hash) else {
                Issue.record("step \(step): nobody")
                return
            }
            // ceil(1.25 (m + 1) / 10) for m under way.
            let room = (125 * (step + 1) + 999) / 1_000
            #expect(loads[place] < room)
            if loads[owner] < room { #expect(place == owner) }
            loads[place] += 1
            hashing.began(place)
        }
        for place in loads.indices {
            for _ in 0..<loads[place] { hashing.ended(place) }
        }
        #expect(hashing.choose(hashing.hash("hot")) == free.choose(free.hash("hot")))
    }

    @Test("the bound goes by weight")
    func weightedBound() {
        let members = [3, 1].enumerated().map { HashRing.Member(place: $0, address: "n\($0)", weight: $1) }
        var hashing = ConsistentHash(.ring(.ketama), members, boundPercent: 101)
        var loads = [0, 0]
        for _ in 0..<400 {
            let place = hashing.choose(hashing.hash("hot")) ?? 0
            loads[place] += 1
            hashing.began(place)
        }
        #expect(abs(loads[0] - 300) <= 4)
    }

    @Test("a candidate without a point gets keys where no other candidate has any")
    func pointless() {
        var hashing = ConsistentHash(.ring(.ketama), [.init(place: 0, address: "a")])
        hashing.setWeight(1, of: 2)
        hashing.setWeight(1, of: 5)
        #expect(hashing.choose(7) == 0)
        hashing.setWeight(0, of: 0)
        let chosen = Set((0..<50 as Range<UInt64>).compactMap { hashing.choose($0) })
        #expect(chosen == [2, 5])
        hashing.remove(2)
        #expect(hashing.choose(7) == 5)
    }
}
