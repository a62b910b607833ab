import Caching
import Testing
import Timeline

@Suite("Versions")
struct VersionTests {
    private func vector(_ counters: [Int]) -> NodeVersions {
        var vector = NodeVersions()
        for (node, count) in counters.enumerated() {
            for _ in 0..<count { vector.increment(node) }
        }
        return vector
    }

    @Test(
        "vectors are before, after, equal or concurrent, whatever their lengths",
        arguments: [
            ([], [], .equal), ([1, 2], [1, 2], .equal), ([], [0, 1], .before), ([2], [1], .after),
            ([1, 0, 1], [1, 2, 1], .before), ([1, 2], [2, 1], .concurrent), ([0, 0, 3], [1], .concurrent),
        ] as [([Int], [Int], VersionOrder)])
    func orders(left: [Int], right: [Int], order: VersionOrder) {
        #expect(vector(left).compared(to: vector(right)) == order)
    }

    @Test("what is heard is compared with what was known before it is merged")
    func comparesFirst() {
        var known = vector([1, 1])
        #expect(known.receive(vector([1, 2])) == .after)
        #expect(known.receive(vector([1, 2])) == .equal)
        #expect(known.receive(vector([1, 1])) == .before)
        #expect(known.receive(vector([2, 0])) == .concurrent)
        #expect(known == vector([2, 2]))
    }

    @Test("a merged vector includes both, the least that does, and order is a mirror")
    func merges() {
        var random = RandomStream(seed: 1, name: "vectors", purpose: "counters")
        for _ in 0..<300 {
            let (left, right) = (randomVector(&random), randomVector(&random))
            var merged = left
            merged.merge(right)
            for node in 0..<5 { #expect(merged[node] == max(left[node], right[node])) }
            let mirrored: [VersionOrder: VersionOrder] = [
                .before: .after, .after: .before, .equal: .equal, .concurrent: .concurrent,
            ]
            #expect(right.compared(to: left) == mirrored[left.compared(to: right)])
            #expect((left.compared(to: right) == .equal) == (left == right))
        }
    }

    private func randomVector(_ random: inout RandomStream) -> NodeVersions {
        vector((0..<Int(random.below(5))).map { _ in Int(random.below(3)) })
    }

    @Test("numbers that no node can have change nothing", arguments: [-1, 64, Int.max, Int.min])
    func noNode(number: Int) {
        var vector = NodeVersions()
        var nodes = NodeSet([3, number])
        #expect(vector.increment(number) == nil && vector == NodeVersions() && vector[number] == 0)
        nodes.remove(number)
        #expect(!nodes.contains(number) && Array(nodes) == [3])
    }

    @Test("sets of nodes are those of the standard library")
    func nodeSets() {
        var random = RandomStream(seed: 1, name: "nodes", purpose: "sets")
        for _ in 0..<200 {
            let numbers = (0..<6).map { _ in Int(random.below(64)) }
            let (left, right) = (Set(numbers.prefix(3)), Set(numbers.suffix(3)))
            #expect(Array(NodeSet(left).union(NodeSet(right))) == left.union(right).sorted())
            #expect(Array(NodeSet(left).subtracting(NodeSet(right))) == left.subtracting(right).sorted())
            #expect(NodeSet(numbers).count == Set(numbers).count)
        }
    }

    @Test("versions of keys never go backwards, and what is forgotten counts as the newest that was")
    func keyVersions() {
        for capacity in [0, 1, 3, 20] {
            var random = RandomStream(seed: UInt64(capacity), name: "versions", purpose: "keys")
            var versions = KeyVersions<Int>(capacity: capacity)
            var truth: [UInt64] = Array(repeating: 0, count: 8)
            for _ in 0..<400 {
                let (key, version) = (Int(random.below(8)), random.below(300))
                let before = versions.newest(of: key)
                let standing = versions.hear(of: key, version: version)
                if standing == .newer { #expect(version > truth[key]) }
                if standing == .known { #expect(version == truth[key]) }
                if standing == .older { #expect(version < truth[key]) }
                truth[key] = max(truth[key], version)
                #expect(versions.newest(of: key) >= before && versions.newest(of: key) >= truth[key])
                #expect(versions.isCurrent(key, version: truth[key]) || truth[key] <= versions.floor)
                #expect(versions.count <= capacity)
            }
            #expect((versions.floor == 0) == (capacity == 20))
        }
    }

    @Test("an invalidation of a forgotten key is uncertain, not old")
    func uncertain() {
        var versions = KeyVersions<String>(capacity: 1)
        #expect(versions.hear(of: "a", version: 7) == .newer)
        #expect(versions.hear(of: "b", version: 9) == .newer)
        #expect(versions.hear(of: "a", version: 7) == .uncertain)
        #expect(!versions.isCurrent("a", version: 6) && versions.isCurrent("a", version: 7))
    }

    @Test("a new version of a namespace orphans all its keys, and never goes back")
    func namespaces() {
        var users = NamespaceVersion("user", version: 3)
        #expect(users.key(7) == "user:7@v3")
        users.bump()
        users.receive(2)
        #expect(users.key("7") == "user:7@v4")
        users.receive(9)
        #expect(users.version == 9)
        var last = NamespaceVersion("user", version: .max)
        last.bump()
        #expect(last.version == .max)
    }
}
