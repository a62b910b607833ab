/// A text by its lines, to translate places.
struct SourceLines {
    private let lines: [Substring]

    init(_ text: String) {
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    /// A line by its number from 1; empty where there is none.
    subscript(number: Int) -> Substring {
        lines.indices.contains(number - 1) ? lines[number - 1] : ""
    }

    /// The column in characters, from 1, of a column in Unicode scalars.
    func column(ofScalarColumn column: Int, inLine number: Int) -> Int {
        self[number].unicodeScalars.prefix(column - 1).isASCII
            ? column : String(String.UnicodeScalarView(self[number].unicodeScalars.prefix(column - 1))).count + 1
    }

    /// What a line says from a column in characters on.
    func rest(ofLine number: Int, fromColumn column: Int) -> Substring {
        self[number].dropFirst(column - 1)
    }
}

extension Sequence<Unicode.Scalar> {
    fileprivate var isASCII: Bool { allSatisfy(\.isASCII) }
}
