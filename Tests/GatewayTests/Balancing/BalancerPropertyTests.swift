import Gateway
import Resilience
import Testing
import Timeline

/// Whatever happens to a balancer, it chooses only who is in the set and may be used.
@Suite("Whatever happens to a balancer")
struct BalancerPropertyTests {
    @Test(
        "each choice is a member that may be used, and there is one if anybody may be",
        arguments: BalancerTests.algorithms)
    func usable(algorithm: Balancer.Algorithm) throws {
        // Rings and tables are built anew for each member that comes.
        for seed in 0..<(algorithm.usesKey ? 3 : 12) as Range<UInt64> {
            var life = try BalancerLife(algorithm, seed: seed)
            for step in 0..<100 {
                if let problem = try life.step() {
                    Issue.record("seed \(seed), step \(step): \(problem)")
                    return
                }
            }
        }
    }
}

private struct BalancerLife {
    struct Known { var address: String, weight: Int, zone: Int, obstacles: Obstacles = [], inFlight = 0 }

    var random: RandomStream
    var balancer: Balancer
    var known: [BackendID: Known] = [:]
    /// In the order in which they came.
    var ids: [BackendID] = []
    var requests: [BackendID] = []
    var now = Instant.zero
    let threshold: Double
    let isZoned: Bool

    init(_ algorithm: Balancer.Algorithm, seed: UInt64) throws {
        random = RandomStream(seed: seed, name: "balancer", purpose: "life")
        threshold = [0, 0.3, 0.5, 1][Int(random.below(4))]
        isZoned = random.chance(0.5)
        let zones = isZoned ? try ZoneAwareness(zone: 1, gateways: [2, 1, 1], minimumBackends: 2) : nil
        let slow = random.chance(0.5) ? try SlowStart(window: .seconds(3)) : nil
        balancer = Balancer(
            try .init(algorithm, panic: PanicMode(below: threshold), slowStart: slow, zones: zones), at: now)
    }

    mutating func step() throws -> String? {
        now = now + .milliseconds(Int64(random.below(400)) - 50)
        let place = ids.isEmpty ? 0 : Int(random.below(UInt64(ids.count)))
        switch random.below(16) {
        case ..<2: try add()
        case 2 where !ids.isEmpty: remove(ids[place])
        case 3 where !ids.isEmpty:
            let weight = Int(random.below(4))
            balancer.setWeight(weight, of: ids[place], at: now)
            known[ids[place]]?.weight = weight
        case 4..<7 where !ids.isEmpty: block(ids[place])
        case 7..<9 where !requests.isEmpty: end()
        default: return choose()
        }
        return check()
    }

    private mutating func add() throws {
        let backend = try Backend(
            "b\(random.below(12))", weight: Int(random.below(4)), zone: isZoned ? Int(random.below(4)) : 0)
        guard let id = balancer.add(backend, at: now) else { return }
        if let old = ids.first(where: { known[$0]?.address == backend.address }), old != id { forget(old) }
        if known[id] == nil { ids.append(id) }
        known[id, default: Known(address: backend.address, weight: 0, zone: backend.zone)].weight = backend.weight
    }

    private mutating func remove(_ id: BackendID) {
        balancer.remove(id, at: now)
        forget(id)
    }

    private mutating func forget(_ id: BackendID) {
        known[id] = nil
        ids.removeAll { $0 == id }
    }

    private mutating func block(_ id: BackendID) {
        let obstacle = [Obstacles.unhealthy, .ejected, .full][Int(random.below(3))]
        let stands = random.chance(0.6)
        balancer.set(obstacle, stands, of: id, at: now)
        let before = known[id]?.obstacles ?? []
        known[id]?.obstacles = stands ? before.union(obstacle) : before.subtracting(obstacle)
    }

    /// Some of these have left long ago.
    private mutating func end() {
        let id = requests.remove(at: Int(random.below(UInt64(requests.count))))
        let outcome = CircuitBreaker.Outcome.allCases[Int(random.below(3))]
        balancer.end(id, took: .milliseconds(Int64(random.below(500)) - 10), outcome, at: now)
        known[id]?.inFlight -= 1
    }

    private mutating func choose() -> String? {
        let avoided = random.chance(0.3) ? ids.filter { _ in random.chance(0.4) } : []
        let usable = self.usable
        let chosen = balancer.choose(hash: random.next(), avoiding: avoided, at: now, using: &random)
        guard let chosen else { return usable.isEmpty ? check() : "nobody of \(usable)" }
        guard usable.contains(chosen) else { return "\(chosen) is not usable, but \(usable)" }
        let open = usable.filter { !avoided.contains($0) }
        guard open.isEmpty || open.contains(chosen) else { return "\(chosen) was to be avoided" }
        balancer.begin(chosen)
        requests.append(chosen)
        known[chosen]?.inFlight += 1
        return check()
    }

    /// Who may be used, by the rules written down once more.
    private var usable: [BackendID] {
        let members = ids.compactMap { id in known[id].map { (id, $0) } }
        let healthy = members.filter { $0.1.obstacles.isDisjoint(with: .illness) }
        let panics = threshold > 0 && Double(healthy.count) < threshold * Double(members.count)
        let eligible = (panics ? members : healthy).filter { !$0.1.obstacles.contains(.full) }
        let weighted = eligible.filter { $0.1.weight > 0 }
        return (weighted.isEmpty ? eligible : weighted).map(\.0)
    }

    private func check() -> String? {
        let usable = Set(self.usable)
        for id in ids where balancer.backends.isCandidate(id) != usable.contains(id) {
            return "\(id) is a candidate or not against the rules"
        }
        guard balancer.backends.candidateCount == usable.count else { return "candidates are counted wrongly" }
        let inFlight = ids.reduce(0) { $0 + (known[$1]?.inFlight ?? 0) }
        return balancer.backends.inFlight == inFlight ? nil : "requests under way are counted wrongly"
    }
}
