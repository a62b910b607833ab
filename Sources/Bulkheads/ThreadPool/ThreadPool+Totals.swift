public import Timeline

extension ThreadPool {
    /// Counts since the start.
    ///
    /// At every moment `submitted` = `started` + `ranByCaller` + `rejected` + `withdrawn` + the tasks in the queue,
    /// and `started` = `completed` + the tasks that run.
    public struct Totals: Hashable, Sendable {
        /// Tasks handed in.
        public internal(set) var submitted = 0
        /// Tasks that began to run on a thread of the pool.
        public internal(set) var started = 0
        /// Tasks that ended on a thread of the pool, however.
        public internal(set) var completed = 0
        /// Of these, how many ended with an error.
        public internal(set) var failed = 0
        /// Of these, how many ended when nobody waited for them any more.
        public internal(set) var forNobody = 0
        /// Tasks that their callers ran, since the pool was full.
        public internal(set) var ranByCaller = 0
        /// Tasks turned away since the pool was full.
        public internal(set) var full = 0
        /// Tasks turned away since the pool was shut down.
        public internal(set) var shutDown = 0
        /// Tasks thrown away, the new or the oldest, since the pool was full.
        public internal(set) var discarded = 0
        /// Tasks that did not run since it was too late for them.
        public internal(set) var expired = 0
        /// Tasks taken out of the queue before they ran, one by one or with all others.
        public internal(set) var withdrawn = 0
        /// The most threads there ever were at once.
        public internal(set) var largestSize = 0
        /// How long the tasks that started had waited, together; those that ran at once count zero.
        public internal(set) var waited = Duration.zero
        /// The longest that a task had waited that started.
        public internal(set) var longestWait = Duration.zero
        /// How long the tasks ran, together, of which it was told when they started.
        public internal(set) var ran = Duration.zero
        /// The longest of these.
        public internal(set) var longestRun = Duration.zero
        /// The time of all active threads together, until the latest call.
        public internal(set) var busy = Duration.zero
        /// The time of all idle threads together, until the latest call.
        public internal(set) var idle = Duration.zero

        /// Tasks that the pool did not run, whatever the reason.
        public var rejected: Int { full + shutDown + discarded + expired }

        /// The share of the threads' time that was busy; nil before any has passed.
        public var utilisation: Double? {
            let (busy, idle) = (Double(busy.nanoseconds), Double(idle.nanoseconds))
            return busy + idle > 0 ? busy / (busy + idle) : nil
        }

        @inline(__always)
        mutating func count(_ outcome: Outcome, ran length: Duration?) {
            completed += 1
            switch outcome {
            case .success: break
            case .failure: failed += 1
            case .forNobody: forNobody += 1
            }
            guard let length else { return }
            ran = ran + length
            longestRun = max(longestRun, length)
        }
    }
}
