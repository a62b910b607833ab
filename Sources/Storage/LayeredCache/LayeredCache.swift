public import Caching
public import Resilience
public import Timeline

/// A cache of up to four levels for a program of one process: memory, files, a node on the network, a database.
///
/// ```swift
/// let node = LayeredCache.inProcess(SharedCacheNode(try SharedCacheNodeSettings(capacity: 256 << 20)))
/// var cache = LayeredCache(
///     memory: AnyPolicy(LRU(capacity: 64 << 20)), files: try FileCache.open(folder: folder, fileSettings), node: node,
///     database: try DatabaseCache(path: path, tableSettings), try LayeredCacheSettings(reading: reading), at: now)
/// switch try cache.get(key, at: now, load: { try origin.read($0).map { try LayeredCache.Loaded($0) } }) {
/// case .value(let bytes, let source): show(bytes, isOld: source.isStale)
/// case .absent: showNothing()
/// case .busy(let until): askAgain(at: until)
/// }
/// let written = try cache.set(key, bytes, tags: ["users"], at: now, store: { origin.write(key, bytes) })
/// ```
///
/// It runs the parts of ``Caching``, and decides nothing itself: ``Caching/ReadPath`` says when to load, serve stale and
/// wait after a failure, ``Caching/Placement`` where a new value goes, ``Caching/PromotionRule`` what goes up, and
/// ``Caching/WriteRun`` what a write does to which level.
///
/// - **Lives**: what goes up keeps its age, end, version and tags. Only how long its load took is not known below
///   memory, so a value that comes from there is never refreshed by ``Caching/ReadSettings/Refresh/early(beta:)``.
/// - **Failing levels**: a level that throws is a miss, and one that does so often is left alone for a while by its own
///   circuit breaker. What it could not be told of it does not hand out later, as long as this program runs.
/// - **Inclusive**: a value may be in all levels at once. With exclusive levels each hit below would have to delete
///   there and each eviction above to write there; to files and tables that costs more than the room is worth.
/// - **Placement**: a new value that goes past the nearer levels is removed there, so that none of them hands out the
///   former one. It does not go up to them later either, unless its key has become worth it.
/// - **The node** keeps values as long as they are fresh, so that who asks for one that has ended gets a lease.
/// - **Tags** are known to the database alone; everywhere else it is remembered here which were removed when. For that
///   reason tagged values in files are not used after a restart.
///
/// All weights are bytes, of key, value and tags. Moments have to be wall time, see ``Caching/CacheEnvelope``.
public struct LayeredCache: ~Copyable {
    /// Asks the node on the network; throws if it cannot be reached.
    public typealias Node = (NodeRequest<String, CacheEnvelope>, Instant) throws -> NodeReply<CacheEnvelope>

    /// How it is set.
    public let settings: LayeredCacheSettings
    /// The levels that are there, the nearest first.
    public let levels: [Level]
    var stores: LevelStores
    var breakers: [CircuitBreaker]
    var counts = [LevelStatistics](repeating: LevelStatistics(), count: Level.allCases.count)
    var path: ReadPath<String, [UInt8]>
    var history: AccessHistory<String>?
    var random: RandomStream
    var trust: LevelTrust

    /// A cache of these levels; any can be left out.
    /// - Parameters:
    ///   - memory: who leaves, and how many bytes there may be; the level is empty at first.
    ///   - files: closed when the cache is gone.
    ///   - node: what asks it, such as ``inProcess(_:)``.
    ///   - database: closed by ``close()``.
    ///   - settings: how it is set.
    ///   - now: from now on it remembers what was removed.
    public init(
        memory: AnyPolicy? = nil, files: consuming FileCache? = nil, node: Node? = nil, database: DatabaseCache? = nil,
        _ settings: LayeredCacheSettings, at now: Instant
    ) {
        var levels: [Level] = []
        if memory != nil { levels.append(.memory) }
        if files != nil { levels.append(.files) }
        if node != nil { levels.append(.node) }
        if database != nil { levels.append(.database) }
        self.settings = settings
        self.levels = levels
        stores = LevelStores(
            memory: memory.map { LevelStores.Memory($0) }, files: files, node: node, database: database)
        breakers = Level.allCases.map { _ in CircuitBreaker(settings.breaker, at: now) }
        path = ReadPath(settings.reading)
        history = settings.history.map { AccessHistory($0) }
        random = RandomStream(seed: settings.seed, name: "layered cache", purpose: "refresh")
        trust = LevelTrust(names: settings.rememberedNames, since: now)
    }

    /// A node in this process: a copy, which several caches can share.
    public static func inProcess(_ node: SharedCacheNode<String, CacheEnvelope>) -> Node {
        var node = node
        return { node.handle($0, at: $1) }
    }

    /// Closes files and database. What was written is in the files also if this is never called.
    public consuming func close() throws(StorageError) {
        try stores.database?.close()
    }

    /// What a level has done; what left it is in its own statistics.
    public func statistics(of level: Level) -> LevelStatistics { counts[level.rawValue] }

    /// Loads, load failures and stale answers.
    public var reads: ReadCounts { path.counts }

    /// What a level's circuit breaker does, and has seen, of reads and writes.
    public func breaker(of level: Level) -> CircuitBreaker { breakers[level.rawValue] }
}
