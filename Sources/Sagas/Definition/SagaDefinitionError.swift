public import Timeline

/// A rule that a saga's definition breaks; its description is one line for whoever wrote the definition.
public struct SagaDefinitionError: Error, Hashable, Sendable {
    /// The rules of a definition.
    public enum Rule: Hashable, Sendable {
        /// There are 1 to ``SagaDefinition/maximumSteps`` steps; so many were given.
        case stepCount(Int)
        /// The version is 1 or more; this one was given.
        case version(Int)
        /// There are at most ``SagaDefinition/maximumFields`` fields; so many were given.
        case fieldCount(Int)
        /// No two fields of the data have the same name.
        case repeatedField(String)
        /// A limit of this name is more than zero; this one was given.
        case limit(String, Duration)
        /// A saga is picked up at least once after a crash; so many times were given.
        case recoveries(Int)
        /// An undo is tried at most ``SagaDefinition/maximumUndoAttempts`` times, or until done.
        case undoAttempts(Int)
        /// No two steps have the same name.
        case repeatedName
        /// There is at most one pivot, and this step was it.
        case secondPivot(first: String)
        /// A pivot may fail, a retriable step may not: no step is both.
        case retriablePivot
        /// The saga's fate is decided at the pivot: it cannot do without it.
        case pivotNotCritical
        /// After the pivot, or after the first retriable step, only retriable steps may follow.
        case notRetriable(after: String)
        /// From the point of no return on nothing is undone; nil if the step itself is that point.
        case undo(after: String?)
        /// A step that is tried until it succeeds has no limit for all its attempts.
        case endlessWithin(Duration)
        /// The members of a group stand next to each other; this step stands between.
        case groupSplit(String, by: String)
        /// A pivot is called alone.
        case pivotInGroup(String)
        /// The members of a group may all fail, or none of them: this one is of the other kind.
        case mixedGroup(String, unlike: String)
        /// The waits between attempts are valid ones.
        case retry(SettingError)
        /// A rule about an undo's place in the order.
        case undoOrder(UndoOrder)
        /// A rule about a parameter, by its name.
        case parameter(String, ParameterRule)
        /// A rule about the semantic lock.
        case lock(ParameterRule)
    }

    /// The rules of `after`.
    public enum UndoOrder: Hashable, Sendable {
        /// The compensation's order is another one than `declared`.
        case notDeclared
        /// There is no step of this name.
        case unknownStep(String)
        /// The step of this name has no undo.
        case noUndo(String)
        /// Each of these undos waits for the next, and the last for the first.
        case cycle([String])
    }

    /// The rules of a parameter.
    public enum ParameterRule: Hashable, Sendable {
        /// No two parameters of a call have the same name.
        case repeated
        /// There is no step of this name.
        case unknownStep(String)
        /// There is no field of this name.
        case unknownField(String)
        /// The step of this name is not done by then.
        case notYet(String)
        /// The step of this name returns nothing.
        case noResult(String)
        /// The step of this name may have been left out.
        case mayBeMissing(String)
        /// The value is of another kind.
        case kind(found: SagaValue.Kind, expected: SagaValue.Kind)
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
        case .version(let given): "version: \(given) is out of range; allowed: 1 or more"
        case .fieldCount(let count):
            "\(count) fields of data are out of range; allowed: 0 to \(SagaDefinition.maximumFields)"
        case .repeatedField(let name): "the data have two fields named \(name)"
        case .limit(let name, let given): "\(name): \(given) is out of range; allowed: more than 0s"
        case .recoveries(let given): "recoveries: \(given) is out of range; allowed: 1 or more"
        case .undoAttempts(let given):
            "compensation.retry: \(given) attempts are out of range; "
                + "allowed: 1 to \(SagaDefinition.maximumUndoAttempts), or until done"
        case .repeatedName: "another step has the same name"
        case .secondPivot(let first): "there is a pivot already: \(first)"
        case .retriablePivot:
            "a pivot may fail, but a step that is retried until done may not; choose one of the two"
        case .pivotNotCritical: "the saga cannot do without its pivot; make the step critical, or no pivot"
        case .notRetriable(let passed):
            "it may fail after \(passed), from where the saga cannot go back; retry it until done or move it before"
        case .undo(.some(let passed)):
            "it has an undo that would never run: after \(passed) the saga cannot go back"
        case .undo(nil):
            "it has an undo that would never run: the saga cannot go back from this step"
        case .endlessWithin(let limit):
            "it is tried until it succeeds, so all its attempts cannot be limited to \(limit); limit one attempt"
        case .groupSplit(let group, let other):
            "group \(group) is split by \(other); its members stand next to each other"
        case .pivotInGroup(let group):
            "it is the pivot and in group \(group); a pivot is called alone"
        case .mixedGroup(let group, let other):
            "it is in group \(group) with \(other); the members of a group may all fail, or none of them"
        case .retry(let error): "retry: \(error)"
        case .undoOrder(let rule): "undo after: \(rule)"
        case .parameter(let name, let rule): "parameter \(name): \(rule)"
        case .lock(let rule): "isolation: \(rule)"
        }
    }
}

extension SagaDefinitionError.UndoOrder: CustomStringConvertible {
    /// The rule, and what was found instead.
    public var description: String {
        switch self {
        case .notDeclared: "undos are called in another order; set compensation.order to declared"
        case .unknownStep(let name): "there is no step named \(name)"
        case .noUndo(let name): "step \(name) has no undo to wait for"
        case .cycle(let names): "the undos wait for each other: \((names + names.prefix(1)).joined(separator: " > "))"
        }
    }
}

extension SagaDefinitionError.ParameterRule: CustomStringConvertible {
    /// The rule, and what was found instead.
    public var description: String {
        switch self {
        case .repeated: "another parameter has the same name"
        case .unknownStep(let name): "there is no step named \(name)"
        case .unknownField(let name): "the saga's data have no field named \(name)"
        case .notYet(let name): "step \(name) is not done by then"
        case .noResult(let name): "step \(name) returns nothing"
        case .mayBeMissing(let name): "step \(name) is not critical, and may have been left out"
        case .kind(let found, let expected): "it is \(found.words), where \(expected.words) is expected"
        }
    }
}
