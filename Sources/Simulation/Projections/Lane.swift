import CQRS
import EventSourcing
import Timeline

/// A worker of one version of a projection: its run, and when it is to be called.
struct Lane: Sendable {
    let projection: UInt16
    /// Of which version of the projection.
    let version: Int
    /// Which of that version's lanes.
    let number: Int
    var run: ProjectionRun
    var wake = Agenda.TimerID.none
    /// Whether it has been said that its run has stopped.
    var isStopNoted = false
}

/// Something that a lane has asked for, on its way there and back.
struct LaneErrand: Sendable {
    let lane: UInt32
    let work: Work
    var phase: Phase
    var outcome = Outcome.none
    /// Whether a fault lets it fail before it is sent.
    var isDoomed = false

    enum Work: Sendable {
        case load(Ticket)
        case read(after: Position, limit: Int, Ticket)
        case batch(ProjectionRun.Batch)
        case replay(ProjectionRun.Replay)

        var ticket: Ticket {
            switch self {
            case .load(let ticket), .read(_, _, let ticket): ticket
            case .batch(let batch): batch.ticket
            case .replay(let replay): replay.ticket
            }
        }
    }

    enum Phase: UInt8, Sendable {
        /// The worker deals with the events itself.
        case working
        /// It is on its way, and takes place when it gets there.
        case sent
        /// Of two transactions the second one is on its way.
        case completing
        /// The answer is on its way back.
        case returning
    }

    enum Outcome: Sendable {
        case none
        case loaded(ProjectionRun.Loaded)
        case page(MarkPage)
        case moved(CheckpointMove.Outcome)
        case eventFailed(Position, EventFailure)
        case replayed(ProjectionRun.ReplayOutcome)
        /// It has failed, or nobody knows.
        case failed
    }
}
