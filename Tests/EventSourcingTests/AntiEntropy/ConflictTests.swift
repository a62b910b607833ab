import EventSourcing
import Testing
import Timeline

@Suite("Available replica: conflicts")
struct ConflictTests {
    typealias Expectation = AvailableReplica.Expectation

    /// What a node knows of stream 0, to append upon just that.
    private func all(_ cluster: ReplicaCluster, at node: Int) -> Expectation {
        .exactly(cluster.replicas[node].vector(of: 0))
    }

    /// Dynamo's example: D1 and D2 at Sx, D3 at Sy and D4 at Sz upon D2.
    private func dynamo() throws -> ReplicaCluster {
        var cluster = try ReplicaCluster(nodes: 3)
        cluster.append(at: 0)
        cluster.append(at: 0, expecting: all(cluster, at: 0))
        cluster.round(from: 1, with: 0)
        cluster.round(from: 2, with: 0)
        cluster.append(at: 1, expecting: all(cluster, at: 1))
        cluster.append(at: 2, expecting: all(cluster, at: 2))
        return cluster
    }

    @Test("Dynamo, figure 3: D3 [Sx 2, Sy 1] and D4 [Sx 2, Sz 1] conflict until D5 [Sx 3, Sy 1, Sz 1] reconciles them")
    func dynamoFigure3() throws {
        var cluster = try dynamo()
        #expect(cluster.replicas[1].vector(of: 0) == VersionVector([2, 1]))
        #expect(cluster.replicas[2].vector(of: 0) == VersionVector([2, 0, 1]))
        cluster.round(from: 0, with: 1)
        #expect(cluster.replicas[0].conflicts.isEmpty)
        cluster.round(from: 0, with: 2)
        let conflict = try #require(cluster.replicas[0].openConflicts(of: 0).first)
        #expect(conflict.parted == VersionVector([2]) && conflict.stream == 0)
        #expect(cluster.pairs(0) == [[3, 4]] && cluster.pairs(0, open: true) == [[3, 4]])
        #expect(cluster.append(at: 0, expecting: all(cluster, at: 0)) == .appended(4))
        #expect(cluster.replicas[0].vector(of: 0) == VersionVector([3, 1, 1]))
        #expect(cluster.replicas[0].openConflictCount == 0 && cluster.replicas[0].openConflicts(of: 0).isEmpty)
        for peer in [1, 2] {
            cluster.round(from: peer, with: 0)
            #expect(cluster.history(peer) == [1, 2, 3, 4, 5])
            #expect(cluster.pairs(peer) == [[3, 4]], "noted, once, when the other one came")
            #expect(cluster.pairs(peer, open: true).isEmpty)
        }
    }

    @Test("dvvset's less_test: what was made upon what, along five nodes")
    func dottedVersionVectors() throws {
        let (a, b, z, c, d) = (0, 1, 2, 3, 4)
        var cluster = try ReplicaCluster(nodes: 5)
        cluster.append(at: a)
        cluster.round(from: b, with: a)
        cluster.round(from: z, with: a)
        for node in [a, b, z] { cluster.append(at: node) }
        cluster.round(from: c, with: a)
        cluster.append(at: c)
        cluster.round(from: d, with: c)
        cluster.round(from: d, with: b)
        cluster.append(at: d)
        // The entries by number: A, B, B2, B3, C, D.
        let entries = (UInt32(0)..<6).compactMap { cluster.entry($0, at: 0) }
        let (A, B, B2, B3, C, D) = (entries[0], entries[1], entries[2], entries[3], entries[4], entries[5])
        for (later, earlier) in [(B, A), (C, A), (C, B), (D, B), (D, B2), (D, A)] {
            #expect(later.isMadeUpon(earlier) && !earlier.isMadeUpon(later) && earlier.precedes(later))
        }
        for (one, other) in [(C, B2), (B2, B), (B, B2), (A, A), (C, C), (B2, D), (D, B3)] {
            #expect(!one.isMadeUpon(other))
        }
        #expect(B.isConcurrent(with: B2) && D.isConcurrent(with: B3) && !A.isConcurrent(with: A))
    }

