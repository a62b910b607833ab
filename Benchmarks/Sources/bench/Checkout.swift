import Scenarios
import Simulation
import Timeline

/// The checkout demo, on a good day: 60 orders and 300 visits a second.
enum Checkout {
    static func measure() throws -> [Result] {
        let plan = try plan()
        var (rates, perEvent): ([Double], [Double]) = ([], [])
        for _ in 0..<9 {
            var simulation = Simulation(plan: plan)
            let seconds = secondsTaken { simulation.run(until: .after(.minutes(30))) }
            rates.append(Double(simulation.world.requestsArrived) / seconds)
            perEvent.append(seconds / Double(simulation.world.eventsExecuted) * 1e9)
        }
        return [
            Result(name: "checkout requests", unit: "requests/s", samples: rates, goal: .bestAtLeast(400_000)),
            Result(name: "one of its events", unit: "ns", samples: perEvent),
        ]
    }

    /// The demo as `make bench` finds it, from the top of the repository.
    static func plan() throws -> Plan {
        try Scenario.load(path: "demo-scenarios/checkout.yaml").plan
    }
}
