public import Timeline

extension DeadLetterQueue {
    /// How a queue is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How many sequences can be parked.
        public let sequences: Int
        /// How many letters of one sequence can be parked.
        public let sequenceLength: Int
        /// How long an attempt at a letter may take before another one may begin.
        public let attemptTime: Duration

        /// Axon's: 1024 sequences of 1024 letters, and 30 s for an attempt.
        public static let standard = Settings()

        private init() {
            (sequences, sequenceLength, attemptTime) = (1024, 1024, .seconds(30))
        }

        /// Checks the settings.
        /// - Parameters:
        ///   - sequences: 1 to 1 000 000.
        ///   - sequenceLength: 1 to 1 000 000.
        ///   - attemptTime: more than zero.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            sequences: Int = 1024, sequenceLength: Int = 1024, attemptTime: Duration = .seconds(30)
        ) throws(SettingError) {
            guard (1...1_000_000).contains(sequences) else {
                throw SettingError("sequences", given: sequences, allowed: "1 to 1000000")
            }
            guard (1...1_000_000).contains(sequenceLength) else {
                throw SettingError("sequenceLength", given: sequenceLength, allowed: "1 to 1000000")
            }
            guard attemptTime > .zero else {
                throw SettingError("attemptTime", given: attemptTime, allowed: "more than 0s")
            }
            self.sequences = sequences
            self.sequenceLength = sequenceLength
            self.attemptTime = attemptTime
        }
    }

    /// Why something could not be parked.
    public enum Refusal: Hashable, Sendable {
        /// As many sequences are parked as may be.
        case tooManySequences(Int)
        /// As many of this sequence are parked as may be.
        case sequenceTooLong(String, Int)
    }

    /// Counts since the start.
    ///
    /// At every moment `parked` = `handled` + `evicted` + `released` + the letters that there are.
    public struct Totals: Hashable, Sendable {
        /// Letters that were parked.
        public internal(set) var parked = 0
        /// How often something could not be parked.
        public internal(set) var refused = 0
        /// Attempts at letters.
        public internal(set) var attempts = 0
        /// Letters that were handled in the end.
        public internal(set) var handled = 0
        /// Attempts that failed.
        public internal(set) var failed = 0
        /// Letters that somebody took out without handling them.
        public internal(set) var evicted = 0
        /// Letters that had only been held back, and went back to where they came from.
        public internal(set) var released = 0
    }
}

extension DeadLetterQueue.Refusal: CustomStringConvertible {
    /// One line, with what to do.
    public var description: String {
        switch self {
        case .tooManySequences(let limit):
            "\(limit) sequences are parked, which is the limit; replay or evict some"
        case .sequenceTooLong(let sequence, let limit):
            "\(limit) letters of \(sequence) are parked, which is the limit; replay or evict them"
        }
    }
}
