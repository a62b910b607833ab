import Timeline

/// When names, which are tags or keys, were last invalidated: by count, and by the version that did it.
///
/// Nothing is searched and dropped: a value keeps the ``number`` of invalidations at the moment when its load began, and
/// ``staleness(of:since:version:)`` tells, before it is stored and whenever it is read, whether one of its names has
/// been invalidated since. (FusionCache and .NET's HybridCache invalidate tags so.)
///
/// It remembers as many names as it has room for. Of all others it is assumed that they were invalidated when the last
/// forgotten one was: a value may be refused without need, but never accepted wrongly.
public struct InvalidationMarks<Name: CacheKey>: Sendable {
    /// How many invalidations there were.
    public private(set) var number: UInt64 = 0
    private var marks: LRUCache<Name, Mark>
    private var forgotten = Mark()
    private var everything = Mark()

    private struct Mark {
        var number: UInt64 = 0
        var version: UInt64 = 0

        mutating func include(_ other: Mark) {
            number = max(number, other.number)
            version = max(version, other.version)
        }
    }

    /// Why a value is stale.
    public enum Staleness: Hashable, Sendable {
        /// Everything was invalidated since.
        case cleared
        /// This name was invalidated since, or may have been.
        case changed(Name)
        /// The value does not include the version by which this name was last invalidated.
        case behind(Name)
    }

    /// No invalidations.
    /// - Parameter capacity: how many names are remembered; fewer than 0 count as 0.
    public init(capacity: Int) {
        marks = LRUCache(capacity: capacity)
    }

    /// How many names are remembered.
    public var count: Int { marks.count }

    /// Invalidates these names: one invalidation.
    /// - Parameter version: the version that did it, see ``KeyVersions``; nil if there is none, and then only what was
    ///   loaded before is stale.
    public mutating func invalidate(_ names: [Name], version: UInt64? = nil) {
        number += 1
        for name in names {
            var mark = Mark(number: number, version: version ?? 0)
            // A name that comes back has been what was assumed of it meanwhile: versions never go backwards.
            mark.include(marks.entry(for: name)?.value ?? forgotten)
            if let left = marks.remember(name, mark) { forgotten.include(left) }
        }
    }

    /// Invalidates everything.
    public mutating func invalidateAll(version: UInt64? = nil) {
        number += 1
        everything.include(Mark(number: number, version: version ?? 0))
    }

    /// Why a value is stale; nil if it is not. Names that are asked for are forgotten later.
    /// - Parameters:
    ///   - names: its tags, or all else that it depends on.
    ///   - start: the ``number`` when its load began.
    ///   - version: the version that it includes; nil if it is not known, and then not compared.
    public mutating func staleness(of names: some Sequence<Name>, since start: UInt64, version: UInt64?) -> Staleness? {
        if everything.number > start { return .cleared }
        if let version, version < everything.version { return .cleared }
        for name in names {
            let mark = if case .hit(let mark, _) = marks.get(name, at: .zero) { mark } else { forgotten }
            if mark.number > start { return .changed(name) }
            if let version, version < mark.version { return .behind(name) }
        }
        return nil
    }

    /// Whether it is remembered that a name, or everything, was invalidated by this version or a later one.
    func knows(_ name: Name, version: UInt64) -> Bool {
        version <= everything.version || version <= marks.entry(for: name)?.value.version ?? 0
    }
}
