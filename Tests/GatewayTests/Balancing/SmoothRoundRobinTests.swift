import Gateway
import Testing
import Timeline

@Suite("Smooth weighted round robin")
struct SmoothRoundRobinTests {
    static func picks(_ balancer: inout SmoothRoundRobin, _ count: Int) -> String {
        (0..<count).map { _ in balancer.choose().map(name) ?? "-" }.joined()
    }

    static func name(_ place: Int) -> String { ["a", "b", "c", "d"][place] }

    @Test(
        "nginx's picks (commit 52327e062), and two more",
        arguments: [([5, 1, 1], "aabacaa"), ([3, 2, 1], "abacba"), ([4, 3, 2], "abcabacba"), ([1, 1, 1], "abc")])
    func picks(weights: [Int], expected: String) {
        var balancer = SmoothRoundRobin(weights: weights)
        let period = weights.reduce(0, +)
        #expect(Self.picks(&balancer, period) == expected)
        #expect(Self.picks(&balancer, period) == expected)
    }

    @Test("nginx's current weights after each pick of 5, 1, 1")
    func currentWeights() {
        var balancer = SmoothRoundRobin(weights: [5, 1, 1])
        var seen: [[Int]] = []
        for _ in 0..<7 {
            _ = balancer.choose()
            seen.append((0..<3).map(balancer.currentWeight))
        }
        let expected = [
            [-2, 1, 1], [-4, 2, 2], [1, -4, 3], [-1, -3, 4], [4, -2, -2], [2, -1, -1], [0, 0, 0],
        ]
        #expect(seen == expected)
    }

    @Test("one that failed comes back by one with each pick")
    func recovery() {
        var balancer = SmoothRoundRobin(weights: [5, 1, 1])
        balancer.failed(0)
        #expect(balancer.effectiveWeight(of: 0) == 0)
        #expect(Self.picks(&balancer, 14) == "bcaabaacaaabaa")
        #expect(balancer.effectiveWeight(of: 0) == 5)
    }

    @Test("a failure takes weight / max_fails, and never more than there is")
    func failures() {
        var balancer = SmoothRoundRobin(weights: [5, 1], maxFails: 2)
        balancer.failed(0)
        #expect(balancer.effectiveWeight(of: 0) == 3)
        balancer.failed(0)
        balancer.failed(0)
        #expect(balancer.effectiveWeight(of: 0) == 0)
        balancer.failed(1)
        #expect(balancer.effectiveWeight(of: 1) == 1)
        var unmoved = SmoothRoundRobin(weights: [5, 1], maxFails: 0)
        unmoved.failed(0)
        #expect(unmoved.effectiveWeight(of: 0) == 5)
    }

    @Test("G14: after b, b, a, b of weights 1 and 5, b goes down; a is chosen, never nobody")
    func flap() {
        var balancer = SmoothRoundRobin(weights: [1, 5])
        #expect(Self.picks(&balancer, 4) == "bbab")
        balancer.setWeight(0, of: 1)
        #expect(Self.picks(&balancer, 4) == "aaaa")
        balancer.setWeight(5, of: 1)
        #expect(Self.picks(&balancer, 2) == "bb")
    }

    @Test("nobody is chosen among nobody, nor where all are avoided; who is avoided keeps its turn")
    func nobody() {
        var empty = SmoothRoundRobin()
        #expect(empty.choose() == nil)
        var balancer = SmoothRoundRobin(weights: [5, 1, 1])
        #expect(balancer.choose(avoiding: [0, 1, 2, 2]) == nil)
        #expect(balancer.choose(avoiding: [0]) == 1)
        #expect(balancer.choose(avoiding: [0, 7]) == 2)
        #expect(balancer.choose() == 0)
    }

    @Test("picks as nginx's loop over all picks, whatever fails, leaves, comes back or changes its weight")
    func model() {
        for seed in 0..<60 as Range<UInt64> {
            var random = RandomStream(seed: seed, name: "smooth", purpose: "model")
            let count = 1 + Int(random.below(20))
            let heaviest = [1, 3, 10, 1_000][Int(random.below(4))]
            var weights = (0..<count).map { _ in Int(random.below(UInt64(heaviest + 1))) }
            var balancer = SmoothRoundRobin(weights: weights, maxFails: 2)
            var model = NginxLoop(weights: weights, maxFails: 2)
            for step in 0..<150 {
                let place = Int(random.below(UInt64(count)))
                switch random.below(20) {
                case 0:
                    balancer.failed(place)
                    model.failed(place)
                case 1:
                    weights[place] = random.chance(0.4) ? 0 : 1 + Int(random.below(UInt64(heaviest)))
                    balancer.setWeight(weights[place], of: place)
                    model.setWeight(weights[place], of: place)
                default:
                    let avoided = random.chance(0.1) ? [place] : []
                    let (picked, expected) = (balancer.choose(avoiding: avoided), model.choose(avoiding: avoided))
                    guard picked == expected else {
                        Issue.record("seed \(seed), step \(step): \(picked ?? -1) for \(expected ?? -1)")
                        return
                    }
                }
            }
        }
    }

    @Test("among 200, each gets exactly its weight in any run of as many picks as the weights add up to")
    func exactShares() {
        var random = RandomStream(seed: 5, name: "smooth", purpose: "shares")
        let weights = (0..<200).map { _ in 1 + Int(random.below(9)) }
        let total = weights.reduce(0, +)
        var balancer = SmoothRoundRobin(weights: weights)
        let picks = (0..<2 * total).map { _ in balancer.choose() ?? -1 }
        var counts = [Int](repeating: 0, count: 200)
        for pick in picks.prefix(total) { counts[pick] += 1 }
        #expect(counts == weights)
        // The window moves on by one pick: whoever leaves it must be who comes in.
        #expect(Array(picks.prefix(total)) == Array(picks.suffix(total)))
    }
}

/// nginx's way: all peers looked at for every pick.
private struct NginxLoop {
    struct Peer { var weight: Int, effective: Int, current = 0, isUp: Bool }

    var peers: [Peer]
    let maxFails: Int

    init(weights: [Int], maxFails: Int) {
        peers = weights.map { Peer(weight: $0, effective: $0, isUp: $0 > 0) }
        self.maxFails = maxFails
    }

    mutating func choose(avoiding avoided: [Int]) -> Int? {
        var best: Int?
        var total = 0
        for place in peers.indices where peers[place].isUp && !avoided.contains(place) {
            peers[place].current += peers[place].effective
            total += peers[place].effective
            if peers[place].effective < peers[place].weight { peers[place].effective += 1 }
            if best.map({ peers[place].current > peers[$0].current }) ?? true { best = place }
        }
        if let best { peers[best].current -= total }
        return best
    }

    mutating func failed(_ place: Int) {
        peers[place].effective = max(0, peers[place].effective - peers[place].weight / maxFails)
    }

    mutating func setWeight(_ weight: Int, of place: Int) {
        peers[place].isUp = weight > 0
        guard weight > 0 else { return }
        let isWhole = peers[place].effective == peers[place].weight
        peers[place].effective = isWhole ? weight : min(weight, peers[place].effective)
        peers[place].weight = weight
    }
}
