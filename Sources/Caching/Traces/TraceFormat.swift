/// How the requests of a cache trace are written down.
///
/// In all formats whose unit is the line, a line ends with a line feed, which the last may lack, and is at most
/// 65 536 bytes long; a UTF-8 byte order mark at the very beginning is not part of the first one.
public enum TraceFormat: Hashable, Sendable {
    /// A key a line, of any bytes; what LIRS traces are in.
    ///
    /// Spaces, tabs and carriage returns around a key are not part of it. Empty lines and lines of a single `*` are
    /// skipped.
    case text
    /// Lines of cells with commas between them (RFC 4180): one is the key, another may be its size in bytes.
    ///
    /// A cell in quotes may hold commas, and quotes that are written twice; a quote elsewhere stands for itself. A line
    /// break within quotes is an error. A carriage return at the end of a line is not part of it.
    ///
    /// All of a cell is the key, with spaces around it and even if it is empty; spaces around a size are not part of
    /// it. Empty lines are skipped, and so are requests of size 0, as by libCacheSim's readers. If a column is named,
    /// the first line is the header; else it is a request like any other.
    case csv(key: Column, size: Column?)
    /// Lines of four decimal numbers with white space between them; what the traces of the ARC paper are in.
    ///
    /// The numbers are start, count, one that is ignored, and the line's number, which is ignored too, as is all that
    /// follows. A line stands for requests of the keys start, start + 1, …, start + count - 1. Empty lines are skipped.
    case arc
    /// Keys of four bytes, the most significant one first; what cache2k's traces are in.
    case int32be
    /// Keys of eight bytes, the most significant one first; what Corda's traces are in.
    case int64be
    /// The binary format of libCacheSim, records of 24 bytes with the least significant byte first.
    ///
    /// A record is the time in seconds (4 bytes), the key (8), its size in bytes (4), and which request is the next of
    /// the same key (8); the first and the last are ignored. Requests of size 0 are skipped, as they are by
    /// libCacheSim's reader unless told otherwise.
    case oracleGeneral

    /// Which cell of a line is meant.
    public enum Column: Hashable, Sendable {
        /// By its place, from 1.
        case number(Int)
        /// By its name in the header, with no spaces or tabs around it; of two with the same name the first.
        case name(String)
    }

    /// Whether a request has a size.
    public var hasSizes: Bool {
        switch self {
        case .csv(_, .some), .oracleGeneral: true
        case .text, .csv(_, nil), .arc, .int32be, .int64be: false
        }
    }
}
