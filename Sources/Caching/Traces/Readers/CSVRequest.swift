/// The wanted cells of a line.
struct CSVRequest {
    private let columns: CSVColumns
    /// Where its key is.
    let key: CSVCells.Cell
    private let size: CSVCells.Cell?

    /// Goes over all cells, the unwanted too: a quote in one of them may be open.
    init(_ columns: CSVColumns, of cells: inout CSVCells, in bytes: Span<UInt8>) throws(TraceError.Problem) {
        var (key, size): (CSVCells.Cell?, CSVCells.Cell?)
        while let cell = try cells.next(in: bytes) {
            if cells.column == columns.key { key = cell }
            if cells.column == columns.size { size = cell }
        }
        guard let key else { throw .missingColumn(columns.key, of: cells.column) }
        if let wanted = columns.size, size == nil { throw .missingColumn(wanted, of: cells.column) }
        (self.columns, self.key, self.size) = (columns, key, size)
    }

    /// Its size in bytes; nil if sizes are not wanted.
    func size(in bytes: Span<UInt8>, maybeHeader: Bool) throws(TraceError.Problem) -> UInt32? {
        guard let size, let column = columns.size else { return nil }
        let text = bytes.extracting(size.place.trimmed(in: bytes))
        do throws(TraceError.Problem) {
            return UInt32(try UInt64(column: column, text, maximum: UInt64(UInt32.max)))
        } catch .noNumber(_, let found) where maybeHeader {
            throw .headerAsData(column: column, found: found, key: String(excerptOf: bytes.extracting(key.place)))
        }
    }
}
