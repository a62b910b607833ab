public import Caching
public import Timeline

/// How the replicas of a service tell each other what has been written.
public struct CoherencePlan: Hashable, Sendable {
    /// How long a message takes.
    public var latency: Distribution
    /// The share of messages that are lost, 0 to 1.
    public var loss: Double
    /// After how long what was lost is sent again; nil for never.
    public var recovery: Duration?
    /// What happens to the copies of a value that has been overwritten, by the operation and number of its key, such as
    /// `price:42`, and who is told.
    public var rules: InvalidationRules

    /// Messages that all arrive, and drop what they are about.
    public init(latency: Distribution) {
        self.latency = latency
        loss = 0
        recovery = nil
        rules = .dropAtOthers
    }

    /// The bus between so many replicas; nil for more than it can serve, which a scenario's check excludes.
    func settings(nodes: Int) -> InvalidationBusSettings? {
        try? InvalidationBusSettings(
            nodes: nodes, latency: latency, loss: loss,
            recovery: recovery.flatMap { try? InvalidationRecovery(delay: $0) })
    }
}
