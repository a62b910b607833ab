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
    private(set) var lanes: [Lane]
    let start: Instant
    /// When it ended, or now.
    let end: Instant
    private(set) var turnedBackAt: Instant?
    /// When it was paused, or its orchestrator was down.
    private(set) var pauses: [Span] = []
    /// When it waited for its lock.
    private(set) var lockWait: Span?
    private var pausedAt: Instant?
    private var waitsForLock = false

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

extension SagaTimeline {
    private func lane(_ step: UInt8, isUndo: Bool) -> Int? {
        lanes.firstIndex { $0.step == Int(step) && $0.isUndo == isUndo }
    }

    /// Takes in something that the saga has decided.
    private mutating func take(_ event: Saga.Event) {
        let time = event.time
        switch event.what {
        case .started:
            if waitsForLock { lockWait = Span(start: time, end: end) }
        case .locked: lockWait?.end = time
        case .stepRequested(let step, let attempt): begin(step, attempt, isUndo: false, time)
        case .undoRequested(let step, let attempt): begin(step, attempt, isUndo: true, time)
        case .stepDone(let step, let attempt, _): finish(step, attempt, isUndo: false, .ok, time)
        case .undoDone(let step, let attempt): finish(step, attempt, isUndo: true, .ok, time)
        case .stepFailed(let step, let attempt, let failure, let next):
            fail(step, attempt, isUndo: false, failure, next, time)
        case .undoFailed(let step, let attempt, let failure, let next, _):
            fail(step, attempt, isUndo: true, failure, next, time)
        case .stepSkipped(let step, _):
            finish(step, .max, isUndo: false, .skipped, time)
            dealWith(step, isUndo: false)
        case .stepStalled(let step): lane(step, isUndo: false).map { lanes[$0].stalledAt = time }
        case .undoExhausted(let step, .waitsForOperator): lane(step, isUndo: true).map { lanes[$0].stalledAt = time }
        case .undoResolved(let step):
            dealWith(step, isUndo: true)
        case .turnedBack:
            turnedBackAt = time
            lockWait.map { lockWait?.end = min($0.end, time) }
            abandon(time)
        case .paused: pausedAt = time
        case .resumed: endPause(time)
        case .completed, .compensated, .compensationFailed: endPause(time)
        case .killed:
            endPause(time)
            abandon(time)
        case .forked, .stepAdopted, .undoExhausted(_, .goesOn), .compensationRetried, .timeLimitPassed, .overdue,
            .compensationOverdue, .recovered, .ordered:
            break
        }
    }

    /// An operator has dealt with it.
    private mutating func dealWith(_ step: UInt8, isUndo: Bool) {
        guard let lane = lane(step, isUndo: isUndo) else { return }
        (lanes[lane].isByHand, lanes[lane].stalledAt) = (true, nil)
    }

    private mutating func begin(_ step: UInt8, _ attempt: UInt16, isUndo: Bool, _ time: Instant) {
        guard let lane = lane(step, isUndo: isUndo) else { return }
        lanes[lane].stalledAt = nil
        lanes[lane].attempts.append(Attempt(number: Int(attempt), decidedAt: time))
    }

    /// An attempt has ended; it may be an earlier one than the last.
    private mutating func finish(
        _ step: UInt8, _ attempt: UInt16, isUndo: Bool, _ end: End, _ time: Instant, problem: String = ""
    ) {
        guard let lane = lane(step, isUndo: isUndo), !lanes[lane].attempts.isEmpty else { return }
        let attempts = lanes[lane].attempts
        let place = attempts.lastIndex { $0.number == Int(attempt) } ?? attempts.count - 1
        lanes[lane].attempts[place].endedAt = time
        lanes[lane].attempts[place].end = end
        lanes[lane].attempts[place].problem = problem
    }

    private mutating func fail(
        _ step: UInt8, _ attempt: UInt16, isUndo: Bool, _ failure: Saga.Failure, _ next: Instant?, _ time: Instant
    ) {
        let isTimeout = failure.text == Failure.timedOut.text || failure.code == .timedOut
        let end: End =
            failure.code == .interrupted
            ? .interrupted : isTimeout ? .timedOut : failure.outcome == .unknown ? .unknown : .failed
        finish(step, attempt, isUndo: isUndo, end, time, problem: failure.text)
        guard let lane = lane(step, isUndo: isUndo), let last = lanes[lane].attempts.indices.last else { return }
        lanes[lane].attempts[last].retryAt = next
    }

    /// What is called is called for nothing from now on.
    private mutating func abandon(_ time: Instant) {
        for lane in lanes.indices {
            lanes[lane].stalledAt = nil
            guard let last = lanes[lane].attempts.indices.last else { continue }
            lanes[lane].attempts[last].retryAt = lanes[lane].attempts[last].retryAt.map { min($0, time) }
            guard lanes[lane].attempts[last].end == .open else { continue }
            lanes[lane].attempts[last].endedAt = time
            lanes[lane].attempts[last].end = .abandoned
        }
    }

