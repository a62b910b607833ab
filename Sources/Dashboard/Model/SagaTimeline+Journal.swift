internal import Sagas
internal import Simulation
internal import Timeline

// What the journal knows of a saga: when its calls were sent and stood in queues, and of one that is forgotten what it
// must have decided.

extension SagaTimeline {
    /// Takes in how something was carried out: when a call was sent, and when it stood in a queue.
    mutating func take(_ entry: Entry) {
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
