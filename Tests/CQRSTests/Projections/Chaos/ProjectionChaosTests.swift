import Testing

@Suite("Projections under random trouble")
struct ProjectionChaosTests {
    @Test(
        """
        every accepted event is applied once, or set aside by name; streams keep their order; the checkpoint is never \
        beyond what is applied; the read model is that of a fresh replay; what events do outside is done once
        """)
    func promises() throws {
        var happened: [String: Int] = [:]
        for seed in 0..<200 as Range<UInt64> {
            var world = try ChaosWorld(seed: seed)
            try world.run(turns: 400)
            if let complaint = world.database.complaints.first {
                Issue.record("seed \(seed): \(complaint) (ProjectionChaosTests, ChaosWorld(seed: \(seed)))")
                return
            }
            happened.merge(world.happened) { $0 + $1 }
        }
        // A test in which one of these never came up would show nothing about it.
        for what in ["crashes", "answers lost", "rivals", "replays", "rebuild: switched", "rebuild: cancelled"] {
            #expect(happened[what, default: 0] > 20, "\(what): \(happened)")
        }
    }
}
