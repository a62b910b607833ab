public import Resilience
public import Timeline

extension Proxy {
    /// How a proxy works; each part has been checked by itself.
    public struct Settings: Sendable {
        /// How a backend is chosen.
        public var balancing: Balancer.Settings
        /// By what consistent hashing places a request.
        public var hashKey = HashKey()
        /// How long one attempt may take, from the choice of a backend to the last byte of its answer.
        public var timeout: Timeout.Rule
        /// How long a request may take with all its attempts; nil for as long as these take.
        public var deadline: TimeLimit?
        /// How backends are told how long is left; nil for not at all.
        public var deadlineField: DeadlineField? = .envoy
        /// When a request is tried again; nil for never.
        public var retries: Retries?
        /// What keeps requests away from who fails; nil for nothing.
        public var breaker: Breaker?
        /// How backends are found that fail more than others; nil for not at all.
        public var outliers: OutlierDetector.Settings?
        /// What speaks against a backend: by default no answer in time, no connection, and what is 5xx. That a client asks
        /// too often (429) does not: else one client could close a backend to all.
        public var failures: FailureDetector
        /// How connections are kept.
        public var connections: Connections.Settings
        /// What backends are told of the client.
        public var forwarding: Forwarding

        /// One attempt without a breaker, to be made more of.
        /// - Throws: nothing but what a part throws that is there by default, which is within its range.
        public init(balancing: Balancer.Settings, timeout: Timeout.Rule) throws(SettingError) {
            self.balancing = balancing
            self.timeout = timeout
            failures = try FailureDetector(failures: [.timeout, .server, .network])
            connections = try Connections.Settings()
            forwarding = try Forwarding()
        }
    }

    /// The breakers of a proxy.
    public struct Breaker: Hashable, Sendable {
        /// For what there is one breaker.
        public enum Scope: String, CaseIterable, Hashable, Sendable {
            /// One for each backend: the others go on.
            case backend
            /// One for all of them together.
            case upstream
        }

        /// How each is set.
        public let settings: CircuitBreaker.Settings
        /// For what there is one.
        public let scope: Scope
        /// How long a backend is left alone at the most because it asked for that, with 503 and `Retry-After`.
        public let longestPause: Duration

        /// Checks the settings.
        /// - Parameters:
        ///   - scope: for each backend by default.
        ///   - longestPause: 0 s or more; 1 min by default. With one breaker for all, no backend can ask for one.
        /// - Throws: a ``SettingError`` for a negative pause.
        public init(
            _ settings: CircuitBreaker.Settings, scope: Scope = .backend, longestPause: Duration = .minutes(1)
        ) throws(SettingError) {
            guard longestPause >= .zero else {
                throw SettingError("longestPause", given: longestPause, allowed: "0s or more")
            }
            self.settings = settings
            self.scope = scope
            self.longestPause = longestPause
        }
    }

    /// When a request is tried again.
    public struct Retries: Hashable, Sendable {
        /// Where a request goes that has failed.
        public enum Target: String, CaseIterable, Hashable, Sendable {
            /// To a backend that has not failed it, as long as there is one.
            case elsewhere
            /// To the same backend, as long as it may be used: what a lesson compares with.
            case stay
        }

        /// Which requests may be done twice.
        public enum Repeats: String, CaseIterable, Hashable, Sendable {
            /// Those of idempotent methods (RFC 9110, section 9.2.2), and those of which nothing was sent.
            case idempotent
            /// All: the route says that its backends know a request that comes again.
            case all
        }

        /// How often, after which failures and after which wait.
        public let policy: RetryPolicy
        /// How much of it all requests together may do; nil for any amount.
        public let budget: RetryBudget.Settings?
        /// Where to.
        public let target: Target
        /// Which requests.
        public let repeats: Repeats
        /// How many bytes of a body are kept so that they can be sent again; a larger one is streamed.
        public let mostKeptBytes: Int

        /// Checks the settings.
        /// - Parameters:
        ///   - target: elsewhere by default.
        ///   - repeats: idempotent ones by default.
        ///   - mostKeptBytes: 0 or more; 65 536 by default.
        /// - Throws: a ``SettingError`` for a negative bound.
        public init(
            _ policy: RetryPolicy, budget: RetryBudget.Settings?, target: Target = .elsewhere,
            repeats: Repeats = .idempotent, mostKeptBytes: Int = 65_536
        ) throws(SettingError) {
            guard mostKeptBytes >= 0 else {
                throw SettingError("mostKeptBytes", given: mostKeptBytes, allowed: "0 or more")
            }
            self.policy = policy
            self.budget = budget
            self.target = target
            self.repeats = repeats
            self.mostKeptBytes = mostKeptBytes
        }

        /// Whether a request whose attempt has ended so may be sent again.
        func allow(_ request: borrowing Request, after end: AttemptEnd) -> Bool {
            if case .cancelled = end { return false }
            if end.sentNothing { return true }
            guard request.body.isReplayable(upTo: mostKeptBytes) else { return false }
            return repeats == .all || request.method.isIdempotent
        }
    }
}
