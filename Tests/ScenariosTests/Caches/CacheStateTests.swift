import Scenarios
import Simulation
import Testing
import Timeline

@Suite("The state of caches")
struct CacheStateTests {
    @Test("a run with writes, messages and batches under way can be turned back, and goes on as it did")
    func turnedBack() throws {
        let rule = CacheRule(
            rule: "all of it",
            cache: "l1: 10 entries, l3: 50 entries, ttl: 1s, single flight: yes, refresh: early 1, "
                + "coherence: {latency: exponential mean 20ms, loss: 10%, recovery: 1s}, "
                + "write behind: {call: db.write, delay: 100ms}",
            replicas: 3, reads: "rate: 200/s, keys: zipf 1.0 over 50", writes: "rate: 40/s, keys: uniform over 50",
            expect: ["at end failed(readers) == 0"])
        let scenario = try Scenario(parsing: rule.text, file: "rule.yaml")
        var straight = Simulation(plan: scenario.plan)
        straight.run(until: .after(.seconds(6)))
        var turned = Simulation(plan: scenario.plan)
        turned.run(until: .after(.seconds(3)))
        let copy = turned
        turned.run(until: .after(.seconds(5)))
        turned = copy
        turned.run(until: .after(.seconds(6)))
        #expect(turned.world.runDigest == straight.world.runDigest)
        #expect(turned.world.stateDigest == straight.world.stateDigest)
    }

    /// Two caches that have done the same so far, and what is different in what they have or will do.
    static let pairs: [(what: String, one: String, other: String)] = [
        ("what the bus draws", "coherence: {loss: 0%}", "coherence: {loss: 0.0001%}"),
        (
            "what the queue of writes has", "write behind: {call: db.write, delay: 1m, batch: 1000 writes}",
            "write behind: {call: db.write, delay: 1m, batch: 1000 writes, coalesce: no}"
        ),
    ]

    @Test("two states that differ in one thing have different digests, though the same has happened", arguments: pairs)
    func digests(what: String, one: String, other: String) throws {
        func state(_ settings: String) throws -> World {
            let rule = CacheRule(
                rule: what, cache: "l1: 10 entries, \(settings)", replicas: 2,
                writes: "rate: 20/s, keys: uniform over 3", expect: [])
            var simulation = Simulation(plan: try Scenario(parsing: rule.text, file: "rule.yaml").plan)
            simulation.run(until: .after(.seconds(3)))
            return simulation.world
        }
        let (first, second) = (try state(one), try state(other))
        #expect(first.runDigest == second.runDigest)
        #expect(first.stateDigest != second.stateDigest)
        #expect(try state(one).stateDigest == first.stateDigest)
    }
}
