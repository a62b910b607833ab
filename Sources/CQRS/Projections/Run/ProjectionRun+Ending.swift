public import EventSourcing
public import Timeline

extension ProjectionRun {
    /// How the run is to end.
    struct Ending: Hashable, Sendable {
        var isRequested = false
        var deadline: Instant?
        var goal: Position?
    }

    /// Ends the run in good order: nothing more is read, what was read is committed.
    ///
    /// An event that failed before is not tried again; it and what comes behind it are left for the next start.
    /// - Parameter deadline: when the run ends whatever is left; never by default, as long as commits are tried again.
    public mutating func stop(by deadline: Instant? = nil) {
        ending.isRequested = true
        ending.deadline = deadline
        reading.settle()
        if phase == .new { finish(.requested(left: 0)) }
    }

    /// Ends the run once all up to a position is committed, and nothing behind it.
    ///
    /// So two halves of a segment come to the same place, and an old version hands over to a new one. If the checkpoint
    /// is there already or beyond, the run ends where it is.
    public mutating func stop(at goal: Position) {
        ending.goal = goal
        // What was read beyond the goal must not be committed.
        if place > goal, checkpoint < goal, case .running = phase { wantsReload = true }
    }

    func isOverdue(at now: Instant) -> Bool {
        if case .stopped = phase { return false }
        return ending.deadline.map { now >= $0 } ?? false
    }

    /// The goal, if the run is there.
    var reachedGoal: Position? {
        guard job == nil, let goal = ending.goal, checkpoint >= goal else { return nil }
        return goal
    }

    /// Whether the run has stopped, and why.
    public var stopReason: StopReason? {
        if case .stopped(let reason) = phase { reason } else { nil }
    }

    /// Whether nothing is being committed: the checkpoint is where the run says, unless an answer was lost.
    public var isSettled: Bool { job == nil }
}
