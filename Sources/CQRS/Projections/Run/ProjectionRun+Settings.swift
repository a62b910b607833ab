internal import EventSourcing
public import Resilience
public import Timeline

extension ProjectionRun {
    /// How a run is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// The most events in a batch.
        public let batchSize: Int
        /// How long the first event of a batch waits for others.
        public let linger: Duration
        /// How long the checkpoint stays behind events that nobody wants.
        public let checkpointAfter: Duration
        /// The most events that are read while a batch is not settled.
        public let readAhead: Int
        /// How long the run waits at the end of the log, unless it is told of more.
        public let poll: Duration
        /// Whether and when reads, loads and commits are tried again.
        public let retry: RetryPolicy
        /// Whether and when an event that failed is tried again.
        public let eventRetry: RetryPolicy
        /// What becomes of an event that goes on failing.
        public let errors: ErrorPolicy
        /// What happens when somebody else has moved the checkpoint.
        public let rival: Rival
        /// How much may be set aside.
        public let quarantine: QuarantineLimits
        /// Which sequences are the run's.
        public let segment: Segment
        /// How fast it may read.
        public let pace: Pace

        /// What happens when somebody else has moved the checkpoint.
        public enum Rival: Hashable, Sendable {
            /// The run goes on from where the checkpoint is: nothing was lost or done twice.
            case goOn
            /// The run stops: there should be no other. A commit of its own earlier life that comes late is another, and
            /// so is a ``Rebuild`` that lets another version serve.
            case stop
        }

        /// Checks the settings.
        /// - Parameters:
        ///   - batchSize: 1 to 4096; 500 by default, as in Marten.
        ///   - linger: zero or more; 100 ms by default. It counts from when the first event came, whatever comes later.
        ///   - checkpointAfter: zero or more; 1 s by default, as in KurrentDB's subscriptions.
        ///   - readAhead: 0, which is the default, to 4096.
        ///   - poll: more than zero; 1 s by default.
        ///   - retry: by default as often as it takes, also after a refusal by the caller's own guards, with waits that
        ///     double from 100 ms to 10 s, and full jitter.
        ///   - eventRetry: by default three attempts, 100 ms and 200 ms apart at most.
        ///   - errors: by default ``ErrorPolicy/continuous``.
        ///   - rival: by default the run goes on.
        ///   - quarantine: by default 1024 sequences of 1024 events, as in Axon.
        ///   - segment: by default ``Segment/root``, which is all sequences.
        ///   - pace: by default unlimited.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            batchSize: Int = 500, linger: Duration = .milliseconds(100), checkpointAfter: Duration = .seconds(1),
            readAhead: Int = 0, poll: Duration = .seconds(1), retry: RetryPolicy? = nil,
            eventRetry: RetryPolicy? = nil, errors: ErrorPolicy = .continuous, rival: Rival = .goOn,
            quarantine: QuarantineLimits = .standard, segment: Segment = .root, pace: Pace = .unlimited
        ) throws(SettingError) {
            try Self.check("batchSize", batchSize, 1...PageSize.limit)
            try Self.check("readAhead", readAhead, 0...PageSize.limit)
            try Self.check("linger", linger)
            try Self.check("checkpointAfter", checkpointAfter)
            guard poll > .zero else { throw SettingError("poll", given: poll, allowed: "more than 0s") }
            try pace.check()
            self.retry = if let retry { retry } else { try .persistent() }
            self.eventRetry = if let eventRetry { eventRetry } else { try .persistent(attempts: 3) }
            self.batchSize = batchSize
            self.linger = linger
            self.checkpointAfter = checkpointAfter
            self.readAhead = readAhead
            self.poll = poll
            self.errors = errors
            self.rival = rival
            self.quarantine = quarantine
            self.segment = segment
            self.pace = pace
        }

        private static func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(SettingError) {
            guard range.contains(value) else {
                throw SettingError(name, given: value, allowed: "\(range.lowerBound) to \(range.upperBound)")
            }
        }

        private static func check(_ name: String, _ value: Duration) throws(SettingError) {
            guard value >= .zero else { throw SettingError(name, given: value, allowed: "0s or more") }
        }
    }
}
