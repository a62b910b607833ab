import EventSourcing
import Testing
import Timeline

@Suite("Merkle tree")
struct MerkleTreeTests {
    /// A tree beside the map that it stands for.
    private struct Model {
        var tree: MerkleTree
        var hashes: [UInt64: UInt64] = [:]

        init(buckets: Int) throws {
            tree = try MerkleTree(buckets: buckets)
        }

        mutating func set(_ key: UInt64, _ hash: UInt64) {
            tree.update(key, from: hashes[key] ?? 0, to: hash)
            hashes[key] = hash == 0 ? nil : hash
        }

        /// The buckets of the keys whose hashes differ.
        func differing(from other: Model) -> [Int] {
            let keys = Set(hashes.keys).union(other.hashes.keys).filter { hashes[$0] != other.hashes[$0] }
            return Set(keys.map { tree.bucket(of: $0) }).sorted()
        }
    }

    @Test("Riak's delta_test: one key on each side only; each side finds both, whoever asks")
    func delta() throws {
        var (left, right) = (try Model(buckets: 1_024), try Model(buckets: 1_024))
        left.set(1, 0xaaaa)
        right.set(2, 0xbbbb)
        #expect(left.tree.difference(from: right.tree)?.buckets == [1, 2])
        #expect(right.tree.difference(from: left.tree)?.buckets == [1, 2])
    }

    @Test("Riak's snapshot_test: a copy does not see what comes later")
    func snapshot() throws {
        var left = try Model(buckets: 64)
        left.set(10, 42)
        let before = left
        left.set(10, 52)
        #expect(before.tree.difference(from: left.tree)?.buckets == [10])
        left.set(10, 42)
        #expect(before.tree == left.tree)
    }

    @Test(
        "Riak's prop_correct: missing, missing there, different; all of them are found, and nothing else",
        arguments: 1...40)
    func correct(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "merkle", purpose: "test")
        let buckets = 1 << Int(random.below(9))
        var (left, right) = (try Model(buckets: buckets), try Model(buckets: buckets))
        let keys = (0..<random.below(200)).map { _ in random.next() }
        for key in keys { left.set(key, 1 + random.below(3)) }
        for key in keys.reversed() { right.set(key, left.hashes[key] ?? 0) }
        #expect(left.tree == right.tree)
        for key in keys where random.chance(0.05) {
            switch random.below(3) {
            case 0: left.set(key, 0)
            case 1: right.set(key, 0)
            default: left.set(key, 9)
            }
        }
        let difference = try #require(left.tree.difference(from: right.tree))
        #expect(difference.buckets == left.differing(from: right))
        #expect(difference.compared <= min(2 * buckets - 1, 1 + 2 * difference.buckets.count * left.tree.depth))
        for (key, hash) in left.hashes where right.hashes[key] != hash { right.set(key, hash) }
        for key in right.hashes.keys where left.hashes[key] == nil { right.set(key, 0) }
        #expect(right.tree.difference(from: left.tree)?.buckets == [])
    }

    @Test("equal content has an equal root, whatever came and went in whatever order", arguments: 1...20)
    func history(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "merkle", purpose: "history")
        var (straight, wild) = (try Model(buckets: 16), try Model(buckets: 16))
        var wanted: [UInt64: UInt64] = [:]
        for _ in 0..<30 { wanted[random.below(40)] = random.next() }
        for key in wanted.keys.sorted() { straight.set(key, wanted[key] ?? 0) }
        for _ in 0..<200 { wild.set(random.below(60), random.below(3)) }
        for key in UInt64(0)..<60 { wild.set(59 - key, wanted[59 - key] ?? 0) }
        #expect(straight.tree == wild.tree)
        let key = random.below(40)
        wild.set(key, ~(wanted[key] ?? 0))
        #expect(straight.tree.root != wild.tree.root)
    }

    @Test("hashes that two keys of a bucket have swapped, or that are equal, do not cancel out")
    func noCancelling() throws {
        var (left, right) = (try Model(buckets: 4), try Model(buckets: 4))
        for (key, hash): (UInt64, UInt64) in [(0, 7), (4, 8)] { left.set(key, hash) }
        for (key, hash): (UInt64, UInt64) in [(0, 8), (4, 7)] { right.set(key, hash) }
        #expect(left.tree.difference(from: right.tree)?.buckets == [0])
        var (two, none) = (try Model(buckets: 4), try Model(buckets: 4))
        for key: UInt64 in [0, 4] { two.set(key, 7) }
        #expect(two.tree.root != none.tree.root)
        // The same content in another bucket is something else, too.
        var moved = try Model(buckets: 4)
        moved.set(1, 7)
        none.set(2, 7)
        #expect(moved.tree.difference(from: none.tree)?.buckets == [1, 2])
    }

    @Test("a single difference among 1024 buckets costs 1 + 2 x 10 comparisons, equal trees one, all different all")
    func comparisons() throws {
        var (left, right) = (try Model(buckets: 1_024), try Model(buckets: 1_024))
        for key in UInt64(0)..<5_000 {
            left.set(key, key + 1)
            right.set(key, key + 1)
        }
        #expect(left.tree.difference(from: right.tree)?.compared == 1)
        left.set(77, 0)
        let one = try #require(left.tree.difference(from: right.tree))
        #expect(one.buckets == [77] && one.compared == 21)
        for key in UInt64(0)..<1_024 { right.set(key, 0) }
        #expect(left.tree.difference(from: right.tree)?.compared == 2_047)
    }

    @Test("a tree of one bucket is its root; trees of different sizes have no difference to tell")
    func sizes() throws {
        var (left, right) = (try Model(buckets: 1), try Model(buckets: 1))
        left.set(5, 1)
        let all = try #require(left.tree.difference(from: right.tree))
        #expect(all.buckets == [0] && all.compared == 1)
        right.set(5, 1)
        #expect(left.tree.root == right.tree.root)
        #expect(left.tree.bucket(at: 1) == 0 && left.tree.children(of: 1) == nil && left.tree.depth == 0)
        #expect(left.tree.difference(from: try MerkleTree(buckets: 2)) == nil)
        for buckets in [0, -1, 3, 131_072] {
            #expect(throws: SettingError.self) { try MerkleTree(buckets: buckets) }
        }
    }

    @Test("nodes are numbered as in a heap, and numbers that are none have nothing")
    func nodes() throws {
        let tree = try MerkleTree(buckets: 4)
        #expect(tree.depth == 2 && tree.bucket(at: 4) == 0 && tree.bucket(at: 7) == 3)
        #expect(tree.bucket(at: 3) == nil && tree.bucket(at: 8) == nil && tree.bucket(at: -4) == nil)
        #expect(tree.children(of: 3) != nil && tree.children(of: 4) == nil)
        #expect(tree.children(of: 0) == nil && tree.children(of: -1) == nil)
    }
}