    @Test("who expects nothing has read nothing: such an event stands behind both and settles neither")
    func blindAppend() throws {
        var cluster = try dynamo()
        cluster.round(from: 1, with: 2)
        for expected: Expectation in [.any, .streamExists] { cluster.append(at: 1, expecting: expected) }
        #expect(cluster.pairs(1, open: true) == [[3, 4]])
        #expect(cluster.history(1) == [1, 2, 3, 4, 5, 6])
        cluster.append(at: 1, expecting: all(cluster, at: 1))
        #expect(cluster.replicas[1].openConflictCount == 0)
    }

    @Test("of three sides two may be settled; the third stays in conflict with them and with what settled them")
    func threeSides() throws {
        var cluster = try ReplicaCluster(nodes: 4)
        for node in 0..<3 { cluster.append(at: node) }
        cluster.round(from: 0, with: 1)
        cluster.append(at: 0, expecting: all(cluster, at: 0))
        cluster.round(from: 3, with: 0)
        cluster.round(from: 3, with: 2)
        #expect(cluster.pairs(3) == [[1, 2], [1, 3], [2, 3], [3, 4]])
        #expect(cluster.pairs(3, open: true) == [[1, 3], [2, 3], [3, 4]])
        #expect(cluster.replicas[3].openConflicts(of: 0).allSatisfy { $0.parted.isZero })
        cluster.append(at: 3, expecting: all(cluster, at: 3))
        #expect(cluster.pairs(3, open: true).isEmpty && cluster.replicas[3].totals.settled == 2)
    }

    @Test("two who each settle their own side's history settle nothing between the sides")
    func separateSettlers() throws {
        var cluster = try ReplicaCluster(nodes: 2)
        for node in 0..<2 {
            cluster.append(at: node)
            cluster.append(at: node, expecting: all(cluster, at: node))
        }
        cluster.round(from: 0, with: 1)
        for node in 0..<2 {
            #expect(cluster.pairs(node, open: true) == [[1, 3], [1, 4], [2, 3], [2, 4]])
        }
    }

    @Test("a conflict names where the histories parted, and comes with the message that brought it")
    func parting() throws {
        var cluster = try ReplicaCluster(nodes: 2)
        for _ in 0..<3 { cluster.append(at: 0) }
        cluster.round(from: 0, with: 1)
        for _ in 0..<2 { cluster.append(at: 0) }
        cluster.append(at: 1)
        let round = cluster.replicas[0].startRound(with: 1)
        cluster.underWay = round.map { [$0] } ?? []
        var noted: [Conflict] = []
        while !cluster.underWay.isEmpty {
            let message = cluster.underWay.removeFirst()
            let reception = cluster.deliver(message)
            let new = cluster.replicas[Int(message.to)].conflicts[reception.conflictsBefore...]
            if message.to == 0 { noted += new }
        }
        let conflict = try #require(noted.first)
        #expect(noted.count == 1 && conflict.parted == VersionVector([3]) && conflict.known == VersionVector([5]))
        #expect(cluster.replicas[0].opponents(of: conflict, in: cluster.arena(of: 0)) == [3, 4])
        // On the other side the same pairs come one by one.
        #expect(cluster.replicas[1].conflicts.map(\.parted) == [VersionVector([3]), VersionVector([3])])
    }

    @Test("a conflict means nothing to a node that knows nothing of it")
    func foreign() throws {
        var cluster = try dynamo()
        cluster.round(from: 1, with: 2)
        let conflict = try #require(cluster.replicas[1].conflicts.first)
        let stranger = try AvailableReplica(node: 0, try .init(nodes: 1, streams: 1))
        #expect(stranger.opponents(of: conflict, in: EntryArena()).isEmpty)
        #expect(stranger.openOpponents(of: conflict, in: cluster.arena(of: 1)) == [2])
    }
}
