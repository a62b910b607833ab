internal import Resilience
public import Timeline

/// What a saga does, step by step, and how it takes back what it has done.
///
/// Steps come in three kinds, in this order (Richardson, *Microservices Patterns*): *compensatable* steps,
/// which may fail and are undone then; at most one *pivot*, which may fail but is never undone; *retriable*
/// steps, which are tried until they succeed. A step of the first kind without an undo changes nothing that
/// has to be taken back.
///
/// A saga must be driven under the definition that it was started with: the same steps in the same order.
/// Limits and retry settings may change while it runs.
public struct SagaDefinition: Hashable, Sendable {
    /// How many steps there can be.
    public static let maximumSteps = 16

    /// What the saga is called.
    public let name: String
    /// The steps in order, 1 to ``maximumSteps``.
    public let steps: [Step]
    /// How long the whole saga may take until it must turn back or is overdue; nil for no limit.
    public let timeLimit: Duration?
    /// How undos are made.
    public let compensation: Compensation
    /// Where turning back ends; nil if every step can be taken back until the last one is done.
    public let pointOfNoReturn: PointOfNoReturn?
    /// Each step's retry as a policy, that of a retriable step without an end.
    let policies: [RetryPolicy]

    /// Checks the definition.
    /// - Parameters:
    ///   - name: what the saga is called.
    ///   - steps: 1 to ``maximumSteps`` of them with different names; at most one pivot; no undo at or after the
    ///     point of no return, and only retriable steps after it.
    ///   - timeLimit: more than zero, or nil for none.
    ///   - compensation: a time limit of more than zero; see ``Compensation``.
    /// - Throws: the first of ``problems(name:steps:timeLimit:compensation:)``.
    public init(
        name: String, steps: [Step], timeLimit: Duration? = nil, compensation: Compensation = Compensation()
    ) throws(SagaDefinitionError) {
        let problems = Self.problems(name: name, steps: steps, timeLimit: timeLimit, compensation: compensation)
        if let first = problems.first { throw first }
        self.name = name
        self.steps = steps
        self.timeLimit = timeLimit
        self.compensation = compensation
        pointOfNoReturn = PointOfNoReturn(of: steps)
        policies = steps.map { step in
            switch step.retry {
            case .attempts(let policy): policy
            case .untilDone(let backoff, let jitter): .endless(backoff, jitter)
            }
        }
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
}
