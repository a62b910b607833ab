import GRDB

/// The statements that an event store keeps prepared.
struct EventStatements {
    let begin, commit, rollback: PreparedStatement
    let head, setHead: PreparedStatement
    let findStream, addStream, streamName: PreparedStatement
    let findCategory, addCategory, noteBlock: PreparedStatement
    let findType, addType, typeName: PreparedStatement
    let streamRow, lastVersion, setStream: PreparedStatement
    let insert, eventAt, append, versionOf: PreparedStatement
    let readStream: PreparedStatement
    let readForward, readBackward: PreparedStatement
    let readCategoryForward, readCategoryBackward: PreparedStatement
    let hidden, removedFrom, remove: PreparedStatement
    let saveSnapshot, findSnapshot, removeSnapshot: PreparedStatement
    let listStreams: PreparedStatement

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(sql, in: database) }
        let columns = """
            position, stream, version, id, type, schema, correlation, causation, recorded_at, data, metadata
            """
        begin = try prepare("BEGIN IMMEDIATE")
        commit = try prepare("COMMIT")
        rollback = try prepare("ROLLBACK")
        head = try prepare(
            "SELECT max((SELECT position FROM head), coalesce((SELECT max(position) FROM event), 0))")
        setHead = try prepare("UPDATE head SET position = max(position, ?1)")
        findStream = try prepare("SELECT number FROM stream WHERE name = ?1")
        addStream = try prepare("INSERT INTO stream (name, category) VALUES (?1, ?2) RETURNING number")
        streamName = try prepare("SELECT name FROM stream WHERE number = ?1")
        findCategory = try prepare("SELECT number FROM category WHERE name = ?1")
        addCategory = try prepare("INSERT INTO category (name) VALUES (?1) RETURNING number")
        noteBlock = try prepare("INSERT OR IGNORE INTO category_block VALUES (?1, ?2)")
        findType = try prepare("SELECT number FROM type WHERE name = ?1")
        addType = try prepare("INSERT INTO type (name) VALUES (?1) RETURNING number")
        typeName = try prepare("SELECT name FROM type WHERE number = ?1")
        streamRow = try prepare(
            "SELECT removed_version, beginning, first_version, is_tombstoned FROM stream WHERE number = ?1")
        lastVersion = try prepare("SELECT max(version) FROM event WHERE stream = ?1")
        setStream = try prepare(
            "UPDATE stream SET beginning = ?2, first_version = ?3, is_tombstoned = ?4 WHERE number = ?1")
        insert = try prepare(
            "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)")
        eventAt = try prepare("SELECT position, id FROM event WHERE stream = ?1 AND version = ?2")
        append = try prepare(
            "SELECT max(version) FROM event WHERE stream = ?1 AND id = ?2 AND begins_append = 1")
        versionOf = try prepare("SELECT max(version) FROM event INDEXED BY event_version WHERE stream = ?1 AND id = ?2")
        readStream = try prepare(
            "SELECT \(columns) FROM event WHERE stream = ?1 AND version BETWEEN ?2 AND ?3 ORDER BY version")
        readForward = try prepare("SELECT \(columns) FROM event WHERE position > ?1 ORDER BY position LIMIT ?2")
        readBackward = try prepare("SELECT \(columns) FROM event WHERE position < ?1 ORDER BY position DESC LIMIT ?2")
        readCategoryForward = try prepare(
            """
            SELECT \(columns) FROM category_block
            JOIN event ON event.position BETWEEN max(?2 + 1, block * 256) AND block * 256 + 255
            WHERE category_block.category = ?1 AND block >= (?2 + 1) / 256 AND event.category = ?1
            ORDER BY block, position LIMIT ?3
            """)
        readCategoryBackward = try prepare(
            """
            SELECT \(columns) FROM category_block
            JOIN event ON event.position BETWEEN block * 256 AND min(?2 - 1, block * 256 + 255)
            WHERE category_block.category = ?1 AND block <= (?2 - 1) / 256 AND event.category = ?1
            ORDER BY block DESC, position DESC LIMIT ?3
            """)
        hidden = try prepare("SELECT number, first_version FROM stream WHERE first_version > removed_version + 1")
        removedFrom = try prepare("UPDATE stream SET removed_version = max(removed_version, ?2) WHERE number = ?1")
        remove = try prepare(
            "DELETE FROM event WHERE stream = ?1 AND version < ?2 AND position <= ?3 RETURNING version")
        saveSnapshot = try prepare(
            """
            INSERT INTO snapshot VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (stream) DO UPDATE SET version = ?2, schema = ?3, data = ?4, taken_at = ?5 WHERE version <= ?2
            RETURNING 1
            """)
        findSnapshot = try prepare("SELECT version, schema, data, taken_at FROM snapshot WHERE stream = ?1")
        removeSnapshot = try prepare("DELETE FROM snapshot WHERE stream = ?1")
        listStreams = try prepare(
            """
            SELECT stream.number, stream.name FROM stream
            WHERE name > ?1 AND is_tombstoned = 0 AND (?2 IS NULL OR category = ?2) ORDER BY name
            """)
    }
}
