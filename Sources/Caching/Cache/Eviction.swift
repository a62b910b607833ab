/// Why an entry left a cache.
///
/// The same five reasons as Caffeine's `RemovalCause`, with its explicit removals told apart into one key
/// and all keys.
public enum EvictionCause: Hashable, Sendable, CaseIterable {
    /// The policy chose it when room was needed, or when the capacity shrank.
    case capacity
    /// Its time to live was over when somebody asked for it or when room was needed.
    case expired
    /// A new value for the same key took its place.
    case replaced
    /// It was removed by key.
    case removed
    /// All entries were removed at once.
    case cleared
}

/// An entry that has left a cache, and why.
public struct Eviction<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// The key that is no longer held, or holds another value now if the cause is a replacement.
    public var key: Key
    /// The value that was held.
    public var value: Value
    /// Why it left.
    public var cause: EvictionCause
    /// How much room it took.
    public var weight: Int

    /// An entry that left for this cause.
    @inlinable
    public init(key: Key, value: Value, cause: EvictionCause, weight: Int = 1) {
        self.key = key
        self.value = value
        self.cause = cause
        self.weight = weight
    }
}

extension Eviction: Equatable where Value: Equatable {}
