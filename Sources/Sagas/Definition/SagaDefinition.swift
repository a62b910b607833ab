internal import Resilience
public import Timeline

/// What a saga does, step by step, and how it takes back what it has done.
///
/// Steps come in three kinds, in this order (Richardson, *Microservices Patterns*): *compensatable* steps,
/// which may fail and are undone then; at most one *pivot*, which may fail but is never undone; *retriable*
/// steps, which are tried until they succeed. A step of the first kind without an undo changes nothing that
/// has to be taken back. Neighbours of one group are called at the same time.
///
/// A saga must be driven under the definition that it was started with, from its start to its end: keep each version for
/// as long as a saga runs under it. Limits and retry settings may change meanwhile, steps and undos may not.
public struct SagaDefinition: Hashable, Sendable {
    /// How many steps there can be.
    public static let maximumSteps = 16
    /// How many fields a saga's data can have.
    public static let maximumFields = 6
    /// How often an undo can be tried at most, unless it is tried until it is done.
    public static let maximumUndoAttempts = 255

    /// What the saga is called.
    public let name: String
    /// Which of the definitions of this name it is, from 1.
    public let version: Int
    /// What a saga is started with.
    public let data: [SagaField]
    /// The steps in order, 1 to ``maximumSteps``.
    public let steps: [Step]
    /// How long the whole saga may take until it must turn back or is overdue; nil for no limit.
    public let timeLimit: Duration?
    /// How undos are made.
    public let compensation: Compensation
    /// How it is kept apart from others.
    public let isolation: Isolation
    /// How often a saga is picked up after a crash of its orchestrator before an operator has to look at it.
    ///
    /// A saga that makes its orchestrator crash would do so for ever. Source: DBOS, `max_recovery_attempts`.
    public let maximumRecoveries: Int
    /// Where turning back ends; nil if every step can be taken back until the last one is done.
    public let pointOfNoReturn: PointOfNoReturn?
    /// The steps that are called at the same time, group after group; a step without a group is one of its own.
    public let stages: [Range<Int>]
    /// Each step's retry as a policy, that of a retriable step without an end.
    let policies: [RetryPolicy]
    /// For each step, the steps whose undos must have been dealt with before its own.
    let undoPrecedence: [Saga.StepSet]
    let sources: [[ResolvedSource]]
    let undoSources: [[ResolvedSource]]

    /// Checks the definition.
    /// - Parameters:
    ///   - name: what the saga is called.
    ///   - version: 1 or more; 1 by default.
    ///   - data: none by default, ``maximumFields`` at most, with different names.
    ///   - steps: 1 to ``maximumSteps`` of them with different names; at most one pivot; no undo at or after the
    ///     point of no return, and only retriable steps, or such as are not critical, after it.
    ///   - timeLimit: more than zero, or nil for none.
    ///   - compensation: a time limit of more than zero; see ``Compensation``.
    ///   - isolation: none by default.
    ///   - maximumRecoveries: 1 or more; 100 by default, as in DBOS.
    /// - Throws: the first of ``problems(name:version:data:steps:timeLimit:compensation:isolation:maximumRecoveries:)``.
    public init(
        name: String, version: Int = 1, data: [SagaField] = [], steps: [Step], timeLimit: Duration? = nil,
        compensation: Compensation = Compensation(), isolation: Isolation = .none, maximumRecoveries: Int = 100
    ) throws(SagaDefinitionError) {
        let problems = Self.problems(
            name: name, version: version, data: data, steps: steps, timeLimit: timeLimit, compensation: compensation,
            isolation: isolation, maximumRecoveries: maximumRecoveries)
        if let first = problems.first { throw first }
        self.name = name
        self.version = version
        self.data = data
        self.steps = steps
        self.timeLimit = timeLimit
        self.compensation = compensation
        self.isolation = isolation
        self.maximumRecoveries = maximumRecoveries
        pointOfNoReturn = PointOfNoReturn(of: steps)
        stages = Self.stages(of: steps)
        policies = steps.map(\.policy)
        undoPrecedence = steps.indices.map { Self.precedence(of: $0, steps, compensation.order) }
        sources = steps.map { step in step.parameters.map { Self.resolve($0.source, data, steps) } }
        undoSources = steps.map { step in (step.undo?.parameters ?? []).map { Self.resolve($0.source, data, steps) } }
    }
}

extension SagaDefinition {
    /// From where on a saga can only go forward.
    public enum PointOfNoReturn: Hashable, Sendable {
        /// Once this step has succeeded, or may have: the pivot.
        case pivot(step: Int)
        /// Once this step has been called for the first time: the first retriable one, where there is no pivot.
        case entry(step: Int)

        /// The position of the step.
        public var step: Int {
            switch self {
            case .pivot(let step), .entry(let step): step
            }
        }

        /// The point of no return of a sequence of steps, valid or not.
        init?(of steps: [Step]) {
            if let pivot = steps.firstIndex(where: \.isPivot) {
                self = .pivot(step: pivot)
            } else if let retriable = steps.firstIndex(where: \.isRetriable) {
                self = .entry(step: retriable)
            } else {
                return nil
            }
        }
    }

    /// The steps that are called at the same time, in order.
    static func stages(of steps: [Step]) -> [Range<Int>] {
        var stages: [Range<Int>] = []
        for index in steps.indices {
            if let last = stages.last, let group = steps[index].group, steps[last.lowerBound].group == group {
                stages[stages.count - 1] = last.lowerBound..<(index + 1)
            } else {
                stages.append(index..<(index + 1))
            }
        }
        return stages
    }

    private static func precedence(of step: Int, _ steps: [Step], _ order: Order) -> Saga.StepSet {
        switch order {
        case .reverse: Saga.StepSet((step + 1)..<steps.count)
        case .parallel: Saga.StepSet()
        case .declared:
            Saga.StepSet((steps[step].undo?.after ?? []).compactMap { name in steps.firstIndex { $0.name == name } })
        }
    }

    /// Positions in place of names; names that do not exist have been refused.
    private static func resolve(
        _ source: SagaParameter.Source, _ data: [SagaField], _ steps: [Step]
    ) -> ResolvedSource {
        switch source {
        case .constant(let value): .constant(value)
        case .data(let field): .data(data.firstIndex { $0.name == field } ?? 0)
        case .result(let name): .result(of: steps.firstIndex { $0.name == name } ?? 0)
        }
    }
}

extension SagaDefinition.Step {
    fileprivate var policy: RetryPolicy {
        switch retry {
        case .attempts(let policy): policy
        case .untilDone(let backoff, let jitter): .endless(backoff, jitter)
        }
    }
}
