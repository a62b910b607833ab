public import Timeline

/// The levels of a cache, for one node or several: what each holds, and what moves between them.
///
/// - A lookup asks level by level; a level that has failed is passed over. What is found goes up, with its age and what
///   is left of its life, to the levels that the caller names (inclusive) or to the nearest one (exclusive).
/// - **Never an older value.** A level refuses a value whose version is lower than what it holds, and a value that
///   cannot go into a level near the reader is at least removed there: what would be read first is never older than what
///   was written last.
/// - A stale value is kept as long as it may still be served, and found only if nothing fresh is.
///
/// It makes no loads and takes no time: ``ReadPath`` says when to load, and whoever runs both adds the latencies.
public struct CacheLevels<Key: CacheKey, Value: Sendable>: Sendable {
    /// A level as one node sees it.
    public typealias Level = Cache<Key, CachedValue<Value>, AnyPolicy>

    /// How each level was set when it was made, the nearest first.
    public let settings: [LevelSettings]
    /// How many nodes there are.
    public let nodes: Int
    /// How the levels share what they hold.
    public let inclusion: LevelInclusion

    /// Level by level, for one that is not shared node by node.
    @usableFromInline var levels: [[Level]]
    @usableFromInline var counts: [LevelStatistics]

    /// Empty levels, the nearest first; at least one, and at least one node.
    @inlinable
    public init(_ settings: [LevelSettings], nodes: Int = 1, inclusion: LevelInclusion = .inclusive) {
        self.settings = settings
        self.nodes = max(1, nodes)
        self.inclusion = inclusion
        let nodes = self.nodes
        levels = settings.map { Array(repeating: Level($0.policy), count: $0.isShared ? 1 : nodes) }
        counts = settings.map { _ in LevelStatistics() }
    }

    /// How many levels there are.
    @inlinable
    public var count: Int { settings.count }

    /// A level as a node sees it, for its count, its contents and its order.
    @inlinable
    public subscript(level: Int, node node: Int) -> Level {
        levels[level][place(level, node)]
    }

    /// What a level has done, over all nodes.
    @inlinable
    public func statistics(of level: Int) -> LevelStatistics { counts[level] }

    /// The most weight that a level holds, of each node.
    @inlinable
    public func capacity(of level: Int) -> Int { levels[level][0].capacity }

    /// Gives a level another capacity; what has no more room leaves.
    @inlinable
    public mutating func resize(_ level: Int, to capacity: Int) {
        for place in levels[level].indices {
            let before = levels[level][place].statistics.evictions[.capacity]
            levels[level][place].resize(to: capacity)
            counts[level].evictions[.capacity] += levels[level][place].statistics.evictions[.capacity] - before
        }
    }

    /// How many entries a level holds, over all nodes.
    @inlinable
    public func held(in level: Int) -> Int { levels[level].reduce(0) { $0 + $1.count } }

    /// The weight of all that a level holds, over all nodes.
    @inlinable
    public func weight(in level: Int) -> Int { levels[level].reduce(0) { $0 + $1.weight } }

    @inlinable
    func place(_ level: Int, _ node: Int) -> Int { settings[level].isShared ? 0 : node }

    /// Where a value was found.
    public struct Finding: Sendable {
        /// The level that had it.
        public var level: Int
        /// The value as it stood there.
        public var held: CachedValue<Value>

        /// A value that stands in a level.
        @inlinable
        public init(level: Int, held: CachedValue<Value>) {
            self.level = level
            self.held = held
        }
    }

    /// What a lookup came to.
    public struct Lookup: Sendable {
        /// A fresh value; nil if no level had one.
        public var found: Finding?
        /// The least stale value that may still be served, where nothing fresh was found.
        public var stale: Finding?
        /// The levels that were asked, as bits: the first in the lowest. Levels after the eighth have none.
        public var asked: UInt8 = 0

        @inlinable
        init() {}
    }

    /// Looks a key up, level by level, without moving anything; what is spoiled is dropped, and counts as a miss.
    /// - Parameters:
    ///   - failed: the levels that do not answer, as bits; they are passed over. Levels after the eighth have none.
    ///   - isSpoiled: whether a value must not be served any more, fresh or not, as the node knows; by default none is.
    @inlinable
    public mutating func look(
        _ key: Key, node: Int, failed: UInt8 = 0, at now: Instant,
        isSpoiled: (CachedValue<Value>) -> Bool = { _ in false }
    ) -> Lookup {
        var lookup = Lookup()
        for level in 0..<count {
            let bit: UInt8 = level < UInt8.bitWidth ? 1 << level : 0
            guard failed & bit == 0 else {
                counts[level].failures += 1
                continue
            }
            lookup.asked |= bit
            counts[level].lookups += 1
            guard let held = get(key, level, node, at: now) else { continue }
            guard !isSpoiled(held) else {
                remove(key, from: level, node: node)
                continue
            }
            if held.isFresh(at: now) {
                counts[level].hits += 1
                lookup.found = Finding(level: level, held: held)
                return lookup
            }
            counts[level].stale += 1
            if lookup.stale.map({ held.expiresAt > $0.held.expiresAt }) ?? true {
                lookup.stale = Finding(level: level, held: held)
            }
        }
        return lookup
    }

