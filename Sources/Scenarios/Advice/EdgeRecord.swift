import Simulation
public import Timeline

/// What a run has shown of the calls on an edge, in the seconds in which nothing was broken.
public struct EdgeRecord: Sendable {
    /// How many seconds were calm: no fault was in force then, nor in the seconds just before.
    public let calmSeconds: Int
    /// How many seconds were measured.
    public let seconds: Int
    /// Attempts in a calm second.
    public let rate: Double
    /// The share of attempts that failed, in calm seconds.
    public let errorShare: Double
    /// The latencies of the attempts that succeeded, in calm seconds.
    let latencies: Latencies
    /// How long the faults lasted that are over, the shortest first.
    public let outages: [Duration]

    /// How long after a fault its after-effects may last.
    private static let aftermath = 10

    /// Reads the record of a run that is over, or has lasted for a while.
    init(edge: Int, of simulation: Simulation, loadEnd: Instant?) {
        let history = simulation.history
        let loaded = loadEnd.map { Int($0.nanoseconds / World.window.nanoseconds) } ?? .max
        let windows = min(history.windows, loaded)
        let faults = simulation.world.faultLog
        var (calm, attempts, ended) = (0, 0.0, UInt64(0))
        var latencies = Latencies()
        for window in 0..<windows where !Self.isDisturbed(window, by: faults) {
            calm += 1
            attempts += history.growth(.attempts(edge: edge), over: window..<(window + 1))
            ended += history.latencies(edge: edge, .all, over: window..<(window + 1)).count
            latencies.merge(history.latencies(edge: edge, .ok, over: window..<(window + 1)))
        }
        seconds = windows
        calmSeconds = calm
        rate = calm > 0 ? attempts / Double(calm) : 0
        errorShare = ended > 0 ? 1 - Double(latencies.count) / Double(ended) : 0
        self.latencies = latencies
        outages = faults.compactMap { fault in fault.healedAt.map { $0 - fault.since } }.filter { $0 > .zero }.sorted()
    }

    private static func isDisturbed(_ window: Int, by faults: [Fault]) -> Bool {
        let start = Instant.after(World.window * Int64(window))
        let end = start + World.window
        return faults.contains { fault in
            let over = (fault.healedAt ?? .distantFuture) + World.window * Int64(aftermath)
            return fault.since < end && over > start
        }
    }

    /// The latency that this share of the calls did not exceed; zero without calls.
    public func quantile(_ share: Double) -> Duration { latencies.quantile(share) ?? .zero }

    /// How many calls that is known of.
    public var calls: UInt64 { latencies.count }
}
