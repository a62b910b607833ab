public import Caching
public import EventSourcing
public import Timeline

/// Results of queries, to be used again until they are too old or what they depend on has changed.
///
/// - It is bounded, and drops what was used least recently; each result has its own time to live.
/// - ``invalidate(_:at:)`` drops all results with a tag. With a position only those that do not include the event at
///   that position yet.
/// - **No stale result is put.** Between a query's execution and its result lies time in which the data may change: who
///   executes one takes a ``Fill`` before, and hands it in with the result. If one of the result's tags was invalidated
///   in between, the result is not kept. Nor is it if the read model was behind an invalidation of one of its tags, as
///   the one of a lagging replica is, whenever it was asked.
///
/// Invalidations are remembered for as many tags as ``init(capacity:rememberedTags:)`` says. Of tags beyond that it is
/// assumed that they were invalidated when the last forgotten one was: a result may be refused without need, but never
/// kept wrongly.
public struct QueryCache<Value: Sendable>: Sendable {
    /// What it has done as a cache.
    public var statistics: CacheStatistics { entries.statistics }
    /// Results that were dropped since one of their tags was invalidated.
    public private(set) var invalidated = 0
    /// Results that were not kept since they were stale when they came.
    public private(set) var stalePuts = 0

    private var entries: LRUCache<Query, QueryResult<Value>>
    /// There is room for more pairs than memory can hold, so that no result is ever missing.
    private var index = KeysByTag<Query, String>(capacity: .max)
    private var marks: InvalidationMarks<String>

    /// The moment before a query is executed, as the invalidations count it.
    public struct Fill: Hashable, Sendable {
        let number: UInt64
    }

    /// Whether a result was kept.
    public enum Put: Hashable, Sendable {
        /// It was.
        case kept
        /// This tag was invalidated while the query was executed.
        case changedMeanwhile(tag: String)
        /// The read model had not come to the event by which this tag was last invalidated.
        case behind(tag: String)
        /// Everything was dropped while the query was executed.
        case clearedMeanwhile
    }

    /// An empty cache.
    /// - Parameters:
    ///   - capacity: how many results it holds; fewer than 0 count as 0.
    ///   - rememberedTags: for how many tags it remembers when they were last invalidated.
    public init(capacity: Int, rememberedTags: Int) {
        entries = LRUCache(capacity: capacity)
        marks = InvalidationMarks(capacity: rememberedTags)
    }

    /// How many results it holds.
    public var count: Int { entries.count }

    /// The result of a query, and how old it is; nil if there is none that can be used.
    public mutating func result(of query: Query, at now: Instant) -> (result: QueryResult<Value>, age: Duration)? {
        switch entries.get(query, at: now) {
        case .hit(let result, let age): return (result, age)
        case .expired:
            index.remove(query)
            return nil
        case .miss: return nil
        }
    }

    /// What to take before a query is executed.
    public func fill() -> Fill { Fill(number: marks.number) }

    /// Whether something was invalidated since a fill was taken.
    func hasChanged(since fill: Fill) -> Bool { marks.number > fill.number }

    /// Events are numbered as versions are.
    private static func version(_ position: Position) -> UInt64 { UInt64(clamping: position.number) }

    /// Why a result is stale; nil if it is not.
    mutating func staleness(of result: QueryResult<Value>, from fill: Fill) -> Put? {
        let version = result.position.map(Self.version)
        return marks.staleness(of: result.tags, since: fill.number, version: version).map { staleness in
            switch staleness {
            case .cleared: .clearedMeanwhile
            case .changed(let tag): .changedMeanwhile(tag: tag)
            case .behind(let tag): .behind(tag: tag)
            }
        }
    }

    /// Keeps a result, unless it is stale.
    public mutating func put(
        _ result: QueryResult<Value>, of query: Query, from fill: Fill, timeToLive: Duration, at now: Instant
    ) -> Put {
        if let staleness = staleness(of: result, from: fill) {
            stalePuts += 1
            return staleness
        }
        for evicted in entries.insert(query, result, life: timeToLive, at: now) where evicted.key != query {
            index.remove(evicted.key)
        }
        if entries.capacity > 0 { index.set(query, tags: result.tags) }
        return .kept
    }

    /// Something changed: drops all results with one of these tags, and those that come later and do not know of it.
    /// - Parameters:
    ///   - tags: what changed.
    ///   - position: the event that says so. Results that include it are kept. Nil if it is not known; then none is.
    /// - Returns: how many results were dropped.
    @discardableResult
    public mutating func invalidate(_ tags: [String], at position: Position? = nil) -> Int {
        guard !tags.isEmpty else { return 0 }
        marks.invalidate(tags, version: position.map(Self.version))
        var dropped = 0
        for tag in tags {
            for query in index.keys(with: tag) where !includes(position, query) {
                entries.remove(query)
                index.remove(query)
                dropped += 1
            }
        }
        invalidated += dropped
        return dropped
    }

    /// Whether the result of a query includes the event at a position; if either is not known, it may not.
    private func includes(_ position: Position?, _ query: Query) -> Bool {
        guard let position, let reached = entries.entry(for: query)?.value.position else { return false }
        return reached >= position
    }

    /// Drops everything, and what is on the way here too; returns how many results were dropped.
    @discardableResult
    public mutating func removeAll() -> Int {
        marks.invalidateAll()
        index = KeysByTag(capacity: .max)
        return entries.removeAll()
    }
}
