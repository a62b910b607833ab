public import Resilience
public import Timeline

extension SagaDefinition {
    /// One step of a saga: a call, and the call that takes it back.
    public struct Step: Hashable, Sendable {
        /// What the step is called; no two steps of a saga share a name.
        public var name: String
        /// What takes it back; nil if there is nothing to take back.
        public var undo: Undo?
        /// Whether the fate of the saga is decided here.
        public var isPivot: Bool
        /// Whether the saga cannot do without it. A step that is not critical and fails for good is left out.
        public var isCritical: Bool
        /// Neighbours of the same group are called at the same time; nil for a step that is called alone.
        public var group: String?
        /// What follows a failed call.
        public var retry: Retry
        /// How long one attempt may take until its outcome counts as unknown; nil to wait for its reply.
        public var attemptLimit: Duration?
        /// How long all attempts together may take, waits included; nil for no limit but the saga's.
        public var timeLimit: Duration?
        /// What the call is told.
        public var parameters: [SagaParameter]
        /// The kind of value that it returns; nil if nothing is kept of it.
        public var result: SagaValue.Kind?

        /// A step; the definition checks it together with its neighbours.
        /// - Parameters:
        ///   - name: what the step is called.
        ///   - undo: nil by default.
        ///   - isPivot: no by default.
        ///   - isCritical: yes by default.
        ///   - group: nil by default.
        ///   - retry: a single attempt by default, since the guards on the way to the service retry already and
        ///     attempts multiply.
        ///   - attemptLimit: nil by default.
        ///   - timeLimit: nil by default.
        ///   - parameters: none by default.
        ///   - result: nil by default.
        public init(
            name: String, undo: Undo? = nil, isPivot: Bool = false, isCritical: Bool = true, group: String? = nil,
            retry: Retry = .attempts(.once), attemptLimit: Duration? = nil, timeLimit: Duration? = nil,
            parameters: [SagaParameter] = [], result: SagaValue.Kind? = nil
        ) {
            self.name = name
            self.undo = undo
            self.isPivot = isPivot
            self.isCritical = isCritical
            self.group = group
            self.retry = retry
            self.attemptLimit = attemptLimit
            self.timeLimit = timeLimit
            self.parameters = parameters
            self.result = result
        }

        /// Which of the three kinds of step it is.
        public var kind: Kind {
            switch retry {
            case .untilDone: .retriable
            case .attempts: isPivot ? .pivot : .compensatable
            }
        }

        /// Whether it is tried until it succeeds.
        public var isRetriable: Bool { kind == .retriable }

        /// Whether the saga can stand where this step follows its point of no return.
        var mayFollowPointOfNoReturn: Bool { isRetriable || !isCritical }
    }

    /// The three kinds of step, which follow each other in this order.
    public enum Kind: Hashable, Sendable {
        /// It may fail, and is taken back then.
        case compensatable
        /// It may fail, and is never taken back.
        case pivot
        /// It is tried until it succeeds.
        case retriable
    }

    /// What follows a failed call of a step.
    public enum Retry: Hashable, Sendable {
        /// So many attempts; the step has failed when they are used up.
        case attempts(RetryPolicy)
        /// As many attempts as it takes: the step is retriable.
        case untilDone(Backoff, Jitter)
    }
}

extension SagaDefinition {
    /// The call that takes a step back. It must succeed, and do nothing, where the step has not happened.
    public struct Undo: Hashable, Sendable {
        /// What it is called.
        public var name: String
        /// What it is told.
        public var parameters: [SagaParameter]
        /// The steps whose undos come before this one, where ``Compensation/order`` is ``Order/declared``.
        public var after: [String]
        /// When it is put on the stack.
        public var registration: Registration

        /// When an undo is put on the stack.
        public enum Registration: Hashable, Sendable {
            /// Before the step is called for the first time: a lost reply leaves unknown whether the step happened.
            ///
            /// So do Temporal's and Restate's samples.
            case beforeCall
            /// When the step has succeeded. What happened though its reply was lost is never taken back.
            case afterSuccess
        }

        /// An undo.
        /// - Parameters:
        ///   - name: what it is called.
        ///   - parameters: none by default.
        ///   - after: none by default.
        ///   - registration: before the call by default.
        public init(
            _ name: String, parameters: [SagaParameter] = [], after: [String] = [],
            registration: Registration = .beforeCall
        ) {
            self.name = name
            self.parameters = parameters
            self.after = after
            self.registration = registration
        }
    }

    /// How the steps of a saga are taken back.
    public struct Compensation: Hashable, Sendable {
        /// How long all undos together may take, counted from when the saga turned back.
        ///
        /// It is a limit of its own: what is left of the saga's may be nothing at all.
        public var timeLimit: Duration
        /// How often one undo is tried. A failure that names a time to retry after does not count.
        public var retry: RetryPolicy
        /// Which undo follows which.
        public var order: Order
        /// What becomes of an undo that cannot be done.
        public var whenExhausted: Exhaustion

        /// Five minutes and eight attempts for each undo by default: more than a step gets, since whoever gives
        /// up here leaves work to a human. In reverse order; an undo that cannot be done does not stop the others.
        public init(
            timeLimit: Duration = .minutes(5), retry: RetryPolicy = .persistent, order: Order = .reverse,
            whenExhausted: Exhaustion = .goesOn
        ) {
            self.timeLimit = timeLimit
            self.retry = retry
            self.order = order
            self.whenExhausted = whenExhausted
        }
    }

    /// Which undo follows which.
    public enum Order: Hashable, Sendable {
        /// One after another, that of the last step first.
        case reverse
        /// All at once.
        case parallel
        /// As each ``Undo/after`` says, and otherwise all at once.
        case declared
    }

    /// What becomes of an undo whose attempts or time are used up.
    public enum Exhaustion: Hashable, Sendable {
        /// It is recorded as not done, and the next one follows; the saga ends as one whose compensation failed.
        case goesOn
        /// It waits for an operator, and with it whatever has to come after it.
        case waitsForOperator
    }
}

extension SagaDefinition.Undo: ExpressibleByStringInterpolation {
    /// An undo by its name alone.
    public init(stringLiteral name: String) { self.init(name) }
}
