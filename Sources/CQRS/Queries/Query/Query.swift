public import Caching
public import Timeline

/// A question to a read model.
///
/// Two equal queries have the same answer at the same moment; by that they share a cached result, and one execution.
public struct Query: CacheKey {
    /// One thing that the query asks by.
    public struct Criterion: Hashable, Sendable {
        /// What it is about: `status`.
        public let name: String
        /// What is wanted: `shipped`.
        public let value: String
    }

    /// What kind of query it is: `GetCustomerOrders`.
    public let type: String
    /// What it is about, which decides on its shard: `customer-7`. Nil for a query about everything.
    public let key: String?
    /// What else it asks by, in the order of the names.
    public let criteria: [Criterion]
    /// Which page of the answer is wanted; nil for all of it.
    public let page: PageRequest?
    /// What all pages of one query have in common, and no other query has but by chance.
    public let fingerprint: UInt64

    /// Checks a query.
    /// - Parameters:
    ///   - type: 1 to 250 bytes without control characters.
    ///   - key: what it is about.
    ///   - criteria: what else it asks by, values by their names.
    ///   - page: which page is wanted.
    /// - Throws: a ``SettingError`` for a type out of its range.
    public init(
        _ type: String, key: String? = nil, criteria: [String: String] = [:], page: PageRequest? = nil
    ) throws(SettingError) {
        guard CommandEnvelope.isName(type) else { throw CommandEnvelope.nameError("type", type) }
        self.type = type
        self.key = key
        self.criteria = criteria.map { Criterion(name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
        self.page = page
        fingerprint = Self.fingerprint(type, key, self.criteria)
    }

    private static func fingerprint(_ type: String, _ key: String?, _ criteria: [Criterion]) -> UInt64 {
        var digest = Digest()
        digest.mix(text: type)
        digest.mix(key == nil ? 0 : 1)
        digest.mix(text: key ?? "")
        for criterion in criteria {
            digest.mix(text: criterion.name)
            digest.mix(text: criterion.value)
        }
        return digest.value
    }
}
