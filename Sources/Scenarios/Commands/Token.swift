/// A piece of a line: a word, a quoted text or a sign, and where it stands.
struct Token: Hashable {
    /// What a token can be.
    enum Kind: Hashable {
        /// A name, a keyword or a number with its unit.
        case word
        /// A text that stood in quotes: never a keyword.
        case quoted
        /// `(`, `->`, `<=` and the like.
        case sign
    }

    let kind: Kind
    /// The text, without its quotes.
    let text: String
    /// How many characters stand before it.
    let offset: Int
    /// How many characters stand before its end.
    let end: Int

    /// Whether it is this keyword.
    func isWord(_ word: String) -> Bool { kind == .word && text == word }

    /// Whether it is this sign.
    func isSign(_ sign: String) -> Bool { kind == .sign && text == sign }
}

extension Token {
    /// The signs, longer ones before those that they begin with.
    private static let signs = ["->", "<=", ">=", "==", "!=", "..", "<", ">", "=", "!", "(", ")", ",", "+", "-"]

    /// The tokens of a line; what follows a `#` that begins a word is a comment.
    static func tokens(of line: Substring) throws(SyntaxProblem) -> [Token] {
        let text = Array(line)
        var tokens: [Token] = []
        var at = 0
        while at < text.count, text[at] != "#" {
            if text[at].isWhitespace {
                at += 1
                continue
            }
            let token =
                if text[at] == "\"" {
                    try quoted(text, from: at)
                } else if let sign = sign(text, at) {
                    Token(kind: .sign, text: sign, offset: at, end: at + sign.count)
                } else {
                    word(text, from: at)
                }
            tokens.append(token)
            at = token.end
        }
        return tokens
    }

    private static func sign(_ text: [Character], _ at: Int) -> String? {
        signs.first { text[at...].starts(with: $0) }
    }

    private static func word(_ text: [Character], from start: Int) -> Token {
        var end = start + 1
        while end < text.count, !text[end].isWhitespace, text[end] != "\"" {
            if let sign = sign(text, end) {
                // A hyphen between letters belongs to the name: `place-order`.
                guard sign == "-", end + 1 < text.count, text[end + 1].isLetter || text[end + 1].isNumber else { break }
            }
            end += 1
        }
        return Token(kind: .word, text: String(text[start..<end]), offset: start, end: end)
    }

    private static func quoted(_ text: [Character], from start: Int) throws(SyntaxProblem) -> Token {
        var content = ""
        var at = start + 1
        while at < text.count, text[at] != "\"" {
            if text[at] == "\\", at + 1 < text.count {
                at += 1
                content.append(text[at] == "n" ? "\n" : text[at] == "t" ? "\t" : text[at])
            } else {
                content.append(text[at])
            }
            at += 1
        }
        guard at < text.count else { throw SyntaxProblem(at: start, "a quote that never ends") }
        return Token(kind: .quoted, text: content, offset: start, end: at + 1)
    }
}

extension String {
    /// The text in quotes, so that it reads back as it is.
    var inQuotes: String {
        var result = "\""
        for character in self {
            switch character {
            case "\"", "\\": result += "\\\(character)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default: result.append(character)
            }
        }
        return result + "\""
    }

    /// The name as it can stand in a line: in quotes if it would not read back as one name.
    var asName: String {
        let parts = components(ofEdgeName: self)
        return parts.count > 1 ? parts.map(\.asName).joined(separator: " -> ") : isPlainName ? self : inQuotes
    }

    private var isPlainName: Bool {
        let keywords = ["all", "and", "breaker", "load", "not", "ok", "operation", "or", "pending", "to", "until"]
        guard let first, first.isLetter, !keywords.contains(self), !isFaultNumber,
            let tokens = try? Token.tokens(of: self[...]), tokens.count == 1
        else { return false }
        return tokens[0].kind == .word && tokens[0].text == self
    }

    /// Whether it names a fault: `F3`.
    var isFaultNumber: Bool { faultNumber != nil }

    /// The number in `F3`.
    var faultNumber: Int? {
        first == "F" && dropFirst().allSatisfy(\.isNumber) ? Int(dropFirst()) : nil
    }
}

/// The two ends of an edge's name, or the name alone.
private func components(ofEdgeName name: String) -> [String] {
    var parts: [String] = []
    var part = ""
    var rest = name[...]
    while let character = rest.first {
        if rest.hasPrefix(" -> ") {
            parts.append(part)
            part = ""
            rest = rest.dropFirst(4)
        } else {
            part.append(character)
            rest = rest.dropFirst()
        }
    }
    return parts + [part]
}
