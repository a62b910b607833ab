/// One lookup of a service's cache.
public struct CacheLookup: Hashable, Sendable {
    /// What was looked up; ``CacheView`` says what it is made of.
    public var key: UInt64
    /// Whose cache it was.
    public var service: UInt16
    /// Whether a level answered with what was fresh to it.
    public var isHit: Bool

    /// A lookup.
    public init(key: UInt64, service: UInt16, isHit: Bool) {
        self.key = key
        self.service = service
        self.isHit = isHit
    }
}

/// The latest lookups of a service's cache, outside the world: from them one can tell what another cache would have had.
///
/// Turning time back forgets those after it. What has been dropped for want of room does not come back with it: after a
/// long way back there are fewer, until more have come.
public struct LookupLog: Sendable {
    /// How many are to be had at most.
    public static let kept = 100_000

    private var held: [CacheLookup] = []
    private var dropped = 0
    /// Grows whenever any are forgotten because time was turned back.
    public private(set) var rewinds = 0

    /// How many there have been since the beginning.
    public var total: Int { dropped + held.count }

    /// The latest of the first so many since the beginning, ``kept`` at most.
    public func latest(ofFirst count: Int) -> ArraySlice<CacheLookup> {
        let end = max(0, min(count, total) - dropped)
        return held[max(0, end - Self.kept)..<end]
    }

    mutating func append(_ lookup: CacheLookup) {
        held.append(lookup)
        // Twice as many are held as are to be had, so that it is rarely necessary to move them.
        guard held.count >= 2 * Self.kept else { return }
        held.removeFirst(Self.kept)
        dropped += Self.kept
    }

    /// Forgets all but the first so many since the beginning.
    mutating func truncate(to count: Int) {
        guard count < total else { return }
        held.removeLast(min(held.count, total - count))
        dropped = min(dropped, count)
        rewinds += 1
    }
}
