public import EventSourcing
public import Timeline

/// The checkpoints of projections, for read models in memory.
///
/// One that is not there is the only one that counts as at the start: a store that cannot be read throws an error, and
/// whoever took that for a start would count everything twice.
public struct Checkpoints: Hashable, Sendable {
    private var rows: [ProjectionID: Checkpoint] = [:]
    /// Those that have been split or merged. They must not be taken for ones that have never moved.
    private var closed: Set<ProjectionID> = []

    /// None yet.
    public init() {}

    /// Where a projection is; nil if it has never moved.
    public func checkpoint(of id: ProjectionID) -> Checkpoint? { rows[id] }

    /// Those of all projections, in order.
    public var all: [(id: ProjectionID, checkpoint: Checkpoint)] {
        rows.sorted { $0.key < $1.key }.map { (id: $0.key, checkpoint: $0.value) }
    }

    /// What would come of a move.
    ///
    /// A part that has been split or merged since is ahead of every move: a worker that has not heard of it must not
    /// begin anew.
    public func outcome(of move: CheckpointMove, _ id: ProjectionID) -> CheckpointMove.Outcome {
        closed.contains(id) ? .ahead(stored: Position(.max)) : move.outcome(at: rows[id]?.position ?? .start)
    }

    /// Moves a checkpoint forward if it is where it must be.
    @discardableResult
    public mutating func move(_ id: ProjectionID, _ move: CheckpointMove, at now: Instant) -> CheckpointMove.Outcome {
        let outcome = outcome(of: move, id)
        if outcome == .moved { rows[id] = Checkpoint(position: move.to, movedAt: now) }
        return outcome
    }

    /// Puts a checkpoint anywhere: the one way back, to be gone together with what the events had changed.
    public mutating func reset(_ id: ProjectionID, to position: Position = .start, at now: Instant) {
        rows[id] = Checkpoint(position: position, movedAt: now)
        closed.remove(id)
    }

    private mutating func close(_ id: ProjectionID) {
        rows[id] = nil
        closed.insert(id)
    }

    /// Forgets a checkpoint, of a version that has been dropped.
    public mutating func remove(_ id: ProjectionID) {
        rows[id] = nil
    }
}

// How parts are split and merged.
extension Checkpoints {
    /// Splits a part's checkpoint: both halves go on where it is. False, and nothing else, if it cannot be split, or has
    /// been.
    @discardableResult
    public mutating func split(_ id: ProjectionID, at now: Instant) -> Bool {
        guard let (low, high) = id.segment.split(), !closed.contains(id) else { return false }
        let position = rows[id]?.position ?? .start
        close(id)
        reset(id.part(low), to: position, at: now)
        reset(id.part(high), to: position, at: now)
        return true
    }

    /// Merges two halves' checkpoints. False, and nothing else, unless the two are halves of one part and at the same
    /// position: the one that is behind must first go on to where the other is; see ``ProjectionRun/stop(at:)``.
    @discardableResult
    public mutating func merge(_ id: ProjectionID, with other: Segment, at now: Instant) -> Bool {
        guard id.segment != other, let whole = id.segment.merged(with: other), !closed.contains(id),
            !closed.contains(id.part(other))
        else { return false }
        let position = rows[id]?.position ?? .start
        guard position == rows[id.part(other)]?.position ?? .start else { return false }
        close(id)
        close(id.part(other))
        reset(id.part(whole), to: position, at: now)
        return true
    }
}
