public import Caching
import GRDB
public import Timeline

/// A cache in a table of a SQLite file: the lowest level, the largest and slowest one, and still there after a restart.
///
/// For that reason the moments that are passed have to be wall time, see ``Caching/CacheEnvelope``. Several processes may
/// use the file at once. When there is no more room, what has ended leaves first, then what was written least recently;
/// reads write nothing, so they do not count as uses.
///
/// - **Errors** leave it as it was before the call; a caller may treat every error as a miss and go on. A file that
///   another program holds longer than ``DatabaseCacheSettings/patience`` is ``StorageError/locked(_:)``.
/// - **Power cut**: what came last may be missing, removals too; a killed process loses nothing.
///
/// The file can be looked at with any SQLite tool; the view `entries` shows what people want to see.
public struct DatabaseCache {
    /// How it is set.
    public let settings: DatabaseCacheSettings
    /// What this opener has done so far. What others do to the same file is not counted here.
    public internal(set) var statistics = CacheStatistics()
    private let path: String
    private let queue: DatabaseQueue
    private let handle: Handle

    /// Holds the tables until the file is closed.
    private final class Handle {
        var table: CacheTable?

        init(_ table: CacheTable) { self.table = table }
    }

    /// Opens a cache, or makes a new one where there is no file.
    /// - Parameters:
    ///   - path: the file; nil for one in memory that is gone when it is closed.
    ///   - settings: how it is set; may differ from when it was last open.
    ///   - isReadOnly: whether the file must be there, and is not changed.
    /// - Throws: why it cannot be opened.
    public init(path: String?, _ settings: DatabaseCacheSettings, isReadOnly: Bool = false) throws(StorageError) {
        let file = try StorageFile(
            path: path, layout: CacheTable.layout, isReadOnly: isReadOnly, maximumPages: settings.maximumPages)
        self.settings = settings
        self.path = path ?? "memory"
        queue = file.queue
        do {
            handle = try file.queue.writeWithoutTransaction { database in
                let milliseconds = settings.patience.nanoseconds / 1_000_000
                try database.execute(sql: "PRAGMA busy_timeout = \(milliseconds)")
                return Handle(try CacheTable(database))
            }
        } catch {
            throw StorageError(error, path: self.path)
        }
    }

    /// Closes the file. Nothing can be asked of the cache afterwards.
    public func close() throws(StorageError) {
        do {
            queue.inDatabase { _ in handle.table = nil }
            try queue.close()
        } catch {
            throw StorageError(error, path: path)
        }
    }

    /// How many entries there are, those included that have ended, and how many bytes they have.
    public func size() throws(StorageError) -> (rows: Int, bytes: Int) {
        try access { try $0.size() }
    }

    /// What is held for a key, if it is live.
    /// - Parameter allowingStale: whether a value that has expired will do, as long as it may be used stale.
    /// - Throws: why it could not be read.
    public mutating func get(
        _ key: String, at now: Instant, allowingStale: Bool = false
    ) throws(StorageError) -> CacheEnvelope? {
        do throws(StorageError) {
            guard let row = try access({ try $0.row(key) }) else {
                statistics.misses += 1
                return nil
            }
            guard now < (allowingStale ? row.staleUntil : row.expires) else {
                statistics.expired += 1
                return nil
            }
            guard let envelope = try? CacheEnvelope(decoding: row.envelope) else {
                _ = try? change { try $0.remove(key) }
                throw StorageError.damagedEntry(path, "number \(row.number)")
            }
            statistics.hits += 1
            return envelope
        } catch {
            statistics.misses += 1
            throw error
        }
    }

    /// Does something with the tables; what SQLite complains of becomes an error of the cache.
    func access<Answer>(_ body: (CacheTable) throws -> Answer) throws(StorageError) -> Answer {
        do {
            return try queue.writeWithoutTransaction { _ in
                guard let table = handle.table else { throw StorageError.other(path, "the cache is closed") }
                return try body(table)
            }
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(error, path: path)
        }
    }

    /// Changes the tables in one transaction: all of it, or nothing.
    func change<Answer>(_ body: (CacheTable) throws -> Answer) throws(StorageError) -> Answer {
        try access { table in
            try table.begin.run()
            do {
                let answer = try body(table)
                try table.commit.run()
                return answer
            } catch {
                // SQLite may have rolled back already.
                try? table.rollback.run()
                throw error
            }
        }
    }
}
