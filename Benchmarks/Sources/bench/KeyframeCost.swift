import Resilience
import Simulation
import Timeline

/// What a keyframe costs in a large world: taking it, and what the world then copies as it goes on.
///
/// A keyframe alone is nearly free, since the copy shares its memory until the world is written to; so the next
/// 1 000 events count too, less the same without a keyframe. As in a run, a bounded number of keyframes is
/// held and the oldest is dropped for the next.
struct KeyframeCost {
    private static let held = 4
    private static let events = 1_000

    static func measure() throws -> [Result] {
        var simulation = Simulation(plan: try plan(), options: options)
        simulation.run(until: .after(.seconds(60)))
        precondition(simulation.world.eventsPending >= 100_000, "the world is as large as it should be")
        var keyframes: [World] = []
        var samples: [Double] = []
        for round in 0..<(held + 30) {
            let plain = secondsTaken { simulation.run(until: .distantFuture, atMost: events) }
            let withKeyframe = secondsTaken {
                if keyframes.count == held { keyframes.removeFirst() }
                keyframes.append(simulation.world)
                simulation.run(until: .distantFuture, atMost: events)
            }
            if round >= held { samples.append((withKeyframe - plain) * 1e3) }
        }
        let size = "\(simulation.world.eventsPending) pending, \(simulation.world.callsUnderWay) frames"
        return [Result(name: "keyframe, \(size)", unit: "ms", samples: samples, goal: .meanAtMost(2))]
    }

    /// No keyframes but those of the measure.
    private static var options: Simulation.Options {
        var options = Simulation.Options()
        options.keyframeBytes = 0
        return options
    }

    /// 50 000 calls under way on average, each at work and under a time limit: two pending events, two frames. A
    /// peak comes first, so that no array has to grow just when it is measured.
    private static func plan() throws -> Plan {
        var plan = Plan(name: "crowd", seed: 3, duration: .minutes(60))
        var service = ServicePlan(name: "service")
        service.workers = 200_000
        service.latency = .uniform(least: .seconds(9), most: .seconds(11))
        plan.services = [service]
        plan.operations = [OperationPlan(name: "service.work", service: 0)]
        var edge = EdgePlan(name: "load -> service", source: .load(0), target: 0)
        edge.isDeclared = true
        edge.guards = [.timeout(.fixed(try TimeLimit(.seconds(60))))]
        plan.edges = [edge]
        plan.loads = [
            LoadPlan(
                name: "load", target: .call(CallPlan(edge: 0, operation: 0)),
                arrivals: .open(.poisson, [peak, .steady(5_050)]))
        ]
        return plan
    }

    private static let peak = RateStage(from: 5_400, to: 5_400, over: .seconds(30))
}
