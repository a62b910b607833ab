public import Timeline

/// A rule that a saga's definition breaks; its description is one line for whoever wrote the definition.
public struct SagaDefinitionError: Error, Hashable, Sendable {
    /// The rules of a definition.
    public enum Rule: Hashable, Sendable {
        /// There are 1 to ``SagaDefinition/maximumSteps`` steps; so many were given.
        case stepCount(Int)
        /// The time limit is more than zero; this one was given.
        case timeLimit(Duration)
        /// The compensation's time limit is more than zero; this one was given.
        case compensationTimeLimit(Duration)
        /// No two steps have the same name.
        case repeatedName
        /// There is at most one pivot, and this step was it.
        case secondPivot(first: String)
        /// A pivot may fail, a retriable step may not: no step is both.
        case retriablePivot
        /// After the pivot, or after the first retriable step, only retriable steps may follow.
        case notRetriable(after: String)
        /// From the point of no return on nothing is undone; nil if the step itself is that point.
        case undo(after: String?)
        /// The waits between attempts are valid ones.
        case retry(SettingError)
    }

    /// The name of the saga.
    public let saga: String
    /// The name of the step; nil if the rule is about the saga as a whole.
    public let step: String?
    /// The rule that is broken.
    public let rule: Rule
}

extension SagaDefinitionError: CustomStringConvertible {
    /// `saga order, step email: …`, with the rule and what to do about it.
    public var description: String {
        let place = step.map { "saga \(saga), step \($0)" } ?? "saga \(saga)"
        return "\(place): \(rule)"
    }
}

extension SagaDefinitionError.Rule: CustomStringConvertible {
    /// The rule, and what was found instead.
    public var description: String {
        switch self {
        case .stepCount(let count):
            "\(count) steps are out of range; allowed: 1 to \(SagaDefinition.maximumSteps)"
        case .timeLimit(let given):
            "timeLimit: \(given) is out of range; allowed: more than 0s"
        case .compensationTimeLimit(let given):
            "compensation.timeLimit: \(given) is out of range; allowed: more than 0s"
        case .repeatedName:
            "another step has the same name"
        case .secondPivot(let first):
            "there is a pivot already: \(first)"
        case .retriablePivot:
            "a pivot may fail, but a step that is retried until done may not; choose one of the two"
        case .notRetriable(let passed):
            "it may fail after \(passed), from where the saga cannot go back; retry it until done or move it before"
        case .undo(.some(let passed)):
            "it has an undo that would never run: after \(passed) the saga cannot go back"
        case .undo(nil):
            "it has an undo that would never run: the saga cannot go back from this step"
        case .retry(let error):
            "retry: \(error)"
        }
    }
}
