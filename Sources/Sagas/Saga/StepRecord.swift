internal import Timeline

extension Saga {
    /// What is known about one step; 24 bytes, since every saga has sixteen of them.
    struct StepRecord: Sendable {
        /// When it was called for the first time; once it is done, what it returned.
        var word: Int64 = 0
        /// When its present attempt began, or when it began to wait for the next one.
        var since = Instant.zero
        /// How long it waits for its next attempt, in microseconds; while it is called, how long it waited for this one.
        private var waitInMicroseconds: UInt32 = 0
        /// The attempts of its call, or once the saga turned back and came to it, of its undo.
        private(set) var attempts: UInt16 = 0
        /// How many failures of its undo count against the policy.
        private(set) var failures: UInt8 = 0
        private var bits = StepStatus.pending.rawValue

        /// What has become of it.
        var status: StepStatus {
            get { StepStatus(rawValue: bits & 15) ?? .pending }
            set { bits = bits & ~15 | newValue.rawValue }
        }

        /// Whether this has become of it; to compare the bits is quicker than to ask for the status.
        func stands(_ status: StepStatus) -> Bool { bits & 15 == status.rawValue }

        /// What is true of it besides.
        struct Marks: OptionSet {
            let rawValue: UInt8
            /// Some attempt had, or has, an unknown outcome.
            static let mayHaveHappened = Marks(rawValue: 16)
            /// Its undo is on the stack, or was.
            static let undoRegistered = Marks(rawValue: 32)
            /// The word is what it returned.
            static let hasResult = Marks(rawValue: 64)
            /// It was done by the saga that this one runs again.
            static let isAdopted = Marks(rawValue: 128)
        }

        func has(_ mark: Marks) -> Bool { bits & mark.rawValue != 0 }

        mutating func mark(_ marks: Marks) { bits |= marks.rawValue }

        mutating func unmark(_ marks: Marks) { bits &= ~marks.rawValue }

        /// When it is called again, if it waits for that.
        var wakesAt: Instant { since + wait }

        /// See ``waitInMicroseconds``.
        var wait: Duration { .microseconds(Int64(waitInMicroseconds)) }

        /// An attempt begins.
        mutating func begin(attempt: UInt16, _ status: StepStatus, at now: Instant) {
            if attempt == 1, status == .calling { word = now.nanoseconds }
            if attempt == 1 { (failures, waitInMicroseconds) = (0, 0) }
            (attempts, since) = (attempt, now)
            self.status = status
        }

        /// It waits before the next attempt.
        mutating func backOff(until next: Instant, _ status: StepStatus, at now: Instant) {
            waitInMicroseconds = UInt32(clamping: (next - now).nanoseconds / 1_000)
            since = now
            self.status = status
        }

        /// An attempt of its undo has failed that counts.
        mutating func countFailure() { failures += failures < .max ? 1 : 0 }

        /// What comes next is as good as the first time.
        mutating func forgetFailures() { failures = 0 }

        /// It is done, with this result.
        mutating func keep(_ result: SagaValue?) {
            guard let result else { return }
            word = result.word
            mark(.hasResult)
        }
    }
}

extension Saga {
    /// The longest wait between two attempts: all that fits in 32 bits of microseconds, 71 minutes.
    static let longestWait = Duration.microseconds(Int64(UInt32.max))

    /// A wait in whole microseconds, and of such a length as a record can keep.
    static func whole(_ wait: Duration) -> Duration {
        let wait = min(max(.zero, wait), longestWait)
        return .microseconds(wait.nanoseconds / 1_000 + (wait.nanoseconds % 1_000 == 0 ? 0 : 1))
    }
}
