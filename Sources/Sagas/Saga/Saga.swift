public import Timeline

/// One running instance of a saga: a sequence of calls that all happen, or are taken back.
///
/// It decides and does nothing itself. Whoever drives it hands it an ``Input`` and gets ``Event``s: what the saga has
/// decided. They are stored first, and then carried out: a ``Event/What/stepRequested(step:attempt:)`` is a call to make,
/// an ``Event/What/undoRequested(step:attempt:)`` an undo. ``due(under:)`` says when to hand it ``Input/timePassed``. The
/// events are all that there is to a saga: ``evolve(_:under:)`` makes the same saga of them again, after a crash too.
///
/// - **Forward.** The undo of a step is registered before its first call, because a lost reply leaves unknown whether the
///   step happened. The members of a group are called together. A critical step that has failed for good turns the saga
///   back, and so do the time limit and an operator.
/// - **Back.** Undos are called in the order of the definition, that of the failed or abandoned step too; undoing what
///   never happened must succeed. An undo that cannot be done is never recorded as done: it waits for an operator, or the
///   saga ends as ``Ending/compensationFailed(_:notUndone:)``.
/// - **Beyond the point of no return** it only goes forward, however long that takes; the time limit makes it overdue.
///
/// A trivial value of 512 bytes. Time and chance come from the caller, and so does the definition, which is the same for
/// many sagas.
///
/// Source: Garcia-Molina and Salem, *Sagas*, SIGMOD 1987; pivot and retriable steps from Richardson, *Microservices
/// Patterns*; the decider from Conductor's `DeciderService` and Emmett's workflows.
public struct Saga: Sendable {
    var records: [16 of StepRecord]
    /// What tells this saga from all others; part of every idempotency key.
    public let id: UInt64
    /// What it was started with.
    public let data: SagaData
    /// The saga that this one runs again; its own ``id`` if it is the first.
    var origin: UInt64
    @usableFromInline var startTime = Instant.zero
    var turnTime = Instant.zero
    var pauseTime = Instant.zero
    /// How long it was paused since its start, or since it turned back.
    var pausedFor = Duration.zero
    /// When it got a step further for the last time.
    public internal(set) var progressedAt = Instant.zero
    var latestError: StepError?
    /// How often a call or an undo was made again.
    var repeatedCalls: UInt16 = 0
    var recoveries: UInt16 = 0
    @usableFromInline var course = Course.ready
    var timeLimitState = TimeLimitState.open
    var cause = Cause.stepFailed
    @usableFromInline var isPaused = false
    var isCompensationOverdue = false

    /// A saga that has not been started.
    public init(id: UInt64, data: SagaData = SagaData()) {
        records = InlineArray(repeating: StepRecord())
        self.id = id
        self.data = data
        origin = id
    }

    /// Takes in what has happened, and decides what follows.
    /// - Parameters:
    ///   - input: what has happened.
    ///   - now: the time; not before that of an earlier input.
    ///   - definition: the one that the saga was started with.
    ///   - random: the chance in the waits between attempts.
    ///   - events: where the decisions are appended, in order; nothing is if the input came too late to matter.
    public mutating func handle(
        _ input: Input, at now: Instant, under definition: SagaDefinition, using random: inout RandomStream,
        into events: inout [Event]
    ) {
        switch input {
        case .start:
            guard course == .ready else { return }
            emit(.started, at: now, definition, &events)
            settle(at: now, definition, &events)
        case .lockGranted, .lockRefused:
            guard course == .locking else { return }
            if input == .lockGranted {
                emit(.locked, at: now, definition, &events)
                settle(at: now, definition, &events)
            } else {
                turnBack(.lockRefused, at: now, definition, &events)
            }
        case .stepReplied(let step, let attempt, let reply):
            stepReplied(step, attempt, reply, at: now, definition, &random, &events)
        case .undoReplied(let step, let attempt, let reply):
            undoReplied(step, attempt, reply, at: now, definition, &random, &events)
        case .timePassed:
            timePassed(at: now, definition, &random, &events)
        case .recovered:
            recover(at: now, definition, &events)
        }
    }

    /// Decides something: it is written down, and so it is.
    mutating func emit(
        _ what: Event.What, at now: Instant, _ definition: SagaDefinition, _ events: inout [Event]
    ) {
        let event = Event(time: now, what: what)
        events.append(event)
        evolve(event, under: definition)
    }

    /// Goes on from where the saga stands, as far as that does not depend on anybody else.
    mutating func settle(at now: Instant, _ definition: SagaDefinition, _ events: inout [Event]) {
        guard !isPaused else { return }
        switch course {
        case .forward: settleForward(at: now, definition, &events)
        case .back: settleBack(at: now, definition, &events)
        case .ready, .locking, .completed, .compensated, .compensationFailed, .killed: break
        }
    }
}
