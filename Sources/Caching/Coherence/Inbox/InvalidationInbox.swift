public import Timeline

/// What a node does with what it hears: which copies it drops, which it does not read any more, and which loads it does
/// not store.
///
/// - **Messages**: ``receive(_:held:at:)`` says what to do with the copy that the node holds, and whether messages are
///   missing. What the node writes itself, or has to drop for another reason, goes to ``invalidate(_:version:_:held:at:)``.
/// - **Reads**: ``isReadable(_:version:tags:at:)`` has to be asked about each copy that is found: lazy invalidations,
///   those of tags, and shortened lives work by it alone.
/// - **Loads**: between the moment at which the origin is read and the one at which the value is stored, what was read
///   can be overwritten (guava#1881, caffeine#193, trino#10544). Whoever begins a load takes a ``LoadToken``, and asks
///   ``mayStore(_:version:tags:dependencies:)`` at its end.
///
/// It remembers a bounded number of keys and tags. Whatever is not remembered counts as invalidated when the last
/// forgotten one was: a copy or a load may be refused without need, but never accepted wrongly.
public struct InvalidationInbox<Key: CacheKey>: Sendable {
    /// What a key or a tag is called here.
    public typealias Subject = InvalidationSubject<Key>

    private var marks: InvalidationMarks<Subject>
    private var limits: ReadLimits<Subject>
    private var gaps = SequenceGaps()

    /// What to do with copies of what a message is about.
    public enum Action: Hashable, Sendable {
        /// Nothing.
        case ignore(Reason)
        /// Drop them; those of a tag may stay, since they are not read any more.
        case drop
        /// Show them as stale: they are not read any more.
        case markStale
        /// Let them live no longer than this.
        case shorten(to: Instant)
        /// Drop everything.
        case flushAll
    }

    /// Why a message needs nothing to be done.
    public enum Reason: Hashable, Sendable {
        /// No copy is held.
        case notHeld
        /// The copy that is held includes the version that is told of.
        case newerHeld
        /// It was known: the message came twice, or was overtaken by a later one.
        case known
    }

    /// What to do with a message.
    public struct Reception: Hashable, Sendable {
        /// What to do with copies.
        public var action: Action
        /// What is missing before this message; then ask for a resync.
        public var resync: SequenceGap?
    }

    /// The moment at which a load began, as the invalidations count it.
    public struct LoadToken: Hashable, Sendable {
        /// What is loaded.
        public let key: Key
        let number: UInt64
    }

    /// Why a load must not be stored.
    public typealias Staleness = InvalidationMarks<Subject>.Staleness

    /// Nothing heard.
    /// - Parameter capacity: how many keys and tags are remembered together; fewer than 0 count as 0.
    public init(capacity: Int) {
        marks = InvalidationMarks(capacity: capacity)
        limits = ReadLimits(capacity: capacity)
    }

    /// Hears of something that another node has overwritten.
    /// - Parameter held: the version of the key's copy that the node holds; nil if it holds none, or if the message is
    ///   not about a key.
    public mutating func receive(_ message: InvalidationMessage<Key>, held: UInt64?, at now: Instant) -> Reception {
        let gap = gaps.receive(message.sequence, from: message.sender)
        let action = invalidate(message.subject, version: message.version, message.strategy, held: held, at: now)
        // Who has dropped everything misses nothing any more.
        return Reception(action: action, resync: action == .flushAll ? nil : gap)
    }

    /// Takes note of an invalidation that no message brought.
    public mutating func invalidate(
        _ subject: Subject, version: UInt64, _ strategy: InvalidationStrategy, held: UInt64?, at now: Instant
    ) -> Action {
        let isKnown = marks.knows(subject, version: version)
        limit(subject, to: version, strategy, at: now)
        switch subject {
        case .key:
            if !isKnown { marks.invalidate([subject], version: version) }
            guard let held else { return .ignore(.notHeld) }
            return held < version ? action(for: strategy, at: now) : .ignore(.newerHeld)
        case .tag:
            if isKnown { return .ignore(.known) }
            marks.invalidate([subject], version: version)
            return action(for: strategy, at: now)
        case .all:
            if isKnown { return .ignore(.known) }
            marks.invalidateAll(version: version)
            return strategy == .immediate ? .flushAll : action(for: strategy, at: now)
        }
    }

    /// Whether a copy that was found may be read: nothing that ends it has been heard of.
    public func isReadable(_ key: Key, version: UInt64, tags: [Key] = [], at now: Instant) -> Bool {
        !limits.isOver(.key(key), version, at: now) && !tags.contains { limits.isOver(.tag($0), version, at: now) }
    }

    /// What to take before a key is loaded.
    public func beginLoad(of key: Key) -> LoadToken {
        LoadToken(key: key, number: marks.number)
    }

    /// Why a load must not be stored; nil if it may be.
    /// - Parameters:
    ///   - version: up to where the origin had come when it was read; see ``KeyVersions``.
    ///   - tags: the value's tags.
    ///   - dependencies: the keys whose values it was made of.
    public mutating func staleness(
        _ token: LoadToken, version: UInt64, tags: [Key] = [], dependencies: [Key] = []
    ) -> Staleness? {
        let names = [.key(token.key)] + tags.map(Subject.tag) + dependencies.map(Subject.key)
        return marks.staleness(of: names, since: token.number, version: version)
    }

    /// Whether a load may be stored: nothing that it is made of has been invalidated since it began, or by something that
    /// it does not include.
    public mutating func mayStore(
        _ token: LoadToken, version: UInt64, tags: [Key] = [], dependencies: [Key] = []
    ) -> Bool {
        staleness(token, version: version, tags: tags, dependencies: dependencies) == nil
    }

    private func action(for strategy: InvalidationStrategy, at now: Instant) -> Action {
        switch strategy {
        case .immediate: .drop
        case .lazy: .markStale
        case .ttl(let life): .shorten(to: now + max(.zero, life))
        }
    }

    /// Limits reads where copies are not dropped for certain.
    private mutating func limit(
        _ subject: Subject, to version: UInt64, _ strategy: InvalidationStrategy, at now: Instant
    ) {
        let end = if case .ttl(let life) = strategy { now + life } else { now }
        switch subject {
        case .key where strategy == .immediate: break
        case .key, .tag: limits.limit(subject, to: version, endingAt: end, at: now)
        case .all: limits.limitAll(to: version, endingAt: end, at: now)
        }
    }
}
