import Caching
import Testing
import Timeline

@Suite("Coherence of several nodes' caches")
struct ClusterTests {
    private func settings(
        nodes: Int, loss: Double = 0, isInOrder: Bool = true, recovery: InvalidationRecovery?
    ) throws -> InvalidationBusSettings {
        try InvalidationBusSettings(
            nodes: nodes, groups: (0..<nodes).map { $0 % 2 },
            latency: .uniform(least: .zero, most: .milliseconds(80)), loss: loss, isInOrder: isInOrder,
            recovery: recovery)
    }

    /// Does something at random on a random node.
    private func step(_ cluster: inout Cluster, _ strategies: [InvalidationStrategy]) {
        cluster.pass(until: cluster.now + .milliseconds(Int64(cluster.random.below(8))))
        let node = Int(cluster.random.below(UInt64(cluster.nodes.count)))
        let key = Int(cluster.random.below(UInt64(Cluster.keys.count)))
        let strategy = strategies[Int(cluster.random.below(UInt64(strategies.count)))]
        let decision = InvalidationDecision(strategy, cluster.random.chance(0.5) ? .all : .others)
        switch cluster.random.below(20) {
        case 0..<2: cluster.write(key, on: node, decision)
        case 2: cluster.invalidate(tag: Cluster.tag(of: key), on: node, decision)
        case 3..<10:
            if cluster.read(key, on: node) == nil { cluster.beginLoad(of: key, on: node) }
        default:
            guard let load = cluster.nodes[node].loads.indices.randomPlace(&cluster.random) else { return }
            if cluster.nodes[node].loads[load].copy == nil {
                let lag = cluster.random.chance(0.2) ? cluster.random.below(4) : 0
                cluster.readOrigin(load: load, on: node, lag: lag)
            } else {
                cluster.store(load: load, on: node)
            }
        }
    }

    /// What the caches could serve that is stale.
    private func staleCopies(_ cluster: inout Cluster) -> Int {
        let before = cluster.counts.staleHits
        for node in cluster.nodes.indices {
            for key in Cluster.keys { _ = cluster.read(key, on: node) }
        }
        return cluster.counts.staleHits - before
    }

    @Test(
        "on a reliable bus no read after a delivery returns an older version, and no load that raced one is stored",
        arguments: [0, 1, 3, 100])
    func reliable(capacity: Int) throws {
        var counts = Cluster.Counts()
        for seed in 0..<4 as Range<UInt64> {
            let settings = try settings(nodes: 2 + Int(seed % 3), isInOrder: seed % 2 == 0, recovery: nil)
            var cluster = Cluster(settings, capacity: capacity, seed: seed)
            for _ in 0..<250 where cluster.fault == nil { step(&cluster, [.immediate]) }
            cluster.pass(until: cluster.now + .milliseconds(80))
            #expect(cluster.fault == nil, "seed \(seed)")
            #expect(staleCopies(&cluster) == 0, "seed \(seed)")
            counts.add(cluster.counts)
        }
        #expect(counts.hits > 30 && counts.staleHits > 0 && counts.refusals > 20 && counts.stores > 10, "\(counts)")
    }

    @Test(
        "with losses, partitions, repetitions and overtaking every node is coherent again after the recovery's delay",
        arguments: [0, 2, 100], [0, 3])
    func recovers(capacity: Int, queue: Int) throws {
        let recovery = try InvalidationRecovery(delay: .milliseconds(200), capacity: queue)
        var counts = Cluster.Counts()
        for seed in 0..<4 as Range<UInt64> {
            let nodes = 2 + Int(seed % 3)
            let faulty = try settings(nodes: nodes, loss: 0.3, isInOrder: seed % 2 == 0, recovery: recovery)
            var cluster = Cluster(faulty, capacity: capacity, seed: seed)
            cluster.duplication = 0.2
            for turn in 0..<150 where cluster.fault == nil {
                if turn % 25 == 0 { cluster.bus.partitioned = NodeSet([Int(cluster.random.below(6))]) }
                step(&cluster, [.immediate, .lazy, .ttl(.milliseconds(40))])
            }
            cluster.duplication = 0
            cluster.bus.partitioned = []
            try cluster.bus.changeSettings(settings(nodes: nodes, recovery: recovery))
            cluster.pass(until: cluster.now + .milliseconds(200 + 80 + 40 + 40))
            #expect(cluster.fault == nil, "seed \(seed)")
            #expect(staleCopies(&cluster) == 0, "seed \(seed)")
            counts.add(cluster.counts)
        }
        #expect(counts.hits > 20 && counts.staleHits > 0 && counts.gaps > 10 && counts.refusals > 20, "\(counts)")
    }

