import Simulation
import Timeline

/// What one run says about the mean wait: an estimate with its 95 % interval.
///
/// The run is cut into batches, long against the time for which waits are correlated, whose means are then nearly
/// independent. What comes before the first batch is left out, since the queue starts empty. Waits are not
/// measured as such: they are the meter's response times less the mean service time, which is known.
struct Observation: Sendable {
    let meanWait: Double
    /// How far the interval reaches to either side.
    let halfWidth: Double
    /// The response time that 99 % of the customers did not exceed.
    let p99OfStay: Double

    private static let batches = 20
    /// The 97.5 % quantile of Student's t for one degree of freedom less than there are batches.
    private static let studentT = 2.093
    /// The warm-up, as a share of one batch.
    private static let warmUp = 1.0

    init(of system: QueueSystem, customers: Int, seed: UInt64) throws {
        var simulation = Simulation(plan: try system.plan(seed: seed), options: Self.options)
        let batch = Duration(seconds: (Double(customers) / system.rate / Double(Self.batches)).rounded(.up))
        simulation.run(until: .after(batch * Self.warmUp))
        var waits: [Double] = []
        for _ in 0..<Self.batches {
            let before = simulation.world.operationMeters[0]
            simulation.run(until: simulation.world.now + batch)
            let after = simulation.world.operationMeters[0]
            let stay = (after.totalTime - before.totalTime) / QueueSystem.meanService
            waits.append(stay / Double(after.ended - before.ended) - 1)
        }
        let mean = waits.reduce(0, +) / Double(Self.batches)
        let variance = waits.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(Self.batches - 1)
        meanWait = mean
        halfWidth = Self.studentT * (variance / Double(Self.batches)).squareRoot()
        let stays = simulation.history.latencies(operation: 0, .all, over: nil)
        p99OfStay = (stays.quantile(0.99) ?? .zero) / QueueSystem.meanService
    }

    func contains(_ value: Double) -> Bool { abs(meanWait - value) <= halfWidth }

    /// Nothing but the measured windows.
    private static var options: Simulation.Options {
        var options = Simulation.Options()
        options.journalEntries = 0
        options.keyframeBytes = 0
        return options
    }
}
