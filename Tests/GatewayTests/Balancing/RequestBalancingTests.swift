import Gateway
import Testing
import Timeline

@Suite("Round robin, least connections, two choices and peak EWMA")
struct RequestBalancingTests {
    @Test("round robin: in order; who leaves or comes back moves nobody's turn")
    func roundRobin() {
        var balancer = RoundRobin(count: 4)
        #expect((0..<5).map { _ in balancer.choose() } == [0, 1, 2, 3, 0])
        balancer.setWeight(0, of: 0)
        #expect((0..<3).map { _ in balancer.choose() } == [1, 2, 3])
        balancer.setWeight(1, of: 0)
        #expect((0..<2).map { _ in balancer.choose() } == [0, 1])
        #expect(balancer.choose(avoiding: [2]) == 3)
        #expect(balancer.choose(avoiding: [0, 1, 2, 3]) == nil)
        var nobody = RoundRobin()
        #expect(nobody.choose() == nil)
    }

    @Test("G13: two routes that take turns have a counter each, so both use both backends")
    func routes() {
        var (first, second) = (RoundRobin(count: 2), RoundRobin(count: 2))
        var seen: [[Int?]] = []
        for _ in 0..<2 { seen.append([first.choose(), second.choose()]) }
        #expect(seen == [[0, 0], [1, 1]])
    }

    @Test("least connections: the fewest for their weights; equals in turn")
    func leastConnections() {
        var balancer = LeastConnections(weights: [1, 1, 2])
        balancer.began(0)
        balancer.began(2)
        // 1/1, 0/1, 1/2
        #expect(balancer.choose() == 1)
        balancer.began(1)
        #expect(balancer.choose() == 2)
        balancer.began(2)
        // 1/1, 1/1, 2/2: the turn is that of the one that was chosen least.
        #expect(balancer.choose() == 0)
        balancer.ended(1)
        #expect(balancer.choose() == 1)
        #expect(balancer.choose(avoiding: [1]) == 2)
        #expect(balancer.choose(avoiding: [0, 1, 2]) == nil)
        #expect(balancer.inFlight(of: 2) == 2)
    }

    @Test("least connections at rest: turns by weight, and no making up for turns that were missed")
    func turns() {
        var balancer = LeastConnections(weights: [3, 2, 1])
        var counts = [0, 0, 0]
        for _ in 0..<600 { counts[balancer.choose() ?? 0] += 1 }
        #expect(counts == [300, 200, 100])
        var equal = LeastConnections(weights: [1, 1, 1])
        equal.setWeight(0, of: 2)
        for _ in 0..<100 { _ = equal.choose() }
        equal.setWeight(1, of: 2)
        let picks = (0..<9).map { _ in equal.choose() ?? -1 }
        #expect((0..<3).map { place in picks.count { $0 == place } } == [3, 3, 3])
    }

    @Test("least connections agrees with a look at all, whatever begins, ends, leaves and comes back")
    func leastModel() {
        for seed in 0..<30 as Range<UInt64> {
            var random = RandomStream(seed: seed, name: "least", purpose: "model")
            let count = 1 + Int(random.below(12))
            var weights = (0..<count).map { _ in Int(random.below(4)) }
            var inFlight = [Int](repeating: 0, count: count)
            var balancer = LeastConnections(weights: weights)
            for step in 0..<200 {
                let place = Int(random.below(UInt64(count)))
                switch random.below(8) {
                case 0:
                    weights[place] = Int(random.below(4))
                    balancer.setWeight(weights[place], of: place)
                case 1, 2:
                    inFlight[place] = max(0, inFlight[place] - 1)
                    balancer.ended(place)
                default:
                    let picked = balancer.choose()
                    let loads = (0..<count).map { Double(inFlight[$0]) / Double(weights[$0]) }
                    let least = loads.indices.filter { weights[$0] > 0 }.map { loads[$0] }.min()
                    let load = picked.map { loads[$0] }
                    guard load == least else {
                        Issue.record("seed \(seed), step \(step): \(load ?? -1) for \(least ?? -1)")
                        return
                    }
                    guard let picked else { continue }
                    inFlight[picked] += 1
                    balancer.began(picked)
                }
            }
        }
    }

