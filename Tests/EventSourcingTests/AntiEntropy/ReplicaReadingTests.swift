import EventSourcing
import Testing
import Timeline

@Suite("Available replica: reading")
struct ReplicaReadingTests {
    @Test("the log of arrivals is read in pages from any position, and is each node's own")
    func arrivals() throws {
        var cluster = try ReplicaCluster(nodes: 2)
        for _ in 0..<3 { cluster.append(at: 0) }
        for _ in 0..<2 { cluster.append(at: 1, to: 1) }
        cluster.round(from: 0, with: 1)
        #expect(cluster.arrivals(0) == [1, 2, 3, 4, 5] && cluster.arrivals(1) == [4, 5, 1, 2, 3])
        let replica = cluster.replicas[1]
        #expect(replica.lastArrival == Position(5))
        #expect(Array(replica.arrivals(after: Position(1), limit: 2)) == [4, 0])
        #expect(replica.arrivals(after: Position(5), limit: 9).isEmpty)
        #expect(replica.arrivals(after: Position(99), limit: 9).isEmpty)
        #expect(replica.arrivals(after: Position(-7), limit: 0).count == 1)
    }

    @Test("the order of a stream is that of Lamport's time, then of the origin, whatever came first")
    func order() throws {
        var cluster = try ReplicaCluster(nodes: 3)
        // Node 2's clock is ahead through another stream.
        for _ in 0..<3 { cluster.append(at: 2, to: 1) }
        for node in [2, 1, 0] { cluster.append(at: node) }
        cluster.append(at: 0)
        for (node, peer) in [(0, 1), (1, 2), (0, 1)] { cluster.round(from: node, with: peer) }
        for node in 0..<3 { #expect(cluster.history(node) == [6, 5, 7, 4]) }
        #expect(cluster.replicas.map(\.clock) == [4, 4, 4])
    }
}
