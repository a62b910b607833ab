public import Timeline

/// A value as the levels of a cache hand it on: with its age, its version and what is left of its life.
///
/// Below memory nothing else is enough: a bare value copied to a level above would begin a new life there, and an older
/// version could take the place of a newer one.
public struct CachedValue<Value: Sendable>: Sendable {
    /// The value; nil if what is cached is that there is none (a negative entry).
    public var value: Value?
    /// Grows with each write of its key; a lower one never takes the place of a higher one.
    public var version: UInt64
    /// When it was loaded, at whatever level it stands now.
    public var loadedAt: Instant
    /// How long the loading took; what it costs to do without it.
    public var loadTime: Duration
    /// From when on it is stale.
    public var expiresAt: Instant
    /// Until when it may be served stale if nothing better can be had; ``expiresAt`` if not at all.
    public var staleUntil: Instant

    /// A value that was loaded at this moment.
    @inlinable
    public init(
        _ value: Value?, version: UInt64, loadedAt: Instant, loadTime: Duration = .zero,
        expiresAt: Instant = .distantFuture, staleUntil: Instant? = nil
    ) {
        self.value = value
        self.version = version
        self.loadedAt = loadedAt
        self.loadTime = loadTime
        self.expiresAt = expiresAt
        self.staleUntil = max(expiresAt, staleUntil ?? expiresAt)
    }

    /// Whether it may be served without a word.
    @inlinable
    public func isFresh(at now: Instant) -> Bool { now < expiresAt }

    /// Whether it may be served, as stale or not.
    @inlinable
    public func isServable(at now: Instant) -> Bool { now < staleUntil }
}

extension CachedValue: Equatable where Value: Equatable {}
