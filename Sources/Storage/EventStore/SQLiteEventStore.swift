public import EventSourcing
import GRDB

/// An event store in one SQLite file.
///
/// Appends are transactions: after a crash each is there whole or not at all. Several processes may read the file, and
/// one should write it; if two do, each waits for the other. With `synchronous = NORMAL` a killed process loses nothing,
/// and a power cut at most what came last.
///
/// The file can be looked at with any SQLite tool; the view `events` shows what people want to see.
public struct SQLiteEventStore: EventStore {
    /// How much it takes at once.
    public let limits: AppendLimits
    /// What it has done so far.
    public internal(set) var metrics = EventStoreMetrics()
    let path: String
    let queue: DatabaseQueue
    let tables: EventTables

    /// Opens a store, or makes a new one where there is no file.
    /// - Parameters:
    ///   - path: the file; nil for a store in memory that is gone when it is closed.
    ///   - isReadOnly: whether the file must be there, and is not changed.
    ///   - limits: how much it takes at once.
    ///   - views: statements that make views for people in a new file.
    ///   - maximumPages: how many pages of 4 KiB the file may have; as many as the disk has room for if nobody says.
    /// - Throws: why it cannot be opened.
    public init(
        path: String?, isReadOnly: Bool = false, limits: AppendLimits = .standard, views: String = "",
        maximumPages: Int? = nil
    ) throws(StorageError) {
        var layout = EventTables.layout
        layout.schema += views
        let file = try StorageFile(path: path, layout: layout, isReadOnly: isReadOnly, maximumPages: maximumPages)
        self.limits = limits
        self.path = path ?? "memory"
        queue = file.queue
        do {
            tables = try file.queue.writeWithoutTransaction { try EventTables($0) }
        } catch {
            throw StorageError(error, path: self.path)
        }
    }

    /// What makes the tables of a new file.
    public static var schema: String { EventTables.layout.schema }

    /// Closes the file. Nothing can be asked of the store afterwards.
    public func close() throws(StorageError) {
        do {
            queue.inDatabase { _ in tables.statements = nil }
            try queue.close()
        } catch {
            throw StorageError(error, path: path)
        }
    }

    /// Closes a file that nobody will write again: it is one file then, without the log beside it, and can be read also
    /// where nothing can be written.
    /// - Throws: why it could not be made so, or not be closed; it holds the same all the same.
    public func finish() throws(StorageError) {
        do {
            // Only the first page changes, in one write; a journal of that in a file would be in a reader's way if we were
            // killed just now.
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = MEMORY") }
        } catch {
            try close()
            throw StorageError(error, path: path)
        }
        try close()
    }

    /// Does something with the tables; what SQLite complains of becomes an error of the store.
    func access<Answer>(_ body: (EventTables) throws -> Answer) throws(EventStoreError) -> Answer {
        do {
            return try queue.writeWithoutTransaction { _ in try body(tables) }
        } catch let error as EventStoreError {
            throw error
        } catch {
            let error = StorageError(error, path: path)
            if case .corrupt = error { throw .corrupt("\(error)") }
            throw .storage("\(error)")
        }
    }

    /// Changes the tables in one transaction.
    func change<Answer>(_ body: (EventTables) throws -> Answer) throws(EventStoreError) -> Answer {
        try access { tables in try tables.inTransaction { try body(tables) } }
    }
}
