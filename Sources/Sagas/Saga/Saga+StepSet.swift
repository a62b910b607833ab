extension Saga {
    /// Some of the steps of a saga, by position.
    public struct StepSet: Hashable, Sendable {
        private var bits: UInt16 = 0

        /// These steps; positions that no saga has are left out.
        public init(_ steps: some Sequence<Int> = EmptyCollection<Int>()) {
            for step in steps { insert(step) }
        }

        /// Whether the step is one of them.
        public func contains(_ step: Int) -> Bool {
            (0..<SagaDefinition.maximumSteps).contains(step) && bits & (1 << step) != 0
        }

        /// Puts a step in; a position that no saga has is left out.
        public mutating func insert(_ step: Int) {
            if (0..<SagaDefinition.maximumSteps).contains(step) { bits |= 1 << step }
        }

        /// Takes a step out.
        public mutating func remove(_ step: Int) {
            if (0..<SagaDefinition.maximumSteps).contains(step) { bits &= ~(1 << step) }
        }

        /// How many they are.
        public var count: Int { bits.nonzeroBitCount }

        /// Whether there are none.
        public var isEmpty: Bool { bits == 0 }

        /// Their positions, the lowest first.
        public var steps: [Int] { (0..<SagaDefinition.maximumSteps).filter(contains) }
    }
}
