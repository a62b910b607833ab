import Sagas
import Timeline

extension ChaosDriver {
    /// Carries out what was decided, unless it breaks a promise.
    mutating func carryOut(_ event: Saga.Event) {
        switch event.what {
        case .stepRequested(let step, let attempt):
            send(Message(isUndo: false, step: Int(step), attempt: Int(attempt)))
        case .undoRequested(let step, let attempt):
            send(Message(isUndo: true, step: Int(step), attempt: Int(attempt)))
        case .turnedBack:
            noteTurningBack(event)
            abandon { !$0.isUndo }
        case .stepDone(let step, _, _), .stepFailed(let step, _, _, _), .stepSkipped(let step, _):
            abandon { !$0.isUndo && $0.step == Int(step) }
        case .undoDone(let step, _), .undoExhausted(let step, _), .undoFailed(let step, _, _, _, _):
            abandon { $0.isUndo && $0.step == Int(step) }
        case .completed, .compensated, .compensationFailed, .killed: abandon { _ in true }
        default: break
        }
    }

    private mutating func send(_ message: Message) {
        let before = events.last {
            switch $0.what {
            case .stepRequested(let step, let attempt):
                !message.isUndo && Int(step) == message.step && Int(attempt) != message.attempt
            case .undoRequested(let step, let attempt):
                message.isUndo && Int(step) == message.step && Int(attempt) != message.attempt
            default: false
            }
        }
        let expected: Int =
            switch before?.what {
            case .stepRequested(_, let attempt), .undoRequested(_, let attempt): Int(attempt) + 1
            default: 1
            }
        if message.attempt != expected { complaints.append("\(message) instead of attempt \(expected)") }
        let others = outstanding.filter { $0.step == message.step || $0.isUndo != message.isUndo }
        if !others.isEmpty { complaints.append("\(message) while \(others)") }
        outstanding.insert(message)
    }

    /// Nobody waits for these any more; they may still happen.
    private mutating func abandon(where isOne: (Message) -> Bool) {
        let abandoned = outstanding.filter(isOne).sorted { ($0.step, $0.attempt) < ($1.step, $1.attempt) }
        stragglers += abandoned
        outstanding.subtract(abandoned)
    }

    private mutating func noteTurningBack(_ event: Saga.Event) {
        if saga.isOverdue { complaints.append("\(event) though overdue") }
        guard let point = definition.pointOfNoReturn else { return }
        if services.isDone(point.step) { complaints.append("\(event) though \(point) has happened") }
        let isEntered = events.contains { $0.what == .stepRequested(step: UInt8(point.step), attempt: 1) }
        if case .entry = point, isEntered { complaints.append("\(event) beyond \(point)") }
    }

    /// Compares what the saga reports with what the services know.
    mutating func judgeEnding() {
        let undoable = definition.steps.indices.filter { definition.steps[$0].undo != nil }
        switch saga.phase {
        case .ended(.completed(let without)):
            let missing = definition.steps.indices.filter {
                !services.isDone($0) && !without.contains($0) && saga.status(of: $0) != .skipped
            }
            if !missing.isEmpty { complaints.append("completed without \(missing)") }
        case .ended(.compensated):
            if undoable.contains(where: services.isDone) { complaints.append("compensated, but something is done") }
        case .ended(.compensationFailed(_, let notUndone)):
            if notUndone.isEmpty { complaints.append("nothing left, but compensation failed") }
            if undoable.contains(where: { services.isDone($0) && !notUndone.contains($0) }) {
                complaints.append("something is done and not reported")
            }
        case .ended(.killed), .ready, .locking, .forward, .compensating: complaints.append("no end: \(saga.phase)")
        }
        for count in 0..<Int(random.below(3)) { judgeReplay(of: events.count - count) }
    }

    /// Reads back what was stored: it is the same saga, or if less is read, one that can go on.
    private mutating func judgeReplay(of count: Int) {
        var other = Saga(id: saga.id)
        for event in events.prefix(count) { other.evolve(event, under: definition) }
        if count == events.count, Portrait(other, definition) != Portrait(saga, definition) {
            complaints.append("read back, it is another saga")
        }
    }
}
