public import Timeline

extension PersistentSubscription {
    /// Which consumer gets the next event.
    public enum Strategy: Hashable, Sendable {
        /// Each in turn that has room.
        case roundRobin
        /// The one that came first, while it has room; then the next.
        case single
        /// Always the same for the same key, while it is there.
        case pinned
    }

    /// How a subscription is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// Which consumer gets the next event.
        public let strategy: Strategy
        /// Whether an event waits while an earlier one of its key is handed out or is to be handed out again.
        public let keepsOrder: Bool
        /// How long a consumer has for an event; nil for as long as it takes.
        public let answerTime: Duration?
        /// How often an event is handed out again before it is parked.
        public let retries: Int
        /// How many events are held at once.
        public let buffer: Int
        /// How many consumers there can be.
        public let consumers: Int
        /// When the checkpoint is worth storing.
        public let checkpointing: Checkpointing

        /// Checks the settings.
        /// - Parameters:
        ///   - strategy: which consumer gets the next event; each in turn.
        ///   - keepsOrder: whether events of one key go one after another; they do.
        ///   - answerTime: more than 0; 30 s.
        ///   - retries: 0 or more; 10, which is 11 deliveries.
        ///   - buffer: 1 or more; 500.
        ///   - consumers: 1 or more; without limit.
        ///   - checkpointing: when the checkpoint is stored.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            strategy: Strategy = .roundRobin, keepsOrder: Bool = true, answerTime: Duration? = .seconds(30),
            retries: Int = 10, buffer: Int = 500, consumers: Int = .max, checkpointing: Checkpointing = Checkpointing()
        ) throws(SettingError) {
            if let answerTime, answerTime <= .zero {
                throw SettingError("answerTime", given: answerTime, allowed: "more than 0s")
            }
            guard retries >= 0 else { throw SettingError("retries", given: retries, allowed: "0 or more") }
            guard buffer >= 1 else { throw SettingError("buffer", given: buffer, allowed: "1 or more") }
            guard consumers >= 1 else { throw SettingError("consumers", given: consumers, allowed: "1 or more") }
            self.strategy = strategy
            self.keepsOrder = keepsOrder
            self.answerTime = answerTime
            self.retries = retries
            self.buffer = buffer
            self.consumers = consumers
            self.checkpointing = checkpointing
        }
    }

    /// When a checkpoint is worth storing: at once when it has moved far, else from time to time.
    public struct Checkpointing: Hashable, Sendable {
        /// How long after the last one.
        public var after = Duration.seconds(1)
        /// By how many positions it must have moved by then.
        public var atLeast: Int64 = 5
        /// From how many on it does not wait.
        public var atMost: Int64 = 1_000

        /// After 1 s if it has moved by 5, at once if it has moved by 1000. Source: KurrentDB.
        public init() {}
    }

    /// What a subscription has done so far.
    public struct Totals: Hashable, Sendable {
        /// Events that it was fed.
        public var fed: UInt64 = 0
        /// Events that were handed out, each time counted.
        public var handedOut: UInt64 = 0
        /// Events that a consumer has dealt with.
        public var acknowledged: UInt64 = 0
        /// Events that a consumer asked to skip.
        public var skipped: UInt64 = 0
        /// Events that were taken back, or given back, to be handed out again.
        public var retried: UInt64 = 0
        /// Events that nobody answered for in time.
        public var timedOut: UInt64 = 0
        /// Events that were parked, each time counted.
        public var parked: UInt64 = 0
        /// Answers from consumers that had the event no more.
        public var lateAnswers: UInt64 = 0
    }

    /// An event that was given up.
    public struct Parked: Hashable, Sendable {
        /// Where it stands in the log.
        public let position: Position
        /// Its key.
        public let key: UInt64
        /// Why it was parked.
        public let reason: Reason
        /// How often it was handed out.
        public let attempts: Int
        /// When it was parked.
        public let parkedAt: Instant
    }

    /// Why an event was parked.
    public enum Reason: Hashable, Sendable {
        /// A consumer said so.
        case asked
        /// It was handed out as often as it may be.
        case retriesExhausted
    }
}
