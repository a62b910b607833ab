public import Resilience
public import Timeline

extension SagaDefinition {
    /// One step of a saga: a call, and the call that takes it back.
    public struct Step: Hashable, Sendable {
        /// What the step is called; no two steps of a saga share a name.
        public var name: String
        /// What the undo is called; nil if there is nothing to take back.
        public var undo: String?
        /// Whether the fate of the saga is decided here.
        public var isPivot: Bool
        /// What follows a failed call.
        public var retry: Retry

        /// A step; the definition checks it together with its neighbours.
        /// - Parameters:
        ///   - name: what the step is called.
        ///   - undo: what its undo is called; nil by default.
        ///   - isPivot: no by default.
        ///   - retry: a single attempt by default, since the guards on the way to the service retry already and
        ///     attempts multiply.
        public init(
            name: String, undo: String? = nil, isPivot: Bool = false, retry: Retry = .attempts(.once)
        ) {
            self.name = name
            self.undo = undo
            self.isPivot = isPivot
            self.retry = retry
        }

        /// Whether the step is tried until it succeeds.
        public var isRetriable: Bool {
            switch retry {
            case .attempts: false
            case .untilDone: true
            }
        }
    }

    /// What follows a failed call of a step.
    public enum Retry: Hashable, Sendable {
        /// So many attempts; the step has failed when they are used up.
        case attempts(RetryPolicy)
        /// As many attempts as it takes: the step is retriable.
        case untilDone(Backoff, Jitter)
    }

    /// How the steps of a saga are taken back.
    public struct Compensation: Hashable, Sendable {
        /// How long all undos together may take, counted from when the saga turned back.
        ///
        /// It is a limit of its own: what is left of the saga's may be nothing at all.
        public var timeLimit: Duration
        /// How often one undo is tried. A failure that names a time to retry after does not count.
        public var retry: RetryPolicy

        /// Five minutes and eight attempts for each undo by default: more than a step gets, since whoever gives
        /// up here leaves work to a human.
        public init(timeLimit: Duration = .minutes(5), retry: RetryPolicy = .persistent) {
            self.timeLimit = timeLimit
            self.retry = retry
        }
    }
}
