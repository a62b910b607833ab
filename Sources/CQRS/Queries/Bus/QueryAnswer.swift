public import EventSourcing
public import Resilience
public import Timeline

/// The answer to a query, as its caller gets it.
public struct QueryResponse<Value: Sendable>: Sendable {
    /// What the query asked for.
    public let value: Value
    /// Up to which event the read model had come; nil if it did not know.
    public let position: Position?
    /// How old the answer is: zero unless it was used before.
    public let age: Duration
    /// How many items there are on all pages; nil if the answer has no pages.
    public let total: PageTotal?
    /// Where the next page begins; nil if none follows.
    public let nextPage: String?
    /// The shards that did not answer; what they hold is missing.
    public let missing: [String]
}

extension QueryResponse: Equatable where Value: Equatable {}

/// Why a query is not executed, or was refused by whoever executes it.
public enum QueryRejection: Error, Hashable, Sendable {
    /// Nobody answers queries of this type; those of the registered types can be answered, in order of their names.
    case noHandler(type: String, registered: [String])
    /// It is not valid: what its validation, or its handler, says.
    case invalid(String)
    /// Its answer has pages, and it does not ask for one.
    case pageNeeded(limit: Int)
    /// Its answer has no pages.
    case noPages
    /// A page cannot have this size.
    case pageSize(Int, limit: Int)
    /// Its page token cannot be used.
    case pageToken(PageTokenError)
    /// It is answered by one shard, and has no key that decides by which.
    case keyNeeded
    /// So many queries are being executed, which is the limit.
    case busy(limit: Int)
}

extension QueryRejection: CustomStringConvertible {
    /// One line for whoever asks.
    public var description: String {
        switch self {
        case .noHandler(let type, let registered):
            "no handler for \(type); registered are \(registered.isEmpty ? "none" : registered.joined(separator: ", "))"
        case .invalid(let reason): "invalid: \(reason)"
        case .pageNeeded(let limit): "it needs a page size of 1 to \(limit)"
        case .noPages: "its answer has no pages"
        case .pageSize(let size, let limit): "page size \(size) is out of range; allowed: 1 to \(limit)"
        case .pageToken(let error): "\(error)"
        case .keyNeeded: "it needs a key, which decides on its shard"
        case .busy(let limit): "\(limit) queries are being executed, which is the limit"
        }
    }
}

/// Why a query that should be answered was not.
public enum QueryFailure: Error, Hashable, Sendable {
    /// Whoever executed it failed.
    case fault(FailureKind, detail: String = "")
    /// The breaker of its shard is open; nil if nobody knows for how long.
    case circuitOpen(shard: String, retryAfter: Duration?)
    /// There is no shard that could answer it.
    case noShard
    /// These shards did not answer, which are too many.
    case incomplete(missing: [String])
}

extension QueryFailure: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .fault(let kind, let detail): detail.isEmpty ? "\(kind)" : "\(kind): \(detail)"
        case .circuitOpen(let shard, nil): "the circuit breaker of shard \(shard) is open"
        case .circuitOpen(let shard, let wait?): "the circuit breaker of shard \(shard) is open for \(wait)"
        case .noShard: "there is no shard that could answer"
        case .incomplete(let missing): "no answer from \(missing.joined(separator: ", "))"
        }
    }
}
