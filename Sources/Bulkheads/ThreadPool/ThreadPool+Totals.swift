extension ThreadPool {
    /// Counts since the start.
    ///
    /// At every moment `submitted` = `started` + `rejected` + `withdrawn` + the tasks in the queue, and
    /// `started` = `completed` + the tasks that run.
    public struct Totals: Hashable, Sendable {
        /// Tasks handed in.
        public internal(set) var submitted = 0
        /// Tasks that began to run.
        public internal(set) var started = 0
        /// Tasks that ended.
        public internal(set) var completed = 0
        /// Tasks turned away.
        public internal(set) var rejected = 0
        /// Tasks taken out of the queue before they ran.
        public internal(set) var withdrawn = 0
        /// The most threads there ever were at once.
        public internal(set) var largestSize = 0
    }
}
