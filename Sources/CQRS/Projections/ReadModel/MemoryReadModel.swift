public import EventSourcing
public import Timeline

/// A read model in memory: tables and checkpoints in one value, so that both change together or not at all.
///
/// It shows what a store must do for exactly-once effect; a SQL database does it in a transaction.
public struct MemoryReadModel<Tables: Sendable>: Sendable {
    /// The tables, what is set aside among them.
    public private(set) var tables: Tables
    /// The checkpoints, one for each segment.
    public private(set) var checkpoints = Checkpoints()

    /// Tables without any event in them.
    public init(_ tables: Tables) {
        self.tables = tables
    }

    /// Makes a batch's changes and moves the checkpoint, or does neither.
    ///
    /// The changes are made only if the checkpoint may move. If they throw, nothing has changed.
    /// - Parameters:
    ///   - move: where the checkpoint must be, and where it goes.
    ///   - id: whose checkpoint.
    ///   - now: the time.
    ///   - change: makes the changes.
    public mutating func commit<Failure: Error>(
        _ move: CheckpointMove, of id: ProjectionID, at now: Instant, change: (inout Tables) throws(Failure) -> Void
    ) throws(Failure) -> CheckpointMove.Outcome {
        let outcome = checkpoints.outcome(of: move, id)
        guard outcome == .moved else { return outcome }
        var changed = tables
        try change(&changed)
        tables = changed
        return checkpoints.move(id, move, at: now)
    }

    /// Makes changes that move no checkpoint, a replay's: only if the checkpoint is where it should be. False if it is
    /// not; then, and if the changes throw, nothing has changed.
    public mutating func change<Failure: Error>(
        ifAt position: Position, _ id: ProjectionID, change: (inout Tables) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        let stay = CheckpointMove(from: position, to: position)
        guard checkpoints.outcome(of: stay, id) == .wasThere else { return false }
        var changed = tables
        try change(&changed)
        tables = changed
        return true
    }

    /// Puts a projection back to the start, with tables as they were before any event.
    public mutating func reset(_ id: ProjectionID, to tables: Tables, at now: Instant) {
        self.tables = tables
        checkpoints.reset(id, at: now)
    }

    /// Splits a segment's checkpoint; see ``Checkpoints/split(_:at:)``.
    @discardableResult
    public mutating func split(_ id: ProjectionID, at now: Instant) -> Bool {
        checkpoints.split(id, at: now)
    }

    /// Merges two segments' checkpoints; see ``Checkpoints/merge(_:with:at:)``.
    @discardableResult
    public mutating func merge(_ id: ProjectionID, with other: Segment, at now: Instant) -> Bool {
        checkpoints.merge(id, with: other, at: now)
    }
}
