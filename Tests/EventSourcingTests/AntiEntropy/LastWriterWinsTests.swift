import EventSourcing
import Testing
import Timeline

@Suite("Available replica: the last writer wins")
struct LastWriterWinsTests {
    @Test("where the last writer wins, what counts is what it saw, never a mixture; nothing is listed, nothing deleted")
    func lastWriterWins() throws {
        var cluster = try ReplicaCluster(nodes: 2, resolution: .lastWriterWins)
        cluster.append(at: 0)
        cluster.round(from: 0, with: 1)
        // In the order of all nodes: 2 and 4 are of one time, so are 3 and 5, and 6 is the last.
        for _ in 0..<2 { cluster.append(at: 0) }
        for _ in 0..<3 { cluster.append(at: 1) }
        cluster.round(from: 0, with: 1)
        for node in 0..<2 {
            #expect(cluster.history(node) == [1, 2, 4, 3, 5, 6])
            #expect(cluster.effective(node) == [1, 4, 5, 6])
            #expect(cluster.replicas[node].openConflictCount == 0 && !cluster.replicas[node].conflicts.isEmpty)
            #expect(cluster.arrivals(node).count == 6)
        }
        // What lost stays lost when somebody goes on who knows both.
        cluster.append(at: 0)
        #expect(cluster.effective(0) == [1, 4, 5, 6, 7])
    }

    @Test("an earlier writer does not win by coming later")
    func lateLoser() throws {
        var cluster = try ReplicaCluster(nodes: 3, resolution: .lastWriterWins)
        cluster.append(at: 0)
        for _ in 0..<2 { cluster.append(at: 1) }
        cluster.round(from: 2, with: 1)
        cluster.round(from: 2, with: 0)
        #expect(cluster.history(2) == [1, 2, 3] && cluster.effective(2) == [2, 3])
    }
}
