public import CQRS
public import EventSourcing
public import Timeline

/// The read model of orders, in one or two versions, with the checkpoint of each: what a ``LocalProjection`` writes, a
/// ``LocalRebuild`` switches and ``OrderQuery`` reads. Each method is one transaction.
///
/// One writer has it at a time, so a version has one checkpoint and is not split into segments.
public protocol OrderReadModel {
    /// What events do to it; a later program may put one in its place that reads more.
    var projection: OrderProjection { get set }

    /// What a run of a version begins with.
    mutating func load(_ version: Int) throws(ReadModelError) -> ProjectionStart

    /// Makes a batch's changes and moves the checkpoint, or does neither.
    /// - Parameters:
    ///   - batch: what a run asks for.
    ///   - events: the events of its entries.
    ///   - version: which version's run asks.
    ///   - now: the time.
    mutating func commit(
        _ batch: ProjectionRun.Batch, _ events: [RecordedEvent], to version: Int, at now: Instant
    ) throws(ReadModelError) -> ProjectionCommit

    /// Deals again with what was set aside, if all is as the run believes.
    mutating func replay(
        _ replay: ProjectionRun.Replay, in version: Int, at now: Instant
    ) throws(ReadModelError) -> ProjectionReplay

    /// What is set aside in a version, in the order of the log.
    mutating func setAside(in version: Int) throws(ReadModelError) -> [SetAsideEvent]

    /// Which version serves, and what becomes of it.
    mutating func serving() throws(ReadModelError) -> ServingVersion

    /// Begins a version beside the one that serves; see ``CQRS/Rebuild/Step/prepare(version:_:)``. What is left of versions
    /// that have no business any more goes.
    mutating func prepare(_ version: Int, number: UInt64) throws(ReadModelError) -> Bool

    /// Lets a version serve; see ``CQRS/Rebuild/Step/serve(from:to:_:)``.
    mutating func serve(
        from old: Int, to new: Int, number: UInt64
    ) throws(ReadModelError) -> ServingVersion.Switch

    /// Drops a version; see ``CQRS/Rebuild/Step/drop(version:_:)``.
    mutating func drop(_ version: Int, number: UInt64) throws(ReadModelError) -> ServingVersion.Withdrawal

    /// Lends the rows of the version that serves, to be read, and its checkpoint of the same moment.
    mutating func read<Answer>(
        _ body: (inout any OrderRows, Position) throws -> Answer
    ) throws(ReadModelError) -> Answer
}

/// What a run of a projection begins with.
public struct ProjectionStart: Hashable, Sendable {
    /// Its checkpoint, and what is set aside.
    public let loaded: ProjectionRun.Loaded
    /// Up to where it takes events for replays; nil if its version has no business to run.
    public let replayedThrough: Position?

    /// What a run begins with.
    public init(loaded: ProjectionRun.Loaded, replayedThrough: Position?) {
        self.loaded = loaded
        self.replayedThrough = replayedThrough
    }
}

/// What came of a batch.
public struct ProjectionCommit: Hashable, Sendable {
    /// What came of its checkpoint's move.
    public let outcome: CheckpointMove.Outcome
    /// The tags of what changed.
    public let tags: [String]

    /// What came of a batch.
    public init(_ outcome: CheckpointMove.Outcome, tags: [String] = []) {
        self.outcome = outcome
        self.tags = tags
    }
}

/// What came of dealing again with events.
public struct ProjectionReplay: Hashable, Sendable {
    /// What a run is told.
    public let outcome: ProjectionRun.ReplayOutcome
    /// The tags of what changed.
    public let tags: [String]

    /// What came of dealing again with events.
    public init(_ outcome: ProjectionRun.ReplayOutcome, tags: [String] = []) {
        self.outcome = outcome
        self.tags = tags
    }
}