    @Test("without a recovery, the first message after a lost one makes a node drop everything")
    func withoutRecovery() throws {
        var cluster = Cluster(try settings(nodes: 2, loss: 1, recovery: nil), capacity: 100, seed: 1)
        cluster.load(1, on: 1)
        cluster.write(1, on: 0, InvalidationDecision(.immediate, .others))
        cluster.pass(until: .after(.seconds(9)))
        #expect(staleCopies(&cluster) == 1)
        try cluster.bus.changeSettings(settings(nodes: 2, recovery: nil))
        cluster.write(2, on: 0, InvalidationDecision(.immediate, .others))
        cluster.pass(until: .after(.seconds(10)))
        #expect(staleCopies(&cluster) == 0 && cluster.nodes[1].copies.isEmpty && cluster.counts.gaps == 1)
    }

    @Test("vector 28: without a backplane the other nodes go on with what they hold; with it they see every change")
    func backplane() throws {
        var cluster = Cluster(try settings(nodes: 3, recovery: nil), capacity: 100, seed: 1)
        for node in 0..<3 { cluster.load(4, on: node) }
        cluster.write(4, on: 0, InvalidationDecision(.immediate, .none))
        cluster.pass(until: .after(.seconds(1)))
        #expect((0..<3).map { cluster.read(4, on: $0) } == [1, 0, 0])
        cluster.write(4, on: 0, InvalidationDecision(.immediate, .others))
        cluster.pass(until: .after(.seconds(2)))
        #expect((0..<3).map { cluster.read(4, on: $0) } == [2, nil, nil])
        for node in 1..<3 { cluster.load(4, on: node) }
        #expect((0..<3).map { cluster.read(4, on: $0) } == [2, 2, 2])
        cluster.invalidate(tag: Cluster.tag(of: 4), on: 0, InvalidationDecision(.immediate, .all))
        cluster.pass(until: .after(.seconds(3)))
        #expect((0..<3).map { cluster.read(4, on: $0) } == [nil, nil, nil])
        #expect(cluster.fault == nil)
    }

    @Test("two runs from one seed are the same to the last message")
    func deterministic() throws {
        let recovery = try InvalidationRecovery(delay: .milliseconds(200), capacity: 3)
        func run(_ seed: UInt64) throws -> [InvalidationDelivery<Int>] {
            var cluster = Cluster(try settings(nodes: 4, loss: 0.3, recovery: recovery), capacity: 5, seed: seed)
            for _ in 0..<150 { step(&cluster, [.immediate, .lazy]) }
            cluster.write(0, on: 0, InvalidationDecision(.immediate, .all))
            return cluster.onTheWay
        }
        #expect(try run(1) == run(1))
        #expect(try run(1) != run(2))
    }
}

extension Cluster {
    /// Loads a key into a node's cache at once.
    mutating func load(_ key: Int, on node: Int) {
        beginLoad(of: key, on: node)
        readOrigin(load: nodes[node].loads.count - 1, on: node, lag: 0)
        store(load: nodes[node].loads.count - 1, on: node)
    }
}

extension Cluster.Counts {
    mutating func add(_ other: Self) {
        hits += other.hits
        staleHits += other.staleHits
        stores += other.stores
        refusals += other.refusals
        gaps += other.gaps
    }
}

extension Range<Int> {
    fileprivate func randomPlace(_ random: inout RandomStream) -> Int? {
        isEmpty ? nil : lowerBound + Int(random.below(UInt64(count)))
    }
}
