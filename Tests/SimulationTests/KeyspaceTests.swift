import Resilience
import Simulation
import Testing
import Timeline

@Suite("Where the keys of a balancer go")
struct KeyspaceTests {
    static let choices = [BalancerPlan.Choice.key, .hashRing, .hashKetama, .hashMaglev]

    private func system(_ by: BalancerPlan.Choice, _ keys: KeyLaw, replicas: Int = 4) -> SmallSystem {
        var system = balanced(BalancerPlan(by: by), replicas: replicas)
        system.plan.loads[0].keys = keys
        return system
    }

    private func keyspace(_ world: World) throws -> Keyspace { try #require(world.keyspace(edge: 0, stage: 0)) }

    @Test(
        "the owner of a key is who gets its calls, and the slice that it lies in gets all of them", arguments: choices)
    func owner(by: BalancerPlan.Choice) throws {
        let world = system(by, .uniform(1)).runDry(after: .seconds(2)).world
        let owner = try #require(world.owner(ofKey: 1, edge: 0, stage: 0))
        #expect(world.picked.enumerated().allSatisfy { $0.element == ($0.offset == owner ? 400 : 0) })
        let keyspace = try keyspace(world)
        let counted = (0..<4).map { replica in
            (0..<keyspace.slices).map { keyspace.calls(ofReplica: replica, inSlice: $0) }
        }
        #expect(counted[owner].filter { $0 > 0 } == [400])
        #expect(counted.joined().reduce(0, +) == 400)
        let slice = try #require(counted[owner].firstIndex(of: 400))
        #expect(keyspace.owned[owner][slice])
    }

    @Test("by remainder there are as many slices as replicas run, each with one owner; else 48", arguments: choices)
    func slices(by: BalancerPlan.Choice) throws {
        let keyspace = try keyspace(system(by, .uniform(1_000)).runDry(after: .seconds(1)).world)
        #expect(keyspace.slices == (by == .key ? 4 : 48) && keyspace.move == nil)
        let owners = (0..<keyspace.slices).map { slice in keyspace.owned.count { $0[slice] } }
        #expect(by == .key ? owners == [1, 1, 1, 1] : owners.allSatisfy { (1...4).contains($0) })
    }

    @Test(
        "when the last of five replicas leaves, by remainder four fifths of the keys move, else its own",
        arguments: choices)
    func move(by: BalancerPlan.Choice) throws {
        let system = system(by, .uniform(1_000), replicas: 5)
        var other = system.plan
        other.services[0].running = 4
        let change = TimedAction(at: .after(.seconds(1)), .change(other))
        let world = system.runDry(after: .seconds(2), [change]).world
        let move = try #require(try keyspace(world).move)
        #expect(move.at >= .after(.seconds(1)) && move.at <= .after(.milliseconds(1_001)))
        #expect(by == .key ? abs(move.share - 0.8) < 0.05 : (0.1..<0.3).contains(move.share))
        #expect((1...200).allSatisfy { world.owner(ofKey: UInt32($0), edge: 0, stage: 0) ?? 9 < 4 })
    }

    @Test("keys of a replica that is ejected move too, and come back with it", arguments: choices)
    func ejected(by: BalancerPlan.Choice) throws {
        var plan = BalancerPlan(by: by)
        plan.outliers = try .init(
            interval: .seconds(1), baseEjectionTime: .seconds(2), maxEjectionPercent: 50, errors: .init(3))
        var system = balanced(plan)
        system.plan.loads[0].keys = .uniform(1_000)
        let fault = TimedAction(at: .after(.milliseconds(500)), .inject(error(on: 1, for: .seconds(1))))
        let ill = system.run(for: .milliseconds(1_400), [fault]).world
        #expect(try keyspace(ill).move != nil)
        #expect((1...200).allSatisfy { ill.owner(ofKey: UInt32($0), edge: 0, stage: 0) != 1 })
        let well = system.runDry(after: .seconds(8), [fault]).world
        #expect((1...200).contains { well.owner(ofKey: UInt32($0), edge: 0, stage: 0) == 1 })
    }

    @Test("a balancer that does not look at keys has no keyspace, until it is told to look")
    func none() throws {
        let system = system(.roundRobin, .uniform(10))
        var other = system.plan
        other.edges[0].guards = [.balancer(BalancerPlan(by: .hashRing))]
        let world = system.runDry(after: .seconds(1)).world
        #expect(world.keyspace(edge: 0, stage: 0) == nil && world.owner(ofKey: 1, edge: 0, stage: 0) == nil)
        let changed = system.runDry(after: .seconds(2), [TimedAction(at: .after(.seconds(1)), .change(other))]).world
        let keyspace = try keyspace(changed)
        let calls = (0..<4).reduce(0) { sum, replica in
            (0..<48).reduce(sum) { $0 + keyspace.calls(ofReplica: replica, inSlice: $1) }
        }
        #expect((190...210).contains(calls))
    }
}
