/// Writes of several keys that take their steps together, as far as they can; each key has an answer of its own.
public struct BatchWriteRun<Key: CacheKey>: Sendable {
    /// One of the writes.
    public struct Entry: Sendable {
        /// What is written.
        public let key: Key
        /// How far it has come.
        public internal(set) var run: WriteRun
    }

    /// A step that several keys take at once.
    public struct Step: Hashable, Sendable {
        /// What is done.
        public let step: WriteStep
        /// For which keys, in the order of the batch.
        public let keys: [Key]
    }

    /// The writes, in the order in which they were given; a key that was given twice is written twice, in this order.
    public private(set) var writes: [Entry]

    /// Writes of which no step is taken yet.
    public init(_ writes: [(key: Key, plan: WritePlan)]) {
        self.writes = writes.map { Entry(key: $0.key, run: WriteRun($0.plan)) }
    }

    /// The step to take now, for all keys that have come to it; nil if nothing is left to do. Those that have come least
    /// far go first, so that whoever fell behind joins the others again.
    public var next: Step? {
        together.map { step, places in Step(step: step, keys: places.map { writes[$0].key }) }
    }

    /// Takes in what became of ``next``, for each of its keys; nothing happens if there is none.
    public mutating func finish(_ outcome: BatchOutcome) {
        guard let (_, places) = together else { return }
        for (index, place) in places.enumerated() {
            writes[place].run.finish(outcome.failure(at: index).map { .failed($0) } ?? .done)
        }
    }

    private var together: (WriteStep, [Int])? {
        let unfinished = writes.indices.filter { writes[$0].run.next != nil }
        guard let last = unfinished.min(by: { writes[$0].run.stepsTaken < writes[$1].run.stepsTaken }),
            let step = writes[last].run.next
        else { return nil }
        return (step, unfinished.filter { writes[$0].run.next == step })
    }
}
