import Foundation
import Resilience
import Sagas
import Scenarios
import Simulation
import Timeline

/// What sagas cost: by themselves, and in a simulation with their calls and workers; and what a million of them take.
enum SagaCosts {
    private static let inFlight = 1_000_000

    static func measure() throws -> [Result] {
        // The million last: what it has taken may stay taken.
        try [alone(), simulated()] + flying()
    }

    /// Sagas side by side, each a step further in turn, six steps each; the figure counts every event that they decide.
    private static func alone() throws -> Result {
        let definition = try SagaDefinition(
            name: "order",
            steps: [
                .init(name: "validate", undo: "reject"), .init(name: "reserve", undo: "release"),
                .init(name: "charge", undo: "refund"), .init(name: "confirm", isPivot: true),
                .init(name: "stock", group: "finalization", retry: .untilDone(.constant(.seconds(1)), .none)),
                .init(name: "notify", group: "finalization", retry: .untilDone(.constant(.seconds(1)), .none)),
            ])
        var random = RandomStream(seed: 1, name: "saga", purpose: "retries")
        let samples = (0..<5).map { _ in
            var sagas = (0..<100_000).map { Saga(id: UInt64($0)) }
            var events: [Saga.Event] = []
            var count = 0
            let seconds = secondsTaken {
                for step in -1..<definition.steps.count {
                    let input: Saga.Input = step < 0 ? .start : .stepReplied(step: step, attempt: 1, .success(nil))
                    for index in sagas.indices {
                        sagas[index].handle(input, at: .zero, under: definition, using: &random, into: &events)
                    }
                    count += events.count
                    events.removeAll(keepingCapacity: true)
                }
            }
            precondition(sagas.allSatisfy { $0.phase == .ended(.completed(without: Saga.StepSet())) }, "all are done")
            return Double(count) / seconds
        }
        return Result(name: "saga transitions", unit: "transitions/s", samples: samples, goal: .bestAtLeast(1_000_000))
    }

    /// The same in a simulation, where every step is a call to a service and every decision is stored.
    private static func simulated() throws -> Result {
        let scenario = try Scenario(parsing: text(latency: "constant 1ms", rate: 20_000), file: "sagas.yaml")
        let samples = (0..<5).map { _ in
            var simulation = Simulation(plan: scenario.plan, options: Session.Options.headless.simulation)
            let seconds = secondsTaken { simulation.run(until: .after(.seconds(10))) }
            let completed = simulation.world.sagaTallies[0].completed
            precondition(completed > 190_000, "sagas flow")
            // Started, each step asked for and done, and completed.
            return Double(completed) * 14 / seconds
        }
        return Result(
            name: "saga transitions in a simulation", unit: "transitions/s", samples: samples,
            goal: .bestAtLeast(1_000_000))
    }

    /// How much memory so many sagas take that are all in their first step, and how long it takes to find none of them.
    private static func flying() throws -> [Result] {
        let scenario = try Scenario(parsing: text(latency: "constant 1h", rate: 500_000), file: "sagas.yaml")
        let before = residentBytes()
        var simulation = Simulation(plan: scenario.plan, options: Session.Options.headless.simulation)
        while simulation.world.sagaTallies[0].running < UInt64(inFlight) {
            simulation.run(until: simulation.world.now + .milliseconds(100))
        }
        let megabytes = Double(residentBytes() - before) / 1e6
        let searches = (0..<9).map { _ in
            secondsTaken { precondition(simulation.world.saga(ofRequest: .max) == nil, "there is none") } * 1e3
        }
        return [
            Result(name: "1 000 000 sagas in flight", unit: "MB", samples: [megabytes], goal: .worstAtMost(1_000)),
            Result(name: "one of them by its request", unit: "ms", samples: searches, goal: .bestAtMost(2)),
        ]
    }

    private static func text(latency: String, rate: Int) -> String {
        """
        sagascope: 1
        name: sagas
        seed: 1
        duration: 1h
        services:
          shop: {workers: 1000000, queue: 0}
          work: {workers: 1000000, queue: 10000000, latency: \(latency)}
        sagas:
          order:
            runs in: shop
            timeout: 1h
            steps:
              - {name: validate, call: work.validate, undo: work.reject}
              - {name: reserve,  call: work.reserve,  undo: work.release}
              - {name: charge,   call: work.charge,   undo: work.refund}
              - {name: stock,    call: work.stock,    retry: until done, group: finalization}
              - {name: notify,   call: work.notify,   retry: until done, group: finalization}
              - {name: confirm,  call: work.confirm,  retry: until done, group: finalization}
        load: {buyers: {start: order, rate: \(rate)/s}}
        """
    }

    /// How much of this process is in memory.
    private static func residentBytes() -> Int {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return (pages.flatMap { $0.count > 1 ? Int($0[1]) : nil } ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
