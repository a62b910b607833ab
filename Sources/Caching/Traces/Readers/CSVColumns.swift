/// Which cells of a line are wanted, by their places from 1.
struct CSVColumns: Sendable {
    let key: Int
    let size: Int?

    /// Columns that are known by their places; nil if one of them is named.
    init?(key: TraceFormat.Column, size: TraceFormat.Column?) {
        guard case .number(let key) = key else { return nil }
        self.key = key
        switch size {
        case .number(let size): self.size = size
        case nil: self.size = nil
        case .name: return nil
        }
    }

    /// Columns that are found in a header.
    init(
        key: TraceFormat.Column, size: TraceFormat.Column?, header cells: inout CSVCells, in bytes: Span<UInt8>
    ) throws(TraceError.Problem) {
        var names: [String] = []
        while let cell = try cells.next(in: bytes) { names.append(cell.name(in: bytes)) }
        self.key = try Self.place(of: key, in: names)
        self.size = if let size { try Self.place(of: size, in: names) } else { nil }
    }

    private static func place(
        of column: TraceFormat.Column, in names: [String]
    ) throws(TraceError.Problem) -> Int {
        switch column {
        case .number(let place): return place
        case .name(let name):
            guard let index = names.firstIndex(of: name) else {
                // A line holds up to 65 536 names.
                throw .unknownColumn(name, header: names.prefix(50).map { String(excerptOf: $0.utf8.span) })
            }
            return index + 1
        }
    }
}

extension CSVCells.Cell {
    fileprivate func name(in bytes: Span<UInt8>) -> String {
        var text: [UInt8] = []
        unescape(in: bytes, into: &text)
        return String(decoding: text[text.indices.trimmed(in: text.span)], as: UTF8.self)
    }
}
