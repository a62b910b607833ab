internal import Resilience
internal import Sagas
internal import Timeline

// What a saga's definition says, in words.

extension SagaDefinition.Step {
    /// What the definition says about it.
    var words: String {
        var parts = [kind.words + (isCritical ? "" : ", can be left out")]
        if let group { parts.append("group \(group)") }
        if let undo {
            parts.append("undo \(undo.shortName)" + (undo.registration == .afterSuccess ? " once done" : ""))
        }
        switch retry {
        case .untilDone(let backoff, _): parts.append("until done, waits \(backoff.text)")
        case .attempts(let policy):
            if policy.attempts > 1 { parts.append("\(policy.attempts) tries, waits \(policy.backoff.text)") }
        }
        if let attemptLimit { parts.append("each \(Figures.length(attemptLimit))") }
        if let timeLimit { parts.append("limit \(Figures.length(timeLimit))") }
        return parts.joined(separator: "; ")
    }
}

extension SagaDefinition.Kind {
    var words: String {
        switch self {
        case .compensatable: "compensatable"
        case .pivot: "PIVOT"
        case .retriable: "retriable"
        }
    }
}

extension SagaDefinition.Order {
    var words: String {
        switch self {
        case .reverse: "in reverse"
        case .parallel: "all at once"
        case .declared: "as declared"
        }
    }
}

extension SagaDefinition.Isolation {
    var words: String {
        switch self {
        case .none: "none: others see what is half done"
        case .semanticLock(let lock):
            "lock on \(lock.field), \(lock.whenTaken == .waits ? "waits its turn" : "gives up if taken")"
        }
    }
}

extension SagaValue {
    /// As people read it.
    var words: String {
        if case .cents(let cents) = self { return Figures.money(cents) }
        return description
    }
}
