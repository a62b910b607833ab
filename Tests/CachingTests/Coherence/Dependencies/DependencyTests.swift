import Caching
import Testing
import Timeline

@Suite("Dependencies and tags of keys")
struct DependencyTests {
    @Test("an invalidation goes on to all that depends on a key, nearest first, and cycles do no harm")
    func transitive() {
        var dependencies = KeyDependencies<String>(capacity: 20)
        dependencies.set("page", dependsOn: ["header", "list"])
        dependencies.set("list", dependsOn: ["item", "list"])
        dependencies.set("header", dependsOn: ["user", "page"])
        #expect(dependencies.dependents(of: "item").keys == ["list", "page", "header"])
        #expect(dependencies.dependents(of: "user").keys == ["header", "page"])
        #expect(dependencies.dependents(of: "other").keys.isEmpty)
        dependencies.remove("page")
        #expect(dependencies.dependents(of: "item").keys == ["list"])
    }

    @Test("more dependents than are listed are reported, and so are more pairs than there is room for")
    func bounds() {
        var dependencies = KeyDependencies<Int>(capacity: 5, mostDependents: 3)
        let noted = (1...3).map { dependencies.set($0, dependsOn: [0]) }
        #expect(noted == [true, true, true] && dependencies.dependents(of: 0).isComplete)
        dependencies.set(4, dependsOn: [3])
        let listed = dependencies.dependents(of: 0)
        #expect(listed.keys.count == 3 && !listed.isComplete)
        #expect(dependencies.set(1, dependsOn: [6, 7, 8]) == false)
        #expect(dependencies.causes(of: 1).isEmpty && dependencies.count == 3)
        var none = KeyDependencies<Int>(capacity: -1, mostDependents: -1)
        #expect(!none.set(1, dependsOn: [0]) && none.set(1, dependsOn: []))
    }

    @Test("keys are found by their tags, and no more once they have left")
    func tags() {
        var index = KeysByTag<Int, String>(capacity: 4)
        #expect(index.set(1, tags: ["a", "b", "a"]) && index.set(2, tags: ["b"]))
        #expect(index.keys(with: "b") == [2, 1] && index.keys(with: "a") == [1])
        #expect(index.set(1, tags: ["c"]) && index.keys(with: "a").isEmpty && index.tags(of: 1) == ["c"])
        index.remove(2)
        #expect(index.keys(with: "b").isEmpty && index.count == 1)
    }

    @Test("random pairs are those of a dictionary, also when there is no more room")
    func naive() {
        var random = RandomStream(seed: 3, name: "dependencies", purpose: "pairs")
        var dependencies = KeyDependencies<UInt64>(capacity: 24)
        var naive: [UInt64: Set<UInt64>] = [:]
        var refusals = 0
        for _ in 0..<1_500 {
            let key = random.below(14)
            if random.chance(0.2) {
                dependencies.remove(key)
                naive[key] = nil
            } else {
                let causes = (0..<random.below(5)).map { _ in random.below(14) }
                naive[key] = nil
                let hasRoom = naive.values.reduce(Set(causes).count) { $0 + $1.count } <= 24
                #expect(dependencies.set(key, dependsOn: causes) == hasRoom)
                if hasRoom { naive[key] = Set(causes) } else { refusals += 1 }
            }
            let asked = random.below(14)
            #expect(Set(dependencies.dependents(of: asked).keys) == Self.dependents(of: asked, naive))
            #expect(Set(dependencies.causes(of: asked)) == naive[asked] ?? [])
            #expect(dependencies.count == naive.values.reduce(0) { $0 + $1.count })
        }
        #expect(refusals > 50)
    }

    private static func dependents(of key: UInt64, _ naive: [UInt64: Set<UInt64>]) -> Set<UInt64> {
        var found: Set<UInt64> = [key]
        var before = 0
        while found.count > before {
            before = found.count
            for (dependent, causes) in naive where !causes.isDisjoint(with: found) { found.insert(dependent) }
        }
        return found.subtracting([key])
    }
}
