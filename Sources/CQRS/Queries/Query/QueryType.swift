public import Timeline

/// How queries of one type are answered.
public struct QueryType: Hashable, Sendable {
    /// What such a query is called: `GetOrder`.
    public let name: String
    /// Who answers it, for messages and for the eye.
    public let handler: String
    /// The most items that a page may have; nil if the answer has no pages.
    public let pageLimit: Int?
    /// How long a result may be used again; nil for not at all: each query is executed, and none shares its execution.
    public let timeToLive: Duration?
    /// Where it is answered.
    public let reach: Reach

    /// Where a query is answered.
    public enum Reach: Hashable, Sendable {
        /// In the process.
        case local
        /// By the shard of its key.
        case shard
        /// By all shards, whose parts are merged.
        case allShards(Incomplete)
    }

    /// What becomes of a query to all shards if some do not answer.
    public enum Incomplete: Hashable, Sendable {
        /// It fails as soon as one does not.
        case fails
        /// It is answered if at least so many do, and the answer names those that do not.
        case isAnswered(from: Int)
    }

    /// Checks the settings of a type.
    /// - Parameters:
    ///   - name: 1 to 250 bytes without control characters.
    ///   - handler: the same.
    ///   - pageLimit: 1 to 10 000, or nil for no pages, which is the default. The guide's limit is 100.
    ///   - timeToLive: more than zero, or nil for no caching, which is the default.
    ///   - reach: local by default; an answer needs at least one shard.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        _ name: String, handledBy handler: String, pageLimit: Int? = nil, timeToLive: Duration? = nil,
        reach: Reach = .local
    ) throws(SettingError) {
        guard CommandEnvelope.isName(name) else { throw CommandEnvelope.nameError("name", name) }
        guard CommandEnvelope.isName(handler) else { throw CommandEnvelope.nameError("handler", handler) }
        if let pageLimit, !(1...10_000).contains(pageLimit) {
            throw SettingError("pageLimit", given: pageLimit, allowed: "1 to 10000")
        }
        if let timeToLive, timeToLive <= .zero {
            throw SettingError("timeToLive", given: timeToLive, allowed: "more than 0s")
        }
        if case .allShards(.isAnswered(let least)) = reach, least < 1 {
            throw SettingError("reach.isAnswered", given: least, allowed: "1 or more")
        }
        self.name = name
        self.handler = handler
        self.pageLimit = pageLimit
        self.timeToLive = timeToLive
        self.reach = reach
    }
}

/// A type of queries that is registered already, with another handler or other settings.
public struct QueryRegistrationError: Error, Hashable, Sendable {
    /// The type.
    public let type: String
    /// Who answers it.
    public let handler: String
    /// Who was to answer it too.
    public let second: String
}

extension QueryRegistrationError: CustomStringConvertible {
    /// One line.
    public var description: String {
        handler == second
            ? "\(type) is registered already, with other settings"
            : "\(type) is answered by \(handler) already; \(second) cannot answer it too"
    }
}
