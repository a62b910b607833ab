extension ProjectionRun {
    /// Counts since the first start.
    public struct Totals: Hashable, Sendable {
        /// Lives that were begun.
        public internal(set) var starts = 0
        /// Times that the checkpoint was loaded again within a life.
        public internal(set) var loads = 0
        /// Pages that were taken in.
        public internal(set) var pages = 0
        /// Batches that were committed, those without events included.
        public internal(set) var batches = 0
        /// Events that the read model took in.
        public internal(set) var applied = 0
        /// Events that were left out.
        public internal(set) var skipped = 0
        /// Events that were set aside as the first of their sequence.
        public internal(set) var quarantined = 0
        /// Events that were set aside behind others.
        public internal(set) var setAside = 0
        /// Events that were set aside and then taken in after all.
        public internal(set) var replayed = 0
        /// Events that were set aside and failed again.
        public internal(set) var replayFailures = 0
        /// Failures of events.
        public internal(set) var eventFailures = 0
        /// Reads that failed.
        public internal(set) var readFailures = 0
        /// Commits that failed, or were not answered.
        public internal(set) var commitFailures = 0
        /// Commits that had taken place although their answer was lost.
        public internal(set) var lostAnswers = 0
        /// Times that somebody else had moved the checkpoint.
        public internal(set) var rivals = 0
        /// Answers to what was not asked, or not any more.
        public internal(set) var lateAnswers = 0

        mutating func count(_ treatment: Treatment) {
            switch treatment {
            case .apply: applied += 1
            case .skip: skipped += 1
            case .quarantine: quarantined += 1
            case .setAside: setAside += 1
            }
        }
    }
}