    @Test("two choices: never the busier of two; draws by weight; the others where both are avoided")
    func twoChoices() {
        var random = RandomStream(seed: 3, name: "two", purpose: "choices")
        var pair = PowerOfTwoChoices(weights: [1, 1])
        pair.began(0)
        for _ in 0..<20 { #expect(pair.choose(using: &random) == 1) }

        var weighted = PowerOfTwoChoices(weights: [6, 0, 3, 1])
        var counts = [0, 0, 0, 0]
        for _ in 0..<10_000 { counts[weighted.choose(using: &random) ?? 1] += 1 }
        #expect(abs(counts[0] - 6_000) < 200)
        #expect(counts[1] == 0)
        #expect(abs(counts[2] - 3_000) < 200)
        for _ in 0..<50 { #expect(weighted.choose(avoiding: [0, 2], using: &random) == 3) }
        #expect(weighted.choose(avoiding: [0, 2, 3], using: &random) == nil)
    }

    @Test("places and weights that nobody can have harm nobody", arguments: [Int.min, -1, 65_536, .max])
    func beyond(number: Int) {
        var random = RandomStream(seed: 6, name: "beyond", purpose: "choices")
        var (turns, smooth, least) = (
            RoundRobin(count: 1), SmoothRoundRobin(weights: [1]), LeastConnections(weights: [1])
        )
        var (two, peak) = (PowerOfTwoChoices(weights: [1]), PeakEWMA(weights: [1]))
        for place in [number, 0] {
            turns.setWeight(number, of: place)
            smooth.setWeight(number, of: place)
            least.setWeight(number, of: place)
            two.setWeight(number, of: place)
            peak.setWeight(number, of: place)
        }
        least.began(number)
        two.ended(number)
        smooth.failed(number)
        peak.ended(number, took: .seconds(-1), at: .zero)
        let chosen = [
            turns.choose(), smooth.choose(), least.choose(), two.choose(using: &random),
            peak.choose(at: .zero, using: &random),
        ]
        #expect(chosen == [Int?](repeating: number > 0 ? 0 : nil, count: 5))
        let member = HashRing.Member(place: number, address: "", weight: number)
        let ring = HashRing(.xxhash(.between(minimum: 4, maximum: number)), [member])
        #expect(ring.points.count == (number > 0 ? 4 : 0))
    }

    @Test("the two are never the same, whatever their weights")
    func differ() {
        var random = RandomStream(seed: 6, name: "two", purpose: "differ")
        for weights in [[1_000, 1], [1, 1_000], [7, 7]] {
            var balancer = PowerOfTwoChoices(weights: weights)
            let heavy = weights[0] >= weights[1] ? 0 : 1
            for _ in 0..<2_000 { balancer.began(heavy) }
            let picks = Set((0..<50).compactMap { _ in balancer.choose(using: &random) })
            #expect(picks == [1 - heavy])
        }
    }

    @Test("two choices keep 100 backends nearly even, where one draw does not (Mitzenmacher)")
    func maximum() {
        var random = RandomStream(seed: 4, name: "two", purpose: "maximum")
        var balancer = PowerOfTwoChoices(weights: [Int](repeating: 1, count: 100))
        var single = [Int](repeating: 0, count: 100)
        for _ in 0..<1_000 {
            if let place = balancer.choose(using: &random) { balancer.began(place) }
            single[Int(random.below(100))] += 1
        }
        let most = (0..<100).map(balancer.inFlight).max() ?? 0
        #expect(most <= 13)
        #expect((single.max() ?? 0) > most + 3)
    }

    @Test("peak EWMA: a peak is taken over at once, less draws the average down, and so does time")
    func average() {
        var balancer = PeakEWMA(weights: [1, 1], decay: .seconds(10))
        func end(_ took: Duration, at seconds: Int64, failed: Bool = false) {
            balancer.began(0)
            balancer.ended(0, took: took, failed: failed, at: .after(.seconds(seconds)))
        }
        #expect(balancer.latency(of: 0, at: .zero) == .zero)
        end(.milliseconds(100), at: 0)
        #expect(balancer.latency(of: 0, at: .zero) == .milliseconds(100))
        #expect(balancer.latency(of: 0, at: .after(.seconds(10))) == .nanoseconds(36_787_944))
        end(.milliseconds(10), at: 10)
        // 100 / e + 10 (1 - 1 / e)
        #expect(balancer.latency(of: 0, at: .after(.seconds(10))) == .nanoseconds(43_109_150))
        end(.milliseconds(500), at: 10)
        #expect(balancer.latency(of: 0, at: .after(.seconds(10))) == .milliseconds(500))
        // A failure that comes at once is no quick answer, and a slow one is a slow one.
        end(.milliseconds(1), at: 11, failed: true)
        #expect(balancer.latency(of: 0, at: .after(.seconds(10))) == .milliseconds(500))
        end(.seconds(2), at: 11, failed: true)
        #expect(balancer.latency(of: 0, at: .after(.seconds(11))) == .seconds(2))
        #expect(balancer.latency(of: 0, at: .after(.seconds(5))) == .seconds(2))
        balancer.began(0)
        #expect(balancer.cost(of: 0, at: .after(.seconds(11))) == 4e9)
        balancer.ended(0, took: nil, at: .after(.seconds(12)))
        #expect(balancer.cost(of: 0, at: .after(.seconds(11))) == 2e9)
    }

    @Test("peak EWMA: an untried backend first, one that has not answered last, else the lesser cost")
    func choice() {
        var random = RandomStream(seed: 3, name: "ewma", purpose: "choices")
        var balancer = PeakEWMA(weights: [1, 1])
        func chosen() -> Set<Int> {
            Set((0..<20).compactMap { _ in balancer.choose(at: .after(.seconds(1)), using: &random) })
        }
        balancer.began(0)
        #expect(chosen() == [1])
        balancer.began(1)
        balancer.ended(1, took: .milliseconds(10), at: .after(.seconds(1)))
        #expect(chosen() == [1])
        balancer.ended(0, took: .milliseconds(25), at: .after(.seconds(1)))
        balancer.began(1)
        #expect(chosen() == [1])
        balancer.began(1)
        #expect(chosen() == [0])
        // What is older has decayed more: 25 ms of 10 s ago are 9.2 ms.
        var aged = PeakEWMA(weights: [1, 1])
        for (place, took, at) in [(0, 25, 0), (1, 10, 10)] as [(Int, Int64, Int64)] {
            aged.began(place)
            aged.ended(place, took: .milliseconds(took), at: .after(.seconds(at)))
        }
        let picks = Set((0..<20).compactMap { _ in aged.choose(at: .after(.seconds(10)), using: &random) })
        #expect(picks == [0])
        #expect(aged.choose(avoiding: [0, 1], at: .zero, using: &random) == nil)
        #expect(aged.choose(avoiding: [0], at: .zero, using: &random) == 1)
    }
}