    private mutating func endPause(_ time: Instant) {
        if let pausedAt { pauses.append(Span(start: pausedAt, end: time)) }
        pausedAt = nil
    }
}

extension SagaTimeline {
    /// Takes in how something was carried out: when a call was sent, and when it stood in a queue.
    private mutating func take(_ entry: Entry) {
        switch (entry.what, entry.why) {
        case (.stepStarted, .step(let step, let attempt)): send(step, attempt, isUndo: false, entry.time)
        case (.undoStarted, .step(let step, let attempt)): send(step, attempt, isUndo: true, entry.time)
        case (.queued, _): changeQueue(at: entry.time) { $0.append(Span(start: entry.time, end: .distantFuture)) }
        case (.startedWork, _), (.turnedAway, _), (.dropped, _):
            changeQueue(at: entry.time) { queues in
                if queues.last?.end == .distantFuture { queues[queues.count - 1].end = entry.time }
            }
        default: break
        }
    }

    private mutating func send(_ step: UInt8, _ attempt: UInt16, isUndo: Bool, _ time: Instant) {
        guard let lane = lane(step, isUndo: isUndo),
            let place = lanes[lane].attempts.lastIndex(where: { $0.number == Int(attempt) && $0.decidedAt <= time })
        else { return }
        lanes[lane].attempts[place].sentAt = lanes[lane].attempts[place].sentAt ?? time
    }

    /// The queues of the only call that is out at a moment; where there are several, nobody knows whose they are.
    private mutating func changeQueue(at time: Instant, _ change: (inout [Span]) -> Void) {
        var only: (lane: Int, attempt: Int)?
        for lane in lanes.indices {
            for (place, attempt) in lanes[lane].attempts.enumerated() {
                guard let sent = attempt.sentAt, sent <= time, attempt.endedAt ?? .distantFuture >= time else {
                    continue
                }
                guard only == nil else { return }
                only = (lane, place)
            }
        }
        guard let only else { return }
        change(&lanes[only.lane].attempts[only.attempt].queues)
    }
}

extension Saga.Event {
    /// What a saga that is forgotten must have decided, by the journal's entries about it.
    static func events(from story: [Entry]) -> [Saga.Event] {
        var events: [Saga.Event] = []
        for entry in story {
            guard case .saga = entry.place else { continue }
            if entry.what == .stepBacksOff, case .delay(let wait) = entry.why {
                events.indices.last.map { events[$0].retry(at: entry.time + wait) }
            }
            if let what = What(entry) { events.append(Saga.Event(time: entry.time, what: what)) }
        }
        return events
    }

    private mutating func retry(at next: Instant) {
        switch what {
        case .stepFailed(let step, let attempt, let failure, _):
            what = .stepFailed(step: step, attempt: attempt, failure, retryAt: next)
        case .undoFailed(let step, let attempt, let failure, _, let counts):
            what = .undoFailed(step: step, attempt: attempt, failure, retryAt: next, counts: counts)
        default: break
        }
    }
}

extension Saga.Event.What {
    fileprivate init?(_ entry: Entry) {
        switch (entry.what, entry.why) {
        case (.sagaStarted, _): self = .started
        case (.sagaLocked, _): self = .locked
        case (.stepStarted, .step(let step, let attempt)): self = .stepRequested(step: step, attempt: attempt)
        case (.stepDone, .step(let step, let attempt)): self = .stepDone(step: step, attempt: attempt, nil)
        case (.stepFailed, .stepFailure(let step, let failure)):
            self = .stepFailed(step: step, attempt: .max, Saga.Failure(failure), retryAt: nil)
        case (.stepSkipped, .step(let step, _)): self = .stepSkipped(step: step, nil)
        case (.compensates, _): self = .turnedBack(.stepFailed)
        case (.undoStarted, .step(let step, let attempt)): self = .undoRequested(step: step, attempt: attempt)
        case (.undoDone, .step(let step, let attempt)): self = .undoDone(step: step, attempt: attempt)
        case (.undoFailed, .stepFailure(let step, let failure)):
            self = .undoFailed(step: step, attempt: .max, Saga.Failure(failure), retryAt: nil, counts: true)
        case (.undoResolved, .step(let step, _)): self = .undoResolved(step: step)
        case (.sagaPaused, _): self = .paused(.ordered)
        case (.sagaResumed, _): self = .resumed
        case (.sagaRecovered, _): self = .recovered
        case (.completed, _): self = .completed
        case (.compensated, _): self = .compensated
        case (.compensationFailed, _): self = .compensationFailed
        case (.sagaKilled, _): self = .killed
        default: return nil
        }
    }
}
