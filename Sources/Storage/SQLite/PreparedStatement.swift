import GRDB
import GRDBSQLite

/// A prepared statement whose values are bound and read by number, without a box around each.
///
/// GRDB opens, checks and closes; where a store handles events by the hundred thousand, going through its values would
/// double the time. To be used on its database's queue alone.
struct PreparedStatement {
    private let statement: Statement
    private let raw: OpaquePointer

    init(_ sql: String, in database: Database) throws {
        statement = try database.makeStatement(sql: sql)
        raw = statement.sqliteStatement
    }

    func bind(_ number: Int64, at place: Int32) { sqlite3_bind_int64(raw, place, number) }

    func bindNothing(at place: Int32) { sqlite3_bind_null(raw, place) }

    func bind(_ text: String, at place: Int32) {
        var text = text
        _ = text.withUTF8 { bytes in
            // An empty text has no address, and no address would be no text.
            bytes.withMemoryRebound(to: CChar.self) { characters in
                sqlite3_bind_text(raw, place, characters.baseAddress ?? empty, Int32(bytes.count), transient)
            }
        }
    }

    /// Binds bytes that stay where they are until the statement has been run.
    func bind(_ bytes: UnsafeRawBufferPointer, at place: Int32) {
        if let start = bytes.baseAddress {
            sqlite3_bind_blob(raw, place, start, Int32(bytes.count), nil)
        } else {
            sqlite3_bind_zeroblob(raw, place, 0)
        }
    }

    /// Binds a copy of bytes.
    func bind(copying bytes: [UInt8], at place: Int32) {
        guard !bytes.isEmpty else { return _ = sqlite3_bind_zeroblob(raw, place, 0) }
        sqlite3_bind_blob(raw, place, bytes, Int32(clamping: bytes.count), transient)
    }

    /// Goes to the next row; false if there is none. After that, and after an error, it can be run again.
    func step() throws -> Bool {
        let code = sqlite3_step(raw)
        if code == SQLITE_ROW { return true }
        let failure = code == SQLITE_DONE ? nil : self.failure(code)
        sqlite3_reset(raw)
        if let failure { throw failure }
        return false
    }

    /// Runs a statement that has no rows.
    func run() throws { while try step() {} }

    /// Ends before the last row.
    func reset() { sqlite3_reset(raw) }

    /// The only value of the only row; nil if there is none, or it is null.
    func number() throws -> Int64? {
        guard try step() else { return nil }
        defer { reset() }
        return isNothing(0) ? nil : number(0)
    }

    func isNothing(_ column: Int32) -> Bool { sqlite3_column_type(raw, column) == SQLITE_NULL }

    func number(_ column: Int32) -> Int64 { sqlite3_column_int64(raw, column) }

    /// A text with all that it holds, zeros too.
    func text(_ column: Int32) -> String { String(decoding: content(column), as: UTF8.self) }

    func bytes(_ column: Int32) -> [UInt8] { [UInt8](content(column)) }

    /// What a column holds, until the next step.
    private func content(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(raw, column)
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(raw, column)))
    }

    /// The sixteen bytes of an id, most significant first; nil if the column holds something else.
    func words(_ column: Int32) -> (high: UInt64, low: UInt64)? {
        guard sqlite3_column_bytes(raw, column) == 16, let start = sqlite3_column_blob(raw, column) else { return nil }
        return (
            UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)),
            UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }

    private func failure(_ code: Int32) -> DatabaseError {
        let connection = sqlite3_db_handle(raw)
        return DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection)))
    }
}

/// That bytes are to be copied before the call returns.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// Where an empty text begins.
private nonisolated(unsafe) let empty: UnsafePointer<CChar> = {
    let place = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    place.initialize(to: 0)
    return UnsafePointer(place)
}()
