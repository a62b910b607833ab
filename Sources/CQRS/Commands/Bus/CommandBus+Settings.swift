public import Timeline

extension CommandBus {
    /// How a bus is set; every value has been checked, together with the others.
    public struct Settings: Hashable, Sendable {
        /// The middleware that every command passes, by name, from outside in.
        public let middleware: [String]
        /// The queues.
        public let queues: [QueueSettings]
        /// Of how many commands the answer is remembered, those that were asked for last.
        public let rememberedAnswers: Int
        /// How long.
        public let rememberedFor: Duration
        /// How many commands can be validated and executed for their senders at once.
        public let concurrency: Int

        /// Checks the settings.
        /// - Parameters:
        ///   - middleware: none by default; names that are all different.
        ///   - queues: none by default; their names are all different.
        ///   - rememberedAnswers: 0 or more; 100 000 by default.
        ///   - rememberedFor: zero or more; 24 h by default, as Stripe keeps idempotency keys.
        ///   - concurrency: 1 or more; 10 000 by default.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            middleware: [String] = [], queues: [QueueSettings] = [], rememberedAnswers: Int = 100_000,
            rememberedFor: Duration = .minutes(24 * 60), concurrency: Int = 10_000
        ) throws(SettingError) {
            if let twice = Self.twice(middleware) {
                throw SettingError("middleware", given: "\(twice) twice", allowed: "different names")
            }
            if let twice = Self.twice(queues.map(\.name)) {
                throw SettingError("queues", given: "\(twice) twice", allowed: "different names")
            }
            guard rememberedAnswers >= 0 else {
                throw SettingError("rememberedAnswers", given: rememberedAnswers, allowed: "0 or more")
            }
            guard rememberedFor >= .zero else {
                throw SettingError("rememberedFor", given: rememberedFor, allowed: "0s or more")
            }
            guard (1...1_000_000_000).contains(concurrency) else {
                throw SettingError("concurrency", given: concurrency, allowed: "1 to 1000000000")
            }
            self.middleware = middleware
            self.queues = queues
            self.rememberedAnswers = rememberedAnswers
            self.rememberedFor = rememberedFor
            self.concurrency = concurrency
        }

        private static func twice(_ names: [String]) -> String? {
            names.indices.first { names[..<$0].contains(names[$0]) }.map { names[$0] }
        }
    }

    /// How a queue of a bus is set; every value has been checked.
    public struct QueueSettings: Hashable, Sendable {
        /// What it is called.
        public let name: String
        /// How much it holds, and how long a worker may go unheard.
        public let queue: SequencedQueue.Settings
        /// How much can be parked.
        public let deadLetters: DeadLetterQueue.Settings
        /// How many workers may vanish with one command; with the next, it becomes a dead letter.
        public let vanishedWorkers: Int
        /// How long a command that failed for good and cannot become a dead letter waits until it is tried again.
        public let fullWait: Duration

        /// Checks the settings.
        /// - Parameters:
        ///   - name: 1 to 250 bytes without control characters.
        ///   - queue: the queue's own settings.
        ///   - deadLetters: those of its dead letters; Axon's by default.
        ///   - vanishedWorkers: 0 or more. 9 by default, which makes 10 deliveries, as SQS's redrive policy has it.
        ///   - fullWait: more than zero; 30 s by default.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            _ name: String, queue: SequencedQueue.Settings, deadLetters: DeadLetterQueue.Settings = .standard,
            vanishedWorkers: Int = 9, fullWait: Duration = .seconds(30)
        ) throws(SettingError) {
            guard CommandEnvelope.isName(name) else { throw CommandEnvelope.nameError("name", name) }
            guard vanishedWorkers >= 0 else {
                throw SettingError("vanishedWorkers", given: vanishedWorkers, allowed: "0 or more")
            }
            guard fullWait > .zero else {
                throw SettingError("fullWait", given: fullWait, allowed: "more than 0s")
            }
            self.name = name
            self.queue = queue
            self.deadLetters = deadLetters
            self.vanishedWorkers = vanishedWorkers
            self.fullWait = fullWait
        }
    }
}
