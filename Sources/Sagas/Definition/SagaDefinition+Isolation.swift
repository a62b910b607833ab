extension SagaDefinition {
    /// How a saga is kept from seeing what another one has only half done.
    ///
    /// A saga has no isolation of its own: its steps are visible to others as soon as each is done (Garcia-Molina and
    /// Salem, 1987). Of the countermeasures (Frank and Zahle, 1998; Richardson, *Microservices Patterns*), this setting
    /// is the semantic lock, and with its threshold *by value*. The others are said elsewhere:
    /// *reread value* by a parameter with the version that an earlier step returned, and a failure that is not
    /// retryable where it has changed; *pessimistic view* by the order of the steps; the *version file* by an undo that
    /// is registered before its call and leaves a mark (``Saga/IdempotencyKey``); *commutative updates* by the services.
    public enum Isolation: Hashable, Sendable {
        /// Nothing: others see what the saga has done so far.
        case none
        /// The saga holds a lock from before its first step until it ends.
        case semanticLock(SemanticLock)
    }

    /// What a saga locks.
    public struct SemanticLock: Hashable, Sendable {
        /// The field of the saga's data that names what is locked: an order, an item.
        public var field: String
        /// What a saga does that finds it locked.
        public var whenTaken: WhenTaken
        /// Which sagas bother; nil for all.
        public var threshold: Threshold?

        /// What a saga does that finds its lock taken.
        public enum WhenTaken: Hashable, Sendable {
            /// It waits until it is its turn, in order of arrival.
            case waits
            /// It ends before its first step.
            case givesUp
        }

        /// Only what is worth at least so much is locked.
        public struct Threshold: Hashable, Sendable {
            /// The field with what it is worth.
            public var field: String
            /// The least value that is locked.
            public var least: SagaValue

            /// A threshold; the field and the least value are of one kind.
            public init(field: String, least: SagaValue) {
                self.field = field
                self.least = least
            }
        }

        /// A lock.
        /// - Parameters:
        ///   - field: a field of the saga's data.
        ///   - whenTaken: to wait by default.
        ///   - threshold: nil by default.
        public init(on field: String, whenTaken: WhenTaken = .waits, threshold: Threshold? = nil) {
            self.field = field
            self.whenTaken = whenTaken
            self.threshold = threshold
        }
    }
}
