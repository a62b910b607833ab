public import EventSourcing
public import Timeline

/// A query bus: from a query that somebody asks to the read model, or to a result that is still good.
///
/// ```
/// ask ─▶ page ─▶ validation ─▶ cached? ─▶ under way? ─▶ shard, replica, breaker ─▶ handler ─▶ cache ─▶ answer
/// ```
///
/// The bus runs nobody's code: each step says what is to be run, and a reply brings the next steps. Whoever drives it
/// calls ``ask(_:from:at:)`` and then ``resume(_:with:at:)`` with the ticket of each step, exactly once; whoever gives
/// up on a step, for it takes too long, replies that it failed.
///
/// - **Results are used again** for as long as their type says, until something that they are tagged with changes: see
///   ``QueryCache``, which also keeps what is stale from coming in. Failures and incomplete answers are never kept.
/// - **Equal queries share one execution** while it is under way, if their type's results may be used again at all.
///   Nobody who asks after a change gets the answer of an execution that had begun before it. A read model that lags
///   may still not know of the change; how far it had come is said in ``QueryResponse/position``.
/// - **A shard that fails** stops its own queries only: each has its own breaker.
/// - **Totals are honest**: never less than what is known to be there; see ``PageTotal``.
public struct QueryBus<Value: Sendable>: Sendable {
    /// How it is set.
    public let settings: QueryBusSettings
    /// Where queries go.
    public internal(set) var shards: QueryShards
    /// Queries that were asked and that nobody answers.
    public internal(set) var unrouted = 0
    /// Replies that came too late to matter.
    public internal(set) var lateReplies = 0

    var cache: QueryCache<Value>
    var types: [Registered] = []
    var typeOf: [String: Int] = [:]
    var tasks: [Task?] = []
    var turns: [UInt32] = []
    var freeSlots: [UInt32] = []
    /// The execution that callers of a query can join.
    var flights: [Query: UInt32] = [:]

    /// A type with what became of its queries.
    struct Registered: Sendable {
        let type: QueryType
        var metrics = QueryMetrics()
    }

    /// A bus without any registered type, shard or result.
    public init(_ settings: QueryBusSettings) {
        self.settings = settings
        shards = QueryShards(settings.shards)
        cache = QueryCache(capacity: settings.cacheCapacity, rememberedTags: settings.rememberedTags)
    }

    /// Registers a type of queries. The same type once more, with the same handler and settings, changes nothing.
    /// - Throws: if another handler or other settings are registered for it.
    public mutating func register(_ type: QueryType) throws(QueryRegistrationError) {
        if let index = typeOf[type.name] {
            let first = types[index].type
            if first == type { return }
            throw QueryRegistrationError(type: type.name, handler: first.handler, second: type.handler)
        }
        typeOf[type.name] = types.count
        types.append(Registered(type: type))
    }

    /// Adds a shard; see ``QueryShards/add(_:replicas:at:)``.
    /// - Throws: a ``SettingError`` for a name that is taken or a number of replicas out of its range.
    public mutating func addShard(_ name: String, replicas: Int = 1, at now: Instant) throws(SettingError) {
        try shards.add(name, replicas: replicas, at: now)
    }

    /// Removes a shard; what it still answers is used, and counted nowhere. False if there is none of that name.
    public mutating func removeShard(_ name: String) -> Bool { shards.remove(name) }

    /// Something changed: results that depend on it are not used any more. Returns how many were dropped.
    /// - Parameters:
    ///   - tags: what changed.
    ///   - position: the event that says so; see ``QueryCache/invalidate(_:at:)``.
    @discardableResult
    public mutating func invalidate(_ tags: [String], at position: Position? = nil) -> Int {
        cache.invalidate(tags, at: position)
    }

    /// No result is used any more, nor one that is on the way. Returns how many were dropped.
    @discardableResult
    public mutating func invalidateAll() -> Int { cache.removeAll() }
}
