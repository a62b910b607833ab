public import EventSourcing

/// How an event store stays available: every node takes appends by itself, and they find out afterwards what they lack.
public struct AvailabilityPlan: Hashable, Sendable {
    /// How often a node compares what it knows with what another one knows.
    public var rounds: AntiEntropyTimer.Settings
    /// What becomes of events that were appended in ignorance of one another.
    public var resolution: AvailableReplica.Resolution

    /// A store whose nodes compare what they know so often; all events count, unless somebody says otherwise.
    public init(rounds: AntiEntropyTimer.Settings, resolution: AvailableReplica.Resolution = .keepBoth) {
        self.rounds = rounds
        self.resolution = resolution
    }
}
