public import Caching
public import Timeline

/// What became of the queries of one type since the start.
///
/// At every moment `asked` = `answered` + `rejected` + `failed` + `withdrawn` + `waiting`.
public struct QueryMetrics: Hashable, Sendable {
    /// Queries that were asked.
    public internal(set) var asked = 0
    /// Callers that got an answer.
    public internal(set) var answered = 0
    /// Callers that were refused.
    public internal(set) var rejected = 0
    /// Callers that were told of a failure.
    public internal(set) var failed = 0
    /// Callers that no longer waited.
    public internal(set) var withdrawn = 0

    /// Valid queries that were answered by a result from before.
    public internal(set) var hits = 0
    /// Valid queries for which there was none, nor an execution to join.
    public internal(set) var misses = 0
    /// Valid queries that joined an execution.
    public internal(set) var coalesced = 0
    /// Executions that were begun; those of a query to all shards count once.
    public internal(set) var executions = 0
    /// Answers in which something is missing.
    public internal(set) var incomplete = 0
    /// Results that were stale when they came, and were not kept.
    public internal(set) var stalePuts = 0
    /// Totals that were less than what was known to be there.
    public internal(set) var totalsCorrected = 0
    /// How long callers waited for their answers, together.
    public internal(set) var duration = Duration.zero

    /// Callers that wait now.
    public internal(set) var waiting = 0

    /// The share of valid queries whose answer was used before, 0 to 1; nil before the first of a type with a cache.
    public var hitRatio: Double? {
        let lookups = hits + misses + coalesced
        return lookups == 0 ? nil : Double(hits) / Double(lookups)
    }
}

extension QueryBus {
    /// The registered types, in the order of their registration.
    public var registeredTypes: [QueryType] { types.map(\.type) }

    /// What became of the queries of a type; nil if it is not registered. The cost grows with the queries under way.
    public func metrics(of type: String) -> QueryMetrics? {
        guard let index = typeOf[type] else { return nil }
        var metrics = types[index].metrics
        for task in tasks {
            switch task {
            case .validating(_, _, index): metrics.waiting += 1
            case .flight(let flight) where flight.type == index: metrics.waiting += flight.callers.count
            default: continue
            }
        }
        return metrics
    }

    /// How many results the cache holds.
    public var cachedResults: Int { cache.count }

    /// What the cache has done.
    public var cacheStatistics: CacheStatistics { cache.statistics }

    /// Results that were dropped since something had changed.
    public var invalidatedResults: Int { cache.invalidated }
}
