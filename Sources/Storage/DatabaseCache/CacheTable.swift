import Caching
import GRDB
import Timeline

/// The tables of a cache, with the statements that read and change them. To be used on the database's queue.
final class CacheTable {
    /// How the file is laid out.
    ///
    /// Entries stand in the order in which they were written: one that is written again gets a new number. Triggers keep
    /// the totals and the tags in step, whoever deletes.
    static let layout = StorageFile.Layout(
        // "SAGD".
        applicationID: 0x5341_4744, version: 1, name: "cache database",
        schema: """
            CREATE TABLE entry (
              number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, created INTEGER NOT NULL,
              expires INTEGER NOT NULL, stale_until INTEGER NOT NULL, bytes INTEGER NOT NULL, envelope BLOB NOT NULL);
            CREATE INDEX entry_end ON entry (stale_until);
            CREATE TABLE entry_tag (tag TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (tag, entry)) WITHOUT ROWID;
            CREATE INDEX entry_tag_entry ON entry_tag (entry);
            CREATE TABLE total (rows INTEGER NOT NULL, bytes INTEGER NOT NULL);
            INSERT INTO total VALUES (0, 0);
            CREATE TRIGGER entry_added AFTER INSERT ON entry BEGIN
              UPDATE total SET rows = rows + 1, bytes = bytes + new.bytes;
            END;
            CREATE TRIGGER entry_removed AFTER DELETE ON entry BEGIN
              UPDATE total SET rows = rows - 1, bytes = bytes - old.bytes;
              DELETE FROM entry_tag WHERE entry = old.number;
            END;
            CREATE VIEW entries AS
              SELECT number, key, version, created / 1e9 AS created, expires / 1e9 AS expires, bytes FROM entry;
            """)

    let begin, commit, rollback: PreparedStatement
    private let find, insert, tag, delete, deleteTagged, deleteAll: PreparedStatement
    private let firstEnded, first, deleteNumber, totals: PreparedStatement

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(sql, in: database) }
        begin = try prepare("BEGIN IMMEDIATE")
        commit = try prepare("COMMIT")
        rollback = try prepare("ROLLBACK")
        find = try prepare("SELECT number, expires, stale_until, envelope FROM entry WHERE key = ?1")
        insert = try prepare(
            """
            INSERT INTO entry (key, version, created, expires, stale_until, bytes, envelope)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING number
            """)
        tag = try prepare("INSERT OR IGNORE INTO entry_tag VALUES (?1, ?2)")
        delete = try prepare("DELETE FROM entry WHERE key = ?1 RETURNING 1")
        deleteTagged = try prepare(
            """
            DELETE FROM entry WHERE number IN (SELECT entry FROM entry_tag WHERE tag = ?1 LIMIT ?2) RETURNING 1
            """)
        deleteAll = try prepare("DELETE FROM entry")
        firstEnded = try prepare("SELECT number FROM entry WHERE stale_until <= ?1 ORDER BY stale_until LIMIT 1")
        first = try prepare("SELECT min(number) FROM entry")
        deleteNumber = try prepare("DELETE FROM entry WHERE number = ?1")
        totals = try prepare("SELECT rows, bytes FROM total")
    }

    /// What a row holds.
    struct Row {
        var number: Int64
        var expires: Instant
        var staleUntil: Instant
        var envelope: [UInt8]
    }

    /// The row of a key.
    func row(_ key: String) throws -> Row? {
        find.bind(key, at: 1)
        guard try find.step() else { return nil }
        defer { find.reset() }
        return Row(
            number: find.number(0), expires: Instant(nanoseconds: find.number(1)),
            staleUntil: Instant(nanoseconds: find.number(2)), envelope: find.bytes(3))
    }

    /// Puts in a row for a key that has none.
    func add(_ key: String, _ envelope: CacheEnvelope, _ encoded: [UInt8]) throws {
        insert.bind(key, at: 1)
        insert.bind(Int64(bitPattern: envelope.version), at: 2)
        insert.bind(envelope.created.nanoseconds, at: 3)
        insert.bind(envelope.expires.nanoseconds, at: 4)
        insert.bind(envelope.staleUntil.nanoseconds, at: 5)
        insert.bind(Int64(key.utf8.count + encoded.count), at: 6)
        let number = try encoded.withUnsafeBytes { bytes in
            insert.bind(bytes, at: 7)
            return try insert.number() ?? 0
        }
        for text in envelope.tags {
            tag.bind(text, at: 1)
            tag.bind(number, at: 2)
            try tag.run()
        }
    }

    /// Deletes a key; returns whether it was there.
    func remove(_ key: String) throws -> Bool {
        delete.bind(key, at: 1)
        return try delete.number() != nil
    }

    /// Deletes entries with a tag; returns how many.
    func remove(tagged text: String, limit: Int) throws -> Int {
        deleteTagged.bind(text, at: 1)
        deleteTagged.bind(Int64(limit), at: 2)
        var removed = 0
        while try deleteTagged.step() { removed += 1 }
        return removed
    }

    /// Deletes everything; returns how many that were.
    func removeAll() throws -> Int {
        let rows = try size().rows
        try deleteAll.run()
        return rows
    }

    /// Deletes the entry that ended first; false if none has.
    func removeEnded(at now: Instant) throws -> Bool {
        firstEnded.bind(now.nanoseconds, at: 1)
        guard let number = try firstEnded.number() else { return false }
        try remove(number)
        return true
    }

    /// Deletes the entry that was written least recently; false if there is none.
    func removeOldest() throws -> Bool {
        guard let number = try first.number() else { return false }
        try remove(number)
        return true
    }

    private func remove(_ number: Int64) throws {
        deleteNumber.bind(number, at: 1)
        try deleteNumber.run()
    }

    /// How many entries there are, and how many bytes they have.
    func size() throws -> (rows: Int, bytes: Int) {
        guard try totals.step() else { return (0, 0) }
        defer { totals.reset() }
        return (Int(totals.number(0)), Int(totals.number(1)))
    }
}
