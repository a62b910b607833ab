import EventSourcing
import Testing
import Timeline

@Suite("Anti-entropy: the exchange")
struct ExchangeTests {
    @Test("who knows the same says so at once, and that is all")
    func equal() throws {
        var cluster = try ReplicaCluster.pair()
        #expect(ReplicaMessage.letters(cluster.round(from: 0, with: 1)) == "R=")
        let totals = cluster.replicas.map(\.totals)
        #expect(totals[0].rounds == 1 && totals[0].equalRounds == 1 && totals[0].messagesSent == 1)
        #expect(totals[1].messagesSent == 1 && totals[0].bytesSent == 24 && totals[1].bytesSent == 16)
    }

    @Test("what lies in a world's arrays is trivial, messages too; no estimate of a size overflows")
    func trivial() {
        #expect(_isPOD(ReplicaMessage.self) && MemoryLayout<ReplicaMessage>.size == 601)
        #expect(_isPOD(ReplicatedEntry.self) && _isPOD(Conflict.self) && _isPOD(AntiEntropyTimer.self))
        #expect(_isPOD(VersionVector.self) && MemoryLayout<VersionVector>.size == 32)
        var runs = MessageItems(blank: ReplicaMessage.Run(stream: 0, origin: 0, first: 1, last: .max))
        for _ in 0..<99 { runs.append(.init(stream: 0, origin: 0, first: 1, last: .max)) }
        let message = ReplicaMessage(from: 0, to: 1, body: .entries(.init(runs: runs, rest: nil)))
        #expect(runs.count == 16 && message.estimatedBytes(entryBytes: .max) > message.estimatedBytes(entryBytes: -1))
    }

    @Test("one stream of 2000 in 1024 buckets: ten levels of hashes, one bucket, one entry")
    func oneStream() throws {
        var cluster = try ReplicaCluster.pair()
        for stream in UInt32(0)..<2_000 { cluster.append(at: 0, to: stream) }
        cluster.round(from: 0, with: 1)
        #expect(cluster.replicas[0].tree == cluster.replicas[1].tree)
        cluster.append(at: 0, to: 77)
        let before = cluster.replicas[0].totals
        // Node 0 has the last word on hashes, so node 1 tells its vectors, and gets what it lacks.
        #expect(ReplicaMessage.letters(cluster.round(from: 0, with: 1)) == "RHHHHHHHHHHVE")
        #expect(cluster.replicas[0].totals.entriesSent - before.entriesSent == 1)
        #expect(cluster.replicas[0].tree == cluster.replicas[1].tree)
    }

    @Test("either may begin, and one round serves both directions", arguments: [0, 1])
    func bothDirections(first: Int) throws {
        var cluster = try ReplicaCluster.pair()
        for stream in UInt32(0)..<5 { cluster.append(at: 0, to: stream) }
        for stream in UInt32(3)..<9 { cluster.append(at: 1, to: stream) }
        cluster.round(from: first, with: 1 - first)
        #expect(cluster.replicas[0].tree == cluster.replicas[1].tree)
        #expect(cluster.arrivals(0).sorted() == cluster.arrivals(1).sorted())
        #expect(ReplicaMessage.letters(cluster.round(from: first, with: 1 - first)) == "R=")
        #expect(cluster.replicas.map(\.totals.entriesLearned) == [6, 5])
        #expect(cluster.replicas[0].totals.entriesKnown + cluster.replicas[1].totals.entriesKnown == 0)
    }

    @Test("an answer is not asked back, even if it comes before the entries that were sent with it")
    func answers() throws {
        var cluster = try ReplicaCluster.pair(streams: 1, buckets: 1)
        cluster.append(at: 0)
        cluster.append(at: 1)
        cluster.underWay = [cluster.replicas[0].startRound(with: 1)].compactMap { $0 }
        var order = ""
        while !cluster.underWay.isEmpty, order.count < 20 {
            let message = cluster.underWay.removeLast()
            order.append(message.letter)
            cluster.deliver(message)
        }
        #expect(order == "RVAEE")
    }

    @Test("a long backlog goes in messages of bounded size, each asked for when the last one has come")
    func backlog() throws {
        var cluster = try ReplicaCluster.pair(streams: 1, buckets: 1, entries: 16)
        for _ in 0..<100 { cluster.append(at: 0) }
        let messages = cluster.round(from: 1, with: 0)
        #expect(ReplicaMessage.letters(messages) == "RVAEAEAEAEAEAEAE")
        #expect(messages.map(\.entryCount).filter { $0 > 0 } == [16, 16, 16, 16, 16, 16, 4])
        #expect(cluster.replicas[1].tree == cluster.replicas[0].tree)
        #expect(cluster.arrivals(1) == Array(1...100))
    }

    @Test(
        "of a bucket with many streams the vectors go in several messages, and every stream is served",
        arguments: [1, 3, 16])
    func manyStreams(items: Int) throws {
        var cluster = try ReplicaCluster.pair(streams: 100, buckets: 2, items: items, entries: 8)
        for stream in stride(from: UInt32(0), to: 100, by: 3) {
            cluster.append(at: Int(stream) % 2, to: stream)
            cluster.append(at: 1 - Int(stream) % 2, to: stream)
        }
        var messages: [ReplicaMessage] = []
        var rounds = 0
        while cluster.replicas[0].tree != cluster.replicas[1].tree, rounds < 5 {
            messages += cluster.round(from: 0, with: 1)
            rounds += 1
        }
        #expect(rounds == 1, "without losses one round does it")
        #expect(messages.allSatisfy { $0.itemCount <= items && $0.entryCount <= 8 })
        #expect(cluster.replicas.map(\.conflicts.count) == [34, 34])
        #expect(cluster.replicas.map(\.totals.entriesKnown) == [0, 0], "nothing was sent that was known")
    }
}
