/// A text by its lines, to translate places.
struct SourceLines {
    private let lines: [Substring]
    private let isASCII: Bool

    init(_ text: String) {
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    }

    /// How many lines there are; what ends with a line break has an empty one behind it.
    var count: Int { lines.count }

    /// A line by its number from 1; empty where there is none.
    subscript(number: Int) -> Substring {
        lines.indices.contains(number - 1) ? lines[number - 1] : ""
    }

    /// The column in characters, from 1, of a column in Unicode scalars.
    func column(ofScalarColumn column: Int, inLine number: Int) -> Int {
        if isASCII { return column }
        let before = self[number].unicodeScalars.prefix(column - 1)
        return String(String.UnicodeScalarView(before)).count + 1
    }

    /// What a line says from a column in characters on.
    func rest(ofLine number: Int, fromColumn column: Int) -> Substring {
        let line = self[number]
        guard isASCII else { return line.dropFirst(column - 1) }
        // Bytes are found at once, characters only one after another.
        return line.utf8.index(line.startIndex, offsetBy: column - 1, limitedBy: line.endIndex).map { line[$0...] }
            ?? ""
    }
}
