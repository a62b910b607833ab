/// Looks through YAML, before it is parsed, for what makes parsing it costly: deep nesting, and aliases, which
/// let a short text stand for a huge one.
///
/// It follows quotes, comments, blocks and flow brackets well enough for files that are YAML; others are the
/// parser's to refuse.
struct Hazards {
    /// How deep brackets may nest.
    static let bracketLimit = 32
    /// How long a line may be.
    static let lengthLimit = 5_000
    /// How far in a line may begin, list dashes included.
    static let indentLimit = 160

    private let file: String
    private var quote: Character?
    private var brackets = 0
    /// Lines that are indented more than this belong to a block of text.
    private var blockIndent: Int?
    private var line = 0

    init(file: String) {
        self.file = file
    }

    /// The first hazard of a text, if there is one.
    static func first(in text: String, file: String) -> Problem? {
        var hazards = Hazards(file: file)
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if let problem = hazards.next(line) { return problem }
        }
        return nil
    }

    private mutating func next(_ text: Substring) -> Problem? {
        line += 1
        let indent = text.prefix { $0 == " " }.count
        if let blockIndent {
            if indent > blockIndent || indent == text.count { return nil }
            self.blockIndent = nil
        }
        let lead = text.prefix { " -?:\t".contains($0) }.count
        guard quote != nil || lead <= Self.indentLimit else {
            return problem(lead, "a line may begin at column \(Self.indentLimit) at most")
        }
        let characters = Array(text)
        guard characters.count <= Self.lengthLimit else {
            return problem(Self.lengthLimit, "a line may have \(Self.lengthLimit) characters at most")
        }
        return scan(characters, indent: lead)
    }

    private mutating func scan(_ text: [Character], indent: Int) -> Problem? {
        var beginsValue = true
        var index = 0
        while index < text.count {
            let character = text[index]
            let after = index + 1 < text.count ? text[index + 1] : " "
            if let open = quote {
                let escapes = open == "\"" ? character == "\\" : character == "'" && after == "'"
                if escapes { index += 1 } else if character == open { quote = nil }
            } else if character == "#", index == 0 || text[index - 1] == " " {
                return nil
            } else if beginsValue, "&*".contains(character), after != " " {
                return problem(
                    index, "anchors and aliases (\(character)\(after)...) are not supported; put it in quotes")
            } else if beginsValue, "|>".contains(character), brackets == 0 {
                blockIndent = indent
                return nil
            } else if let problem = follow(character, at: index, beginsValue: beginsValue) {
                return problem
            }
            beginsValue = quote == nil && continues(beginsValue, character, after)
            index += 1
        }
        return nil
    }

    private mutating func follow(_ character: Character, at index: Int, beginsValue: Bool) -> Problem? {
        switch character {
        case "\"" where beginsValue, "'" where beginsValue:
            quote = character
        case "[" where beginsValue || brackets > 0, "{" where beginsValue || brackets > 0:
            brackets += 1
            if brackets > Self.bracketLimit {
                return problem(index, "brackets may nest \(Self.bracketLimit) deep at most")
            }
        case "]", "}":
            brackets = max(0, brackets - 1)
        default:
            break
        }
        return nil
    }

    /// Whether a value may begin behind this character.
    private func continues(_ beginsValue: Bool, _ character: Character, _ after: Character) -> Bool {
        switch character {
        case " ", "\t": beginsValue
        case "-", "?": beginsValue && (after == " " || after == "\t")
        case ":": after == " " || after == "\t" || brackets > 0
        case "[", "{", ",": brackets > 0
        default: false
        }
    }

    private func problem(_ index: Int, _ message: String) -> Problem {
        Place(file: file, line: line, column: index + 1).problem(message)
    }
}
