import Sagas
import Timeline

/// Takes a saga that was read back to its end: whatever it calls is done.
struct GoingOn {
    private var history: SagaHistory
    private var saga: Saga
    private let definition: SagaDefinition
    private var now: Instant
    private var random = RandomStream(seed: 1, name: "saga", purpose: "jitter")
    private var events: [Saga.Event] = []
    /// What it does that it should not.
    private(set) var complaint: String?

    init(_ history: SagaHistory, at now: Instant) {
        (saga, definition, self.history, self.now) = (history.saga, history.definition, history, now)
        go()
    }

    private mutating func go() {
        let isBeyond = isBeyondPointOfNoReturn
        handle(saga.startedAt == nil && !saga.isOver ? .start : .recovered)
        for _ in 0..<500 where !saga.isOver { advance() }
        if !saga.isOver { complaint = "it does not end" }
        if isBeyond, case .ended(.compensated) = saga.phase { complaint = "undone beyond the point of no return" }
        do {
            for event in events { try history.take(event) }
        } catch {
            complaint = "\(error)"
        }
    }

    private var isBeyondPointOfNoReturn: Bool {
        guard let point = definition.pointOfNoReturn, saga.turnedBack == nil, !saga.isOver else { return false }
        switch (point, saga.status(of: point.step)) {
        case (_, .pending): return false
        // A skipped step has not happened; the saga may still turn back before it comes to it.
        case (_, .skipped): return false
        case (.entry, _), (_, .done), (_, .unknown), (_, .stalled): return true
        default: return false
        }
    }

    private mutating func advance() {
        let calling = definition.steps.indices.first { saga.status(of: $0) == .calling }
        let undoing = definition.steps.indices.first { saga.status(of: $0) == .undoing }
        if let calling {
            handle(.stepReplied(step: calling, attempt: saga.attempts(of: calling), .success(nil)))
        } else if let undoing {
            handle(.undoReplied(step: undoing, attempt: saga.attempts(of: undoing), .success(nil)))
        } else if let due = saga.due(under: definition) {
            now = max(now, due)
            handle(.timePassed)
        } else {
            try? saga.obey(saga.isStopped ? .resume : .retryNow, at: now, under: definition, into: &events)
        }
    }

    private mutating func handle(_ input: Saga.Input) {
        saga.handle(input, at: now, under: definition, using: &random, into: &events)
    }
}
