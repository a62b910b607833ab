import EventSourcing
import Testing
import Timeline

/// An author who gets no answer from one node asks another one, which does not know yet: both take the event.
@Suite("Available replica: an event appended to two nodes")
struct RepeatedElsewhereTests {
    private let retried = EventID(high: 9, low: 900)

    /// Node 0 takes the event and is cut off; the author repeats it at node 1, where others go on.
    private func cluster() throws -> ReplicaCluster {
        var cluster = try ReplicaCluster(nodes: 3)
        cluster.append(at: 0, event: retried)
        cluster.append(at: 1, event: retried)
        for _ in 0..<3 { cluster.append(at: 1) }
        return cluster
    }

    @Test("it arrives once and is read once, whoever learns of it first, and conflicts with nothing")
    func once() throws {
        var cluster = try cluster()
        cluster.round(from: 0, with: 1)
        cluster.round(from: 2, with: 0)
        for node in 0..<3 {
            #expect(cluster.history(node) == [900, 1, 2, 3])
            #expect(cluster.arrivals(node) == [900, 1, 2, 3])
            #expect(cluster.pairs(node).isEmpty && cluster.replicas[node].conflicts.isEmpty)
            #expect(cluster.replicas[node].totals.copies == 1)
        }
        #expect(cluster.replicas[0].vector(of: 0) == VersionVector([1, 4]), "both entries are known all the same")
        #expect(cluster.append(at: 2, event: retried) == .wasThere(0))
    }

    @Test("what was made upon one of the two is in conflict with what knew neither, and with nothing else")
    func followers() throws {
        var cluster = try cluster()
        cluster.append(at: 0)
        cluster.append(at: 2)
        for (node, peer) in [(0, 1), (2, 0), (1, 2)] { cluster.round(from: node, with: peer) }
        // 1, 2, 3 follow it at node 1 and 4 at node 0; 5 at node 2 knew nothing.
        let wanted: [[UInt64]] = [[1, 4], [1, 5], [2, 4], [2, 5], [3, 4], [3, 5], [4, 5], [5, 900]]
        for node in 0..<3 {
            // The event has two entries, and so two pairs with 5.
            let pairs = Set(cluster.pairs(node))
            #expect(pairs == Set(wanted))
        }
    }

    @Test("a conflict is none any more when it comes out that the author repeated the event in sight of the other")
    func withdrawn() throws {
        var cluster = try ReplicaCluster(nodes: 3)
        cluster.append(at: 0, event: retried)
        cluster.append(at: 1)
        cluster.round(from: 2, with: 0)
        let other = cluster.replicas[2].vector(of: 0)
        // Node 2 learns of both, then of the repetition behind the other one.
        let early = cluster.replicas[1]
        cluster.append(at: 1, event: retried)
        let number = try #require(cluster.arena(of: 1).number(of: 0, 1, 1))
        var late = early
        for message in late.announce(number, in: cluster.arena(of: 1)) where message.to == 2 {
            cluster.deliver(message)
        }
        #expect(cluster.pairs(2, open: true) == [[1, 900]] && other == VersionVector([1]))
        cluster.round(from: 2, with: 1)
        #expect(cluster.pairs(2, open: true).isEmpty && cluster.replicas[2].openConflictCount == 0)
        #expect(cluster.replicas[2].totals.conflicts == 1 && cluster.replicas[2].totals.settled == 1)
    }

    @Test("who settles a conflict with one of the two settles it with both")
    func settled() throws {
        var cluster = try cluster()
        cluster.append(at: 2)
        cluster.round(from: 2, with: 1)
        #expect(cluster.pairs(2, open: true) == [[1, 4], [2, 4], [3, 4], [4, 900]])
        cluster.append(at: 2, expecting: .exactly(cluster.replicas[2].vector(of: 0)))
        cluster.round(from: 2, with: 0)
        for node in [0, 2] {
            #expect(cluster.pairs(node, open: true).isEmpty && cluster.replicas[node].openConflictCount == 0)
        }
        #expect(cluster.history(0) == cluster.history(2) && cluster.history(0).count == 6)
    }

    @Test("where the last writer wins, it counts if either of the two was seen")
    func lastWriterWins() throws {
        var cluster = try ReplicaCluster(nodes: 2, resolution: .lastWriterWins)
        cluster.append(at: 0, event: retried)
        cluster.append(at: 1, event: retried)
        cluster.append(at: 0)
        cluster.append(at: 1)
        cluster.round(from: 0, with: 1)
        for node in 0..<2 {
            #expect(cluster.history(node) == [900, 1, 2] && cluster.effective(node) == [900, 2])
        }
    }
}
