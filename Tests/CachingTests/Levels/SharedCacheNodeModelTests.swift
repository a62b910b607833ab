import Caching
import Testing
import Timeline

@Suite("Node of a network cache, with loaders that take their time")
struct SharedCacheNodeModelTests {
    /// A source of values and callers that load from it, write to it and then delete, in any order that can happen.
    struct World {
        struct Load {
            let key: UInt32
            let lease: LeaseToken
            let value: UInt64
        }

        var random: RandomStream
        var node: SharedCacheNode<UInt32, UInt64>
        var now = Instant.zero
        /// What the source holds: each write counts on.
        var source: [UInt64] = [0, 0, 0, 0]
        /// Writes whose delete has not come to the node yet.
        var undeleted: [UInt32] = []
        var loads: [Load] = []
        var staleWithoutMark = 0
        var loadsAtOnce = 0

        init(seed: UInt64) throws {
            random = RandomStream(seed: seed, name: "node", purpose: "operations")
            let settings = try SharedCacheNodeSettings(
                capacity: 3, timeToLive: random.chance(0.5) ? .nanoseconds(60) : nil,
                leaseTimeToLive: .nanoseconds(20))
            node = SharedCacheNode(settings)
        }

        mutating func step() {
            now = now + .nanoseconds(Int64(random.below(3)))
            let key = UInt32(random.below(4))
            switch random.below(10) {
            case 0:
                source[Int(key)] += 1
                undeleted.append(key)
            case 1, 2: if !undeleted.isEmpty { delete(undeleted.removeFirst()) }
            case 3, 4, 5: if !loads.isEmpty { finish(loads.remove(at: Int(random.below(UInt64(loads.count))))) }
            default: get(key)
            }
        }

        private mutating func get(_ key: UInt32) {
            switch node.handle(.get(key), at: now) {
            case .hit(let value, _, _):
                if value != source[Int(key)], !undeleted.contains(key) { staleWithoutMark += 1 }
            case .stale(_, _, _, let lease): if let lease { begin(key, lease) }
            case .missWithLease(let lease): begin(key, lease)
            default: break
            }
        }

        private mutating func begin(_ key: UInt32, _ lease: LeaseToken) {
            let isLoading = loads.contains { $0.key == key && now < $0.lease.expiresAt && isValid($0) }
            if isLoading { loadsAtOnce += 1 }
            loads.append(Load(key: key, lease: lease, value: source[Int(key)]))
        }

        /// Whether the node would take the load's value.
        private func isValid(_ load: Load) -> Bool {
            var copy = node
            return copy.handle(.set(load.key, load.value, lease: load.lease), at: now) == .stored
        }

        private mutating func finish(_ load: Load) {
            _ = node.handle(.set(load.key, load.value, lease: load.lease), at: now)
        }

        private mutating func delete(_ key: UInt32) {
            _ = node.handle(.delete(key, stale: random.chance(0.5) ? .nanoseconds(30) : nil), at: now)
        }
    }

    @Test("once a write's delete has come, no unmarked answer is older than it, and no two leases for a key are good")
    func coherent() throws {
        var stored = 0
        for seed in 0..<60 as Range<UInt64> {
            var world = try World(seed: seed)
            for _ in 0..<300 { world.step() }
            #expect(world.staleWithoutMark == 0 && world.loadsAtOnce == 0, "seed \(seed)")
            stored += world.node.statistics.refused[.leaseVoid] > 0 ? world.node.statistics.stored : 0
        }
        #expect(stored > 500)
    }
}
