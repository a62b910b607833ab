import Scenarios
import Simulation
import Testing

@Suite("Event stores in scenario files")
struct FileStoreTests {
    private func text(_ store: String, projections: String = "") -> String {
        """
        sagascope: 1
        stores:
          cart-log: {\(store)}
        \(projections)
        services:
          carts: {operations: {put: {command: record event in cart-log}}}
        load:
          shoppers: {call: carts.put, rate: 10/s}
        """
    }

    @Test(
        "what is of no use to a store, given what it prefers, is one clear line at its place",
        arguments: [
            (
                "prefers: availability, copies: 2",
                "f:3:45: cart-log prefers availability: copies is of no use there, since every node has all streams"
            ),
            (
                "prefers: availability, votes: 2",
                "f:3:44: cart-log prefers availability: votes is of no use there, since no node leads"
            ),
            (
                "prefers: availability, snapshots: 10",
                "f:3:48: cart-log prefers availability: snapshots is of no use there, since a state from before a "
                    + "conflict would be wrong after it"
            ),
            (
                "anti-entropy: 1s",
                "f:3:28: cart-log prefers consistency: anti-entropy is of no use there; for that it needs prefers: "
                    + "availability"
            ),
            (
                "conflicts: keep both",
                "f:3:25: cart-log prefers consistency: conflicts is of no use there; for that it needs prefers: "
                    + "availability"
            ),
            (
                "prefers: avialability",
                "f:3:23: prefers: \"avialability\" is not one of the choices; did you mean \"availability\"?"
            ),
        ])
    func useless(store: String, problem: String) {
        #expect(Slip.problems(in: text(store)) == [problem])
    }

    @Test("a projection cannot read a store that has no log")
    func projection() {
        let problems = Slip.problems(
            in: text("prefers: availability", projections: "projections: {carts-seen: {reads: cart-log}}"))
        #expect(
            problems == [
                "f:4:35: cart-log prefers availability: it has no log that a projection could read; each node hears of "
                    + "events in an order of its own"
            ])
    }

    @Test(
        "a store prefers consistency unless somebody says otherwise",
        arguments: [
            ("nodes: 3", false), ("prefers: consistency, votes: 2", false), ("prefers: availability", true),
            ("prefers: availability, nodes: 8, anti-entropy: 200ms, conflicts: last writer wins", true),
        ])
    func preference(store: String, prefersAvailability: Bool) throws {
        let plan = try Scenario(parsing: text(store), file: "f").plan
        #expect((plan.stores[0].availability != nil) == prefersAvailability)
    }
}
