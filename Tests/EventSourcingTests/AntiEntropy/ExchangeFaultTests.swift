import EventSourcing
import Testing
import Timeline

@Suite("Anti-entropy: bad messages")
struct ExchangeFaultTests {
    @Test("whichever message is lost, the next round makes good for it")
    func losses() throws {
        var lost = 0
        while true {
            var cluster = try ReplicaCluster.pair(streams: 40, buckets: 8, items: 4, entries: 4)
            for stream in UInt32(0)..<20 { cluster.append(at: Int(stream) % 2, to: stream * 2) }
            cluster.underWay = [cluster.replicas[0].startRound(with: 1)].compactMap { $0 }
            var count = 0
            while !cluster.underWay.isEmpty {
                let message = cluster.underWay.removeFirst()
                if count != lost { cluster.deliver(message) }
                count += 1
            }
            guard count > lost else { break }
            cluster.round(from: 1, with: 0)
            #expect(cluster.replicas[0].tree == cluster.replicas[1].tree, "message \(lost) lost")
            lost += 1
        }
        #expect(lost > 20)
    }

    @Test("messages that all come twice change nothing, and do not breed")
    func duplicates() throws {
        var cluster = try ReplicaCluster.pair(streams: 8, buckets: 4, entries: 4)
        for count in UInt32(0)..<200 { cluster.append(at: Int(count % 2), to: count % 8) }
        var once = cluster
        let plain = once.round(from: 0, with: 1).count
        cluster.underWay = [cluster.replicas[0].startRound(with: 1)].compactMap { $0 }
        var delivered = 0
        while !cluster.underWay.isEmpty, delivered < 100_000 {
            let message = cluster.underWay.removeFirst()
            cluster.deliver(message)
            cluster.deliver(message)
            delivered += 2
        }
        #expect(cluster.replicas[0].tree == cluster.replicas[1].tree)
        #expect(Set(cluster.arrivals(0)) == Set(1...200) && cluster.arrivals(0).count == 200)
        // Three levels of the tree are walked in 2, 4 and 8 copies; behind them nothing grows.
        #expect(delivered < plain * 20, "\(delivered) for \(plain)")
    }

    @Test("fresh events are told to all; who missed one asks for it when the next one comes")
    func eager() throws {
        var cluster = try ReplicaCluster(nodes: 3)
        cluster.append(at: 0)
        let first = cluster.replicas[0].announce(0, in: cluster.arena(of: 0))
        #expect(first.map(\.to) == [1, 2] && first.allSatisfy { $0.entryCount == 1 })
        cluster.deliver(first[0])
        cluster.append(at: 0)
        for message in cluster.replicas[0].announce(1, in: cluster.arena(of: 0)) { cluster.deliver(message) }
        #expect(cluster.arrivals(1) == [1, 2] && cluster.arrivals(2).isEmpty)
        #expect(cluster.replicas[2].totals.entriesEarly == 1)
        #expect(ReplicaMessage.letters(cluster.drain()) == "AE")
        #expect(cluster.arrivals(2) == [1, 2])
        #expect(cluster.replicas[1].announce(9, in: cluster.arena(of: 1)).isEmpty, "there is no such entry")
    }

    @Test("what comes before something that it is made upon waits for it, whoever made that")
    func causalOrder() throws {
        var cluster = try ReplicaCluster(nodes: 3)
        cluster.append(at: 0)
        cluster.round(from: 1, with: 0)
        cluster.append(at: 1)
        let news = cluster.replicas[1].announce(1, in: cluster.arena(of: 1))
        cluster.deliver(news[1])
        #expect(cluster.arrivals(2).isEmpty && cluster.replicas[2].vector(of: 0).isZero)
        _ = cluster.drain()
        #expect(cluster.arrivals(2) == [1, 2] && cluster.replicas[2].conflicts.isEmpty)
    }

    @Test("messages for somebody else, from oneself or from nowhere are ignored; so is what makes no sense")
    func nonsense() throws {
        var cluster = try ReplicaCluster.pair(streams: 4, buckets: 4)
        cluster.append(at: 0)
        let before = cluster.replicas[0]
        func receive(_ body: ReplicaMessage.Body, from: UInt8 = 1, to: UInt8 = 0) -> Int {
            cluster.deliver(ReplicaMessage(from: from, to: to, body: body)).replies.count
        }
        #expect(receive(.root(5), from: 0) == 0)
        #expect(receive(.root(5), from: 7) == 0)
        #expect(cluster.replicas[0].receive(.init(from: 1, to: 1, body: .root(5)), in: EntryArena()).replies.isEmpty)
        #expect(cluster.replicas[0].startRound(with: 0) == nil && cluster.replicas[0].startRound(with: 2) == nil)
        var pairs = MessageItems(blank: ReplicaMessage.HashPair(node: 0, left: 0, right: 0))
        for node in [0, 4, 9, UInt32.max] { pairs.append(.init(node: node, left: 1, right: 1)) }
        #expect(receive(.hashes(pairs)) == 0)
        var runs = MessageItems(blank: ReplicaMessage.Run(stream: 0, origin: 0, first: 0, last: 0))
        runs.append(.init(stream: .max, origin: 255, first: 1, last: .max))
        runs.append(.init(stream: 0, origin: 0, first: 0, last: .max))
        runs.append(.init(stream: 0, origin: 0, first: 9, last: 3))
        _ = receive(.entries(.init(runs: runs, rest: .init(first: .max, last: 0))))
        var known = MessageItems(blank: ReplicaMessage.StreamVector(stream: 0, vector: VersionVector()))
        known.append(.init(stream: .max, vector: VersionVector([.max])))
        _ = receive(.vectors(.init(range: .init(first: 3, last: .max), known: known, isAnswer: false)))
        _ = receive(.vectors(.init(range: .init(first: .max, last: .max), known: known, isAnswer: false)))
        #expect(cluster.replicas[0].vector(of: 0) == before.vector(of: 0) && cluster.arrivals(0) == [1])
        #expect(cluster.replicas[0].tree == before.tree)
    }
}
