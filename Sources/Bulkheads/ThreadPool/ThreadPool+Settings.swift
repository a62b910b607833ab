public import Timeline

extension ThreadPool {
    /// How a pool is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// Threads that are started before any task waits, and kept when idle.
        public let core: Int
        /// The most threads there may be.
        public let maximum: Int
        /// How many tasks may wait; 0 for a direct hand-off.
        public let queue: Int
        /// How long a thread above the core size may be idle before it ends.
        public let keepAlive: Duration
        /// Whether core threads end too when keep-alive has passed, as with the JDK's `allowCoreThreadTimeOut`.
        public let coreTimesOut: Bool
        /// What happens to a task when all threads are busy and the queue is full.
        public let whenFull: RejectionPolicy
        /// Which of the waiting tasks a free thread takes.
        public let order: Order
        /// What happens to a task whose deadline is over before it starts.
        public let expired: ExpiredTasks
        /// A task that has waited for longer expires whatever its deadline; ``Duration/maximum`` for no limit.
        public let maximumWait: Duration

        /// A queue that never fills; then there are never more threads than the core size (one, if that is 0).
        public static let unbounded = Int.max

        /// Checks the settings.
        /// - Parameters:
        ///   - core: 0 or more.
        ///   - maximum: 1 or more, and not below `core`; the same as `core`, but at least 1, by default.
        ///   - queue: 0 or more; ``unbounded`` for no limit.
        ///   - keepAlive: zero or more; more than zero if core threads end too (JDK).
        ///   - coreTimesOut: whether core threads end too.
        ///   - whenFull: aborts by default, as the JDK does.
        ///   - order: first in, first out by default; ageing must be more than zero.
        ///   - expired: run by default, as a pool does that knows no deadlines.
        ///   - maximumWait: zero or more.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            core: Int, maximum: Int? = nil, queue: Int, keepAlive: Duration = .seconds(60), coreTimesOut: Bool = false,
            whenFull: RejectionPolicy = .abort, order: Order = .fifo, expired: ExpiredTasks = .run,
            maximumWait: Duration = .maximum
        ) throws(SettingError) {
            guard core >= 0 else { throw SettingError("core", given: core, allowed: "0 or more") }
            let least = max(core, 1)
            guard maximum ?? least >= least else {
                throw SettingError("maximum", given: maximum ?? least, allowed: "\(least) or more (core is \(core))")
            }
            guard queue >= 0 else { throw SettingError("queue", given: queue, allowed: "0 or more") }
            guard keepAlive >= .zero else {
                throw SettingError("keepAlive", given: keepAlive, allowed: "0s or more")
            }
            guard keepAlive > .zero || !coreTimesOut else {
                throw SettingError("keepAlive", given: keepAlive, allowed: "more than 0s (core threads time out)")
            }
            if case .priority(let ageing?) = order, ageing <= .zero {
                throw SettingError("ageing", given: ageing, allowed: "more than 0s")
            }
            guard maximumWait >= .zero else {
                throw SettingError("maximumWait", given: maximumWait, allowed: "0s or more")
            }
            self.core = core
            self.maximum = maximum ?? least
            self.queue = queue
            self.keepAlive = keepAlive
            self.coreTimesOut = coreTimesOut
            self.whenFull = whenFull
            self.order = order
            self.expired = expired
            self.maximumWait = maximumWait
        }
    }

    /// What happens to a task that finds all threads busy and the queue full: the JDK's four policies, except that
    /// whoever waits for a discarded task is always told.
    public enum RejectionPolicy: Hashable, Sendable, CaseIterable {
        /// It is turned away.
        case abort
        /// It runs in the thread of its caller, who can submit no more meanwhile.
        case callerRuns
        /// It is thrown away. The JDK says nothing, and resilience4j's future never completes.
        case discard
        /// The task that has waited longest is thrown away, and the new one waits. With priorities that is the
        /// oldest of the least important, and the new one is turned away if all that wait are more important; the
        /// JDK would throw away the task that is next.
        case discardOldest
    }

    /// What happens to a task whose deadline is over before it starts.
    public enum ExpiredTasks: Hashable, Sendable, CaseIterable {
        /// It runs all the same, for nobody perhaps: so does a pool that knows no deadlines.
        case run
        /// It does not run.
        case drop
    }
}