    @inlinable
    mutating func get(_ key: Key, _ level: Int, _ node: Int, at now: Instant) -> CachedValue<Value>? {
        switch levels[level][place(level, node)].get(key, at: now) {
        case .hit(let held, _): return held
        case .expired:
            counts[level].evictions[.expired] += 1
            return nil
        case .miss: return nil
        }
    }

    /// What was found goes up: copied to these levels if they include each other, moved to the nearest one if not.
    @inlinable
    public mutating func promote(
        _ key: Key, _ finding: Finding, to targets: Range<Int>, node: Int, weight: Int = 1, at now: Instant
    ) {
        guard finding.level > 0 else { return }
        if inclusion == .exclusive {
            guard capacity(of: 0) >= weight else { return }
            remove(key, from: finding.level, node: node)
            counts[0].promotions += 1
            put(key, finding.held, in: 0, node: node, weight: weight, at: now)
            return
        }
        for level in targets.clamped(to: 0..<finding.level).reversed() where capacity(of: level) >= weight {
            counts[level].promotions += 1
            put(key, finding.held, in: level, node: node, weight: weight, at: now)
        }
    }

    /// A new value comes in, after a load or a write: into these levels, or only the nearest of them that can hold it
    /// if they exclude each other. What other levels hold of the key is removed.
    @inlinable
    public mutating func store(
        _ key: Key, _ value: CachedValue<Value>, in targets: Range<Int>, node: Int, weight: Int = 1, at now: Instant
    ) {
        let able = targets.clamped(to: 0..<count).filter { capacity(of: $0) >= weight }
        let chosen = inclusion == .exclusive ? Array(able.prefix(1)) : able
        for level in (0..<count).reversed() {
            guard chosen.contains(level) else {
                if let held = self[level, node: node].entry(for: key)?.value, held.version <= value.version {
                    remove(key, from: level, node: node)
                }
                continue
            }
            counts[level].stores += 1
            put(key, value, in: level, node: node, weight: weight, at: now)
        }
    }

    /// Puts a value in a level, unless it holds a newer one; what has no more room there is demoted, level by level.
    @inlinable
    mutating func put(
        _ key: Key, _ value: CachedValue<Value>, in level: Int, node: Int, weight: Int, at now: Instant
    ) {
        let place = place(level, node)
        if let held = levels[level][place].entry(for: key), held.value.version > value.version { return }
        let evictions = levels[level][place].insert(
            key, value, weight: weight, loadedAt: value.loadedAt, expiresAt: value.staleUntil, at: now)
        for eviction in evictions {
            counts[level].evictions[eviction.cause] += 1
            guard inclusion == .exclusive, eviction.cause == .capacity, level + 1 < count else { continue }
            counts[level + 1].demotions += 1
            put(eviction.key, eviction.value, in: level + 1, node: node, weight: eviction.weight, at: now)
        }
    }

    /// Drops a key from one level, as a node sees it; returns whether it was there.
    @discardableResult
    @inlinable
    public mutating func remove(_ key: Key, from level: Int, node: Int) -> Bool {
        guard levels[level][place(level, node)].remove(key) != nil else { return false }
        counts[level].evictions[.removed] += 1
        return true
    }

    /// Drops a key from every level that a node sees; returns whether any held it.
    @discardableResult
    @inlinable
    public mutating func invalidate(_ key: Key, node: Int) -> Bool {
        (0..<count).reduce(false) { wasHeld, level in remove(key, from: level, node: node) || wasHeld }
    }

    /// Empties a level, of one node or of all; returns how many entries were dropped.
    @discardableResult
    @inlinable
    public mutating func flush(_ level: Int, node: Int? = nil) -> Int {
        let places = node.map { [place(level, $0)] } ?? Array(levels[level].indices)
        let dropped = places.reduce(0) { $0 + levels[level][$1].removeAll() }
        counts[level].evictions[.cleared] += dropped
        return dropped
    }
}
