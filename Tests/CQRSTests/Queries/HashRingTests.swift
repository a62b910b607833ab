import CQRS
import Testing
import Timeline

@Suite("Hash ring")
struct HashRingTests {
    private func ring(_ members: [String], points: Int = 160) throws -> HashRing {
        var ring = try HashRing(pointsPerMember: points)
        for member in members { #expect(ring.add(member) == true) }
        return ring
    }

    private let keys = (0..<6_000).map { "customer-\($0)" }
    private let ten = (0..<10).map { "shard-\($0)" }

    @Test("without members a key has no owner, with one it is the owner of all")
    func few() throws {
        var ring = try ring([])
        #expect(ring.owner(of: "a") == nil && ring.owner(of: 7) == nil && ring.owners(of: "a", count: 3).isEmpty)
        #expect(ring.add("only") == true)
        #expect(ring.add("only") == false)
        #expect(Set(keys.map { ring.owner(of: $0) }) == ["only"])
        #expect(ring.remove("other") == false)
        #expect(ring.remove("only") == true)
        #expect(ring.owner(of: "a") == nil && ring.members.isEmpty)
    }

    @Test("the shares are even: with 160 points none of ten is a quarter above the average, or below")
    func even() throws {
        let ring = try ring(ten)
        var shares: [String: Int] = [:]
        for key in keys { shares[try #require(ring.owner(of: key)), default: 0] += 1 }
        #expect(shares.count == 10)
        for member in ten {
            let share = shares[member] ?? 0
            #expect((450...750).contains(share), "\(member): \(share)")
        }
        // Numbers in a row are spread as well as texts.
        var numbers: [String: Int] = [:]
        for key in 0..<6_000 as Range<UInt64> { numbers[try #require(ring.owner(of: key)), default: 0] += 1 }
        for member in ten { #expect((450...750).contains(numbers[member] ?? 0)) }
    }

    @Test("Karger: a new member takes over about 1/n of the keys, and no key moves between the others")
    func adding() throws {
        let before = try ring(ten)
        var after = before
        #expect(after.add("shard-new") == true)
        var moved = 0
        for key in keys where before.owner(of: key) != after.owner(of: key) {
            moved += 1
            #expect(after.owner(of: key) == "shard-new")
        }
        #expect(abs(Double(moved) / 6_000 - 1.0 / 11) < 0.02, "\(moved) of 6000 moved")
    }

    @Test("Karger: one that leaves gives away its keys, and no other key moves; back again, it has the same ones")
    func removing() throws {
        let before = try ring(ten)
        var after = before
        #expect(after.remove("shard-3") == true)
        for key in keys where before.owner(of: key) != after.owner(of: key) {
            #expect(before.owner(of: key) == "shard-3")
        }
        let heirs = Set(keys.filter { before.owner(of: $0) == "shard-3" }.map { after.owner(of: $0) })
        #expect(heirs.count == 9, "its keys go to all others")
        #expect(after.add("shard-3") == true)
        #expect(after == before)
    }

    @Test("the order in which members came does not matter")
    func order() throws {
        #expect(try ring(ten) == ring(ten.reversed()))
    }

    @Test("the owners of a key are different members, and the next takes over if the first leaves")
    func owners() throws {
        var ring = try ring(ten)
        for key in keys.prefix(200) {
            let owners = ring.owners(of: key, count: 3)
            #expect(Set(owners).count == 3 && owners.first == ring.owner(of: key))
        }
        #expect(Set(ring.owners(of: "a", count: 99)) == Set(ten))
        #expect(ring.owners(of: "a", count: -1).isEmpty)
        let heirs = ring.owners(of: "customer-5", count: 2)
        _ = ring.remove(heirs[0])
        #expect(ring.owner(of: "customer-5") == heirs[1])
    }

    @Test("it agrees with a search of all points, also past the end of the ring")
    func search() throws {
        let ring = try ring(["a", "b", "c"], points: 2)
        let points = ["a", "b", "c"].flatMap { member in
            (0..<2 as Range<UInt64>).map { number in
                var digest = Digest()
                digest.mix(text: member)
                digest.mix(number)
                return (place: RandomStream.scramble(digest.value), member: member)
            }
        }.sorted { $0.place < $1.place }
        for key in keys.prefix(2_000) {
            let expected = points.first { $0.place >= HashRing.hash(key) } ?? points[0]
            #expect(ring.owner(of: key) == expected.member)
        }
        #expect(keys.prefix(2_000).contains { HashRing.hash($0) > points[5].place })
    }

    @Test("hashes are these on every machine")
    func golden() {
        #expect(HashRing.hash("order-4711") == 18_313_845_922_266_094_432)
        #expect(HashRing.hash(4_711) == 6_754_141_375_355_949_280)
    }

    @Test("settings out of their range are refused", arguments: [0, -1, 10_001])
    func settings(points: Int) {
        #expect(throws: SettingError.self) { try HashRing(pointsPerMember: points) }
    }
}
