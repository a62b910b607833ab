import EventSourcing
import Testing
import Timeline

@Suite("Anti-entropy, at random")
struct AntiEntropyPropertyTests {
    @Test(
        """
        after cuts, lost, doubled and reordered messages all nodes know the same and read the same; nothing is lost, \
        nothing arrives twice or before what it is made upon; each pair in conflict is noted once on each node, and \
        stays open until it is settled
        """,
        arguments: 1...4)
    func convergence(part: UInt64) throws {
        var seen = ReplicaChaos.Seen()
        for seed in part * 1_000..<part * 1_000 + 25 {
            var chaos = try ReplicaChaos(seed: seed, ownArenas: seed.isMultiple(of: 3))
            chaos.run()
            chaos.judge()
            if !chaos.complaints.isEmpty {
                Issue.record("seed \(seed): \(chaos.complaints.prefix(3).joined(separator: "; "))")
                return
            }
            seen.add(chaos)
        }
        // A test in which one of these never came up would show nothing about it.
        #expect(seen.conflicts > 0 && seen.open > 0 && seen.settled > 0 && seen.copies > 0, "\(seen)")
        #expect(seen.early > 0 && seen.known > 0 && seen.refused > 0 && seen.cut > 0 && seen.superseded > 0, "\(seen)")
    }

    @Test("a node sees no more of a shared arena than what it was told: with arenas of their own all goes the same way")
    func ownArenas() throws {
        for seed in UInt64(0)..<8 {
            var shared = try ReplicaChaos(seed: seed, ownArenas: false)
            var own = try ReplicaChaos(seed: seed, ownArenas: true)
            shared.run()
            own.run()
            let differs = shared.cluster.replicas.map(\.totals) != own.cluster.replicas.map(\.totals)
            #expect(!differs && shared.transcript == own.transcript, "seed \(seed)")
        }
    }

    @Test("the same seed gives the same cluster, and a copy goes its own way")
    func determinism() throws {
        var one = try ReplicaChaos(seed: 7, ownArenas: false)
        var other = try ReplicaChaos(seed: 7, ownArenas: false)
        one.run()
        other.run()
        #expect(one.cluster.replicas == other.cluster.replicas && one.cluster.arenas == other.cluster.arenas)
        let kept = one.cluster.replicas
        one.cluster.append(at: 0)
        #expect(one.cluster.replicas[0] != kept[0] && other.cluster.replicas == kept)
    }
}
