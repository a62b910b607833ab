extension TraceFormat {
    /// A word that stands for no format; its description is one line that says which ones do.
    public struct UnknownWord: Error, Hashable, Sendable {
        /// What was given.
        public let word: String
    }

    /// The words that stand for formats, as a person is told them.
    public static let words = "text, csv:COLUMN, csv:COLUMN,SIZECOLUMN, arc, int32be, int64be, oracleGeneral"

    /// The format for a word such as `arc` or `csv:2,3` or `csv:object,size`.
    ///
    /// A column of digits alone is a place, from 1; any other is a name, which holds no comma.
    /// - Throws: an ``UnknownWord`` that says which words are allowed.
    public init(_ word: String) throws(UnknownWord) {
        switch word {
        case "text": self = .text
        case "arc": self = .arc
        case "int32be": self = .int32be
        case "int64be": self = .int64be
        case "oracleGeneral": self = .oracleGeneral
        case _ where word.hasPrefix("csv:"):
            guard let csv = Self.csv(columns: word.dropFirst(4)) else { throw UnknownWord(word: word) }
            self = csv
        default: throw UnknownWord(word: word)
        }
    }

    private static func csv(columns: Substring) -> Self? {
        let columns = columns.split(separator: ",", omittingEmptySubsequences: false)
        guard let first = columns.first, let key = Column(first), columns.count <= 2 else { return nil }
        guard columns.count == 2 else { return .csv(key: key, size: nil) }
        return Column(columns[1]).map { .csv(key: key, size: $0) }
    }
}

extension TraceFormat.Column {
    /// Nil for nothing, and for a place that no line has.
    fileprivate init?(_ word: Substring) {
        guard word.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            self = .name(String(word))
            return
        }
        guard let place = Int(word), place > 0 else { return nil }
        self = .number(place)
    }
}

extension TraceFormat: CustomStringConvertible {
    /// The word for it.
    public var description: String {
        switch self {
        case .text: "text"
        case .csv(let key, .some(let size)): "csv:\(key),\(size)"
        case .csv(let key, nil): "csv:\(key)"
        case .arc: "arc"
        case .int32be: "int32be"
        case .int64be: "int64be"
        case .oracleGeneral: "oracleGeneral"
        }
    }
}

extension TraceFormat.Column: CustomStringConvertible {
    /// The place or the name.
    public var description: String {
        switch self {
        case .number(let place): "\(place)"
        case .name(let name): name
        }
    }
}

extension TraceFormat.UnknownWord: CustomStringConvertible {
    /// `"lirs" is no trace format; allowed: text, …`.
    public var description: String {
        "\"\(word)\" is no trace format; allowed: \(TraceFormat.words), where a column is its number from 1 on, "
            + "or its name in the first line"
    }
}
