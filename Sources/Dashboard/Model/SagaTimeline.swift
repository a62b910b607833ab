internal import Sagas
internal import Simulation
internal import Timeline

/// What a saga has done when: for each step its attempts, and for each undo its own, without a word about how it looks.
struct SagaTimeline: Hashable, Sendable {
    typealias Span = TimeAxis.Span

    /// How an attempt ended.
    enum End: Hashable, Sendable {
        /// It is under way.
        case open
        case ok
        /// It is known not to have happened.
        case failed
        /// No reply came in time: perhaps it happened.
        case timedOut
        /// Perhaps it happened, for another reason.
        case unknown
        /// The orchestrator crashed while it waited.
        case interrupted
        /// The saga turned back, or was ended, while it waited.
        case abandoned
        /// An operator went on without it.
        case skipped
    }

    /// One attempt of a call.
    struct Attempt: Hashable, Sendable {
        var number: Int
        /// When it was decided; until it is sent it waits for a worker.
        var decidedAt: Instant
        /// When it was sent; nil if it was not, or nobody knows.
        var sentAt: Instant?
        /// When it stood in queues.
        var queues: [Span] = []
        var endedAt: Instant?
        var end = End.open
        /// What went wrong, in words.
        var problem = ""
        /// When it is made again.
        var retryAt: Instant?
    }

    /// A step or an undo.
    struct Lane: Hashable, Sendable {
        var step: Int
        var isUndo: Bool
        var attempts: [Attempt] = []
        /// Whether an operator says that it is dealt with.
        var isByHand = false
        /// Since when it waits for an operator; nil if it does not.
        var stalledAt: Instant?
    }

    /// In the order of the steps, each undo below its step.
    var lanes: [Lane]
    let start: Instant
    /// When it ended, or now.
    let end: Instant
    var turnedBackAt: Instant?
    /// When it was paused, or its orchestrator was down.
    var pauses: [Span] = []
    /// When it waited for its lock.
    var lockWait: Span?
    var pausedAt: Instant?
    var waitsForLock = false

    /// Reads what a saga has decided, and of the journal when that was carried out.
    init(_ saga: SagaView, _ story: [Entry], _ definition: SagaDefinition, now: Instant) {
        let isWhole = !saga.events.isEmpty && (saga.endedAt == nil || saga.machine.isOver)
        self.init(
            saga.machine, isWhole ? saga.events : Saga.Event.events(from: story), story, definition,
            start: saga.startedAt, endedAt: saga.endedAt, now: now)
    }

    init(
        _ machine: Saga, _ events: [Saga.Event], _ story: [Entry], _ definition: SagaDefinition, start: Instant,
        endedAt: Instant?, now: Instant
    ) {
        self.start = start
        end = endedAt ?? now
        lanes = definition.steps.indices.flatMap { step in
            let lane = Lane(step: step, isUndo: false)
            return definition.steps[step].undo == nil ? [lane] : [lane, Lane(step: step, isUndo: true)]
        }
        waitsForLock = definition.lockKey(of: machine.data) != nil
        for event in events { take(event) }
        for entry in story { take(entry) }
        if let pausedAt { pauses.append(Span(start: pausedAt, end: end)) }
        let registered = machine.undoStack
        let hasTurnedBack = machine.hasTurnedBack
        lanes.removeAll { lane in
            lane.isUndo && lane.attempts.isEmpty && !lane.isByHand
                && !(hasTurnedBack && registered.contains(lane.step))
        }
    }

    /// The time as columns: what is idle is folded.
    func axis(columns: Int) -> TimeAxis {
        let busy = lanes.flatMap { lane in
            lane.attempts.map { Span(start: $0.decidedAt, end: $0.endedAt ?? end) }
        }
        return TimeAxis(of: Span(start: start, end: max(start, end)), busy: busy, columns: columns)
    }
}
