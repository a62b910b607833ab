import Foundation
import GRDB

/// A SQLite file of sagascope's own, opened.
struct StorageFile {
    /// What kind of file it is, and how it is laid out.
    struct Layout {
        /// What tells such files from all others; in the file's header.
        let applicationID: Int32
        /// The version of the layout.
        let version: Int32
        /// What such a file is called in messages.
        let name: String
        /// What makes a new one.
        var schema: String
    }

    let queue: DatabaseQueue

    /// Opens a file, or makes a new one where there is none.
    /// - Parameters:
    ///   - path: the file; nil for one in memory that is gone when it is closed.
    ///   - layout: what it must be.
    ///   - isReadOnly: whether it must be there, and is not changed.
    ///   - maximumPages: how many pages of 4 KiB it may have.
    /// - Throws: a ``StorageError``; a file that is no such file has not been touched.
    init(
        path: String?, layout: Layout, isReadOnly: Bool = false, maximumPages: Int? = nil
    ) throws(StorageError) {
        let limit = maximumPages.map { max(1, $0) }
        do {
            guard let path else {
                queue = try DatabaseQueue(configuration: Self.configuration(isReadOnly: false, limit))
                try queue.writeWithoutTransaction { try Self.lay(out: layout, in: $0) }
                return
            }
            let exists = FileManager.default.fileExists(atPath: path) && !Self.isEmpty(path)
            let isNew = try !exists || Self.isBlank(path, layout)
            if isReadOnly, isNew { throw StorageError.absent(path, layout.name) }
            queue = try DatabaseQueue(path: path, configuration: Self.configuration(isReadOnly: isReadOnly, limit))
            if isNew { try queue.writeWithoutTransaction { try Self.lay(out: layout, in: $0) } }
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(error, path: path ?? "memory", kind: layout.name)
        }
    }

    private static func isEmpty(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.intValue == 0
    }

    /// Makes sure that a file is what it should be, before anything is written to it. True if it is a database with
    /// nothing in it: whoever made it was killed before it was laid out.
    private static func isBlank(_ path: String, _ layout: Layout) throws -> Bool {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(2)
        let reader = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? reader.close() }
        let (id, version, things) = try reader.read { database in
            (
                try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0,
                try Int32.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
                try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
            )
        }
        if id == 0, version == 0, things == 0 { return true }
        guard id == layout.applicationID else { throw StorageError.foreign(path, layout.name) }
        guard version <= layout.version else {
            throw StorageError.newer(path, layout.name, version: Int(version), known: Int(layout.version))
        }
        return false
    }

    private static func configuration(isReadOnly: Bool, _ maximumPages: Int?) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(2)
        configuration.readonly = isReadOnly
        if !isReadOnly { configuration.journalMode = .wal }
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -16384")
            guard !isReadOnly else { return }
            // What is lost with the power is what came last; what a killed process has written stays.
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
            if let maximumPages { try database.execute(sql: "PRAGMA max_page_count = \(maximumPages)") }
        }
        return configuration
    }

    private static func lay(out layout: Layout, in database: Database) throws {
        try database.inTransaction(.immediate) {
            try database.execute(sql: layout.schema)
            try database.execute(sql: "PRAGMA application_id = \(layout.applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(layout.version)")
            return .commit
        }
    }
}
