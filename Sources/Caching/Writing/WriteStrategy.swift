/// How a write comes to the store and to the cache levels above it.
public enum WriteStrategy: Hashable, Sendable, CaseIterable {
    /// The store first, then every level gets the new value.
    case writeThrough
    /// A ``WriteBehindQueue`` first, then every level; the store later.
    case writeBehind
    /// The store first, then every level loses the key: for what is written more often than read.
    case writeAround
}

/// What a caller may rely on when a write is answered.
public enum ConsistencyLevel: Hashable, Sendable, CaseIterable {
    /// The first step is done: the store has the write, or the queue. A level may still answer with the older value.
    case eventual
    /// The levels are done too: no level of this cache answers with an older value.
    case readYourWrites
    /// All is done: the store has the write as well, also behind a queue. The same as ``readYourWrites`` where the
    /// store comes first.
    case strong
}

/// What a write does to one level.
public enum LevelChange: Hashable, Sendable {
    /// The level takes the new value in.
    case update
    /// The level loses the key: it does not take such a value, too heavy or too cold for it, or there is none.
    case invalidate
}

/// One step of a write.
public enum WriteStep: Hashable, Sendable {
    /// The store makes the write.
    case store
    /// The ``WriteBehindQueue`` takes the write in. A full or closed queue is a step that was rejected.
    case enqueue
    /// A level is changed; levels are counted from the nearest, 0.
    case level(Int, LevelChange)
    /// The queue has the write settled. It fails if the write failed for good; if a later one superseded it, it is done.
    case awaitFlush
}

/// The steps of a write, in the order in which they are taken.
///
/// **First the store, or the queue**: if it does not take the write, no reader has seen the value.
///
/// **Then every level that is there, the lowest first.** None is left out, else an older value above is found before the
/// newer one below. From the top down, a reader between two steps who misses above would find the older value below,
/// and carry it back up over the change. From the bottom up, what can still be promoted is the new value, and nobody
/// who has read that reads the older one again.
public struct WritePlan: Hashable, Sendable {
    /// The steps, at least one.
    public let steps: [WriteStep]
    /// After how many of them the write may be answered.
    public let stepsBeforeAnswer: Int

    /// The plan of one write.
    /// - Parameters:
    ///   - strategy: how the write comes to the store.
    ///   - consistency: what its answer means.
    ///   - isDelete: whether the key has no value afterwards; no level is updated then.
    ///   - levels: what each level does with a new value, the nearest level first.
    public init(
        _ strategy: WriteStrategy, _ consistency: ConsistencyLevel, isDelete: Bool, levels: [LevelChange]
    ) {
        var steps: [WriteStep] = [strategy == .writeBehind ? .enqueue : .store]
        for (level, change) in levels.enumerated().reversed() {
            steps.append(.level(level, isDelete || strategy == .writeAround ? .invalidate : change))
        }
        if strategy == .writeBehind, consistency == .strong { steps.append(.awaitFlush) }
        self.steps = steps
        stepsBeforeAnswer = consistency == .eventual ? 1 : steps.count
    }
}
