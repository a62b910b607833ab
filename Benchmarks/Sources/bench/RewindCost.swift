import Simulation
import Timeline

/// What it takes to turn time back to any instant of ten minutes of checkout.
enum RewindCost {
    static func measure() throws -> [Result] {
        var simulation = Simulation(plan: try Checkout.plan())
        let end = Instant.after(.minutes(10))
        simulation.run(until: end)
        var random = RandomStream(seed: 9, name: "rewind", purpose: "instants")
        let samples = (0..<40).map { _ in
            let instant = Instant(nanoseconds: Int64(random.below(UInt64(end.nanoseconds))))
            let seconds = secondsTaken { simulation.seek(to: instant) }
            simulation.run(until: end)
            return seconds * 1e3
        }
        return [Result(name: "rewind, 10 min of checkout", unit: "ms", samples: samples, goal: .worstAtMost(150))]
    }
}
