import Caching
import Storage
import Timeline

/// A cache of levels whose files are in a folder of its own, closed and opened again at will.
struct LayeredCacheFixture {
    typealias Level = LayeredCache.Level
    /// A way to ask a node that can be broken.
    final class Network {
        var node: SharedCacheNode<String, CacheEnvelope>
        var isDown = false
        struct Down: Error {}

        init() throws {
            node = SharedCacheNode(try SharedCacheNodeSettings(capacity: 1 << 20))
        }

        func ask(
            _ request: NodeRequest<String, CacheEnvelope>, at now: Instant
        ) throws -> NodeReply<CacheEnvelope> {
            if isDown { throw Down() }
            return node.handle(request, at: now)
        }
    }

    struct OriginDown: Error {}

    let scratch: ScratchFolder
    let network: Network
    var folder: String { scratch.file("files") }
    var database: String { scratch.file("cache.db") }

    init() throws {
        scratch = try ScratchFolder()
        network = try Network()
    }

    /// Values live 10 s, 20 s more stale, absence 5 s.
    static func reading(_ refresh: ReadSettings.Refresh = .none) throws -> ReadSettings {
        try ReadSettings(
            lifetime: .seconds(10), absence: .seconds(5), failSafe: ReadSettings.FailSafe(limit: .seconds(20)),
            refresh: refresh)
    }

    func open(
        _ levels: [Level] = Level.allCases, _ settings: LayeredCacheSettings? = nil, diskRoom: Int? = nil,
        at now: Instant = .zero
    ) throws -> LayeredCache {
        let network = network
        let settings = if let settings { settings } else { try LayeredCacheSettings(reading: Self.reading()) }
        return LayeredCache(
            memory: levels.contains(.memory) ? AnyPolicy(LRU(capacity: 1 << 20)) : nil,
            files: levels.contains(.files) ? try openFiles(diskRoom) : nil,
            node: levels.contains(.node) ? { try network.ask($0, at: $1) } : nil,
            database: levels.contains(.database) ? try openDatabase() : nil, settings, at: now)
    }

    func openFiles(_ diskRoom: Int? = nil) throws -> FileCache {
        let settings = try FileCacheSettings(
            capacity: 8 * 32 << 10, segmentSize: 32 << 10, longestValue: 4_096, diskRoom: diskRoom)
        return try FileCache.open(folder: folder, settings)
    }

    func openDatabase() throws -> DatabaseCache {
        try DatabaseCache(path: database, DatabaseCacheSettings(patience: .zero))
    }
}

extension LayeredCache {
    /// The number that is the value of a key; nil if there is none, or it could not be had. The load answers with a
    /// number too, or fails if there is none.
    mutating func number(_ key: String, at now: Instant, load number: UInt8? = nil) -> (UInt8?, Source?) {
        let answer = try? get(key, at: now) { _ in
            guard let number else { throw LayeredCacheFixture.OriginDown() }
            return try LayeredCache.Loaded([number])
        }
        switch answer {
        case .value(let bytes, let source): return (bytes.first, source)
        case .absent(let source): return (nil, source)
        case .busy, nil: return (nil, nil)
        }
    }
}

/// The moment so many seconds after zero.
func at(_ seconds: Int64) -> Instant { .after(.seconds(seconds)) }
