import Bulkheads

/// An amount of memory: `64 kB`, `1.5 GB`.
struct BytesNotation: Notation {
    /// A pebibyte is as much as a pool counts.
    var range = 0...MemoryPool.most

    /// Any amount but none.
    static let positive = BytesNotation(range: 1...MemoryPool.most)

    private static let units = [
        ("B", 1), ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
    ]

    var pattern: String {
        "an amount of memory such as 64 kB, 1 MB or 2 GiB\(range.lowerBound > 0 ? ", more than 0 B" : "")"
    }

    func read(_ text: String) throws(SyntaxProblem) -> Int {
        guard let number = LeadingNumber(startOf: text) else { throw refusal(of: text) }
        let name = number.rest.drop(while: \.isWhitespace)
        guard !name.isEmpty else {
            throw SyntaxProblem(at: 0, "\(text) needs a unit: write \(text) B, \(text) kB or \(text) MB")
        }
        guard let unit = Self.units.first(where: { $0.0 == name }) else { throw refusal(of: text) }
        let bytes = (number.value * Double(unit.1)).rounded()
        guard bytes >= Double(range.lowerBound), bytes <= Double(range.upperBound) else {
            let least = range.lowerBound > 0 ? "more than 0 B, up" : "0 B"
            throw SyntaxProblem(
                at: 0, "\(text.clipped) is out of range; allowed: \(least) to \(Self.text(range.upperBound))")
        }
        return Int(bytes)
    }

    /// Whether a word can stand for a unit.
    static func isUnit(_ word: String) -> Bool { units.contains { $0.0 == word } }

    /// The amount as it reads back: in the largest unit of which it is a whole number.
    static func text(_ bytes: Int) -> String {
        let fitting = units.filter { bytes != 0 && bytes % $0.1 == 0 }.max { $0.1 < $1.1 } ?? units[0]
        return "\(bytes / fitting.1) \(fitting.0)"
    }
}
