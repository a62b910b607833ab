public import Scenarios
internal import Screen

// A theme file has one role a line:
//
//     name       = dark
//     border     = #4b5263/240/bright-black, mono: dim
//     state.bad  = #ff6b6b/bright-red bold, mono: bold
//     selected   = default on #2c3e50/blue, mono: reverse

extension Theme {
    /// Reads a theme file.
    ///
    /// A line says `role = COLOR [on COLOR] [attributes] [, mono: attributes]`, and a colour
    /// `#rrggbb[/0-255][/NAME]`: as it is meant, then what stands for it among 256 and among 16 colours. What cannot be
    /// read is reported with its line and left as in ``plain``; it never keeps a theme from being used.
    /// - Parameters:
    ///   - text: what stands in the file.
    ///   - file: its name, for the problems and, without its ending, for the theme until the file names it.
    public static func read(_ text: String, file: String) -> (theme: Theme, problems: [Problem]) {
        var theme = Theme(name: baseName(of: file))
        var problems: [Problem] = []
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            do throws(ThemeLineError) {
                try theme.take(line)
            } catch {
                problems.append(Problem(file: file, line: index + 1, column: error.column, error.message))
            }
        }
        return (theme, problems)
    }

    private static func baseName(of file: String) -> String {
        let last = file.split(separator: "/").last.map(String.init) ?? file
        return last.hasSuffix(".theme") ? String(last.dropLast(6)) : last
    }

    private mutating func take(_ line: Substring) throws(ThemeLineError) {
        let content = line.drop { $0.isWhitespace }
        guard let first = content.first, first != "#" else { return }
        guard let equals = content.firstIndex(of: "=") else {
            throw ThemeLineError(line, content.startIndex, "expected \"role = look\"")
        }
        let key = content[..<equals].trimmed
        let value = content[content.index(after: equals)...].trimmed
        if key == "name" {
            guard !value.isEmpty else { throw ThemeLineError(line, value.startIndex, "a theme needs a name") }
            name = String(value)
            return
        }
        guard let role = Role(name: String(key)) else {
            let hint = Spelling.hint(for: String(key), among: Role.allCases.map(\.name))
            throw ThemeLineError(line, key.startIndex, "unknown role \"\(key)\"\(hint)")
        }
        self[role] = try RoleLook(reading: value, of: line)
    }
}

extension RoleLook {
    fileprivate init(reading value: Substring, of line: Substring) throws(ThemeLineError) {
        let parts = value.split(separator: ",", maxSplits: 1)
        guard let colored = parts.first else {
            throw ThemeLineError(line, value.startIndex, "expected a color, as \"green\" or \"#33cc66/green\"")
        }
        var words = colored.split { $0.isWhitespace }[...]
        var look = RoleLook()
        if let first = words.first {
            look.foreground = try Shade(reading: first, of: line)
            words = words.dropFirst()
        }
        if words.first == "on" {
            guard words.count > 1 else {
                throw ThemeLineError(line, colored.endIndex, "expected a color after \"on\"")
            }
            look.background = try Shade(reading: words[words.startIndex + 1], of: line)
            words = words.dropFirst(2)
        }
        look.attributes = try Style.Attributes(reading: words, of: line)
        look.monoAttributes = look.attributes
        if parts.count == 2 {
            var mono = parts[1].split { $0.isWhitespace }[...]
            guard mono.first == "mono:" else {
                throw ThemeLineError(line, parts[1].trimmed.startIndex, "expected \"mono:\" after the comma")
            }
            mono = mono.dropFirst()
            look.monoAttributes = try Style.Attributes(reading: mono, of: line)
        }
        self = look
    }
}

extension Shade {
    fileprivate init(reading word: Substring, of line: Substring) throws(ThemeLineError) {
        let parts = word.split(separator: "/", omittingEmptySubsequences: false)
        guard let best = parts.first, parts.count <= 3 else {
            throw ThemeLineError(line, word.startIndex, "expected at most \"#rrggbb/0-255/name\"")
        }
        var shade = Shade(try Color(reading: best, of: line))
        if parts.count > 1 { shade.among16 = try Color(reading: parts[parts.count - 1], of: line) }
        if parts.count > 2 { shade.among256 = try Color(reading: parts[1], of: line) }
        self = shade
    }
}

extension Color {
    private static let names = [
        "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright-black", "bright-red",
        "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
    ]

    fileprivate init(reading word: Substring, of line: Substring) throws(ThemeLineError) {
        if word == "default" {
            self = .default
        } else if let index = Self.names.firstIndex(of: String(word)) {
            self = .indexed(UInt8(index))
        } else if let index = UInt8(word) {
            self = .indexed(index)
        } else if let color = Color(hex: String(word)) {
            self = color
        } else {
            let hint = Spelling.nearest(to: String(word), among: Self.names).map { "; did you mean \"\($0)\"?" }
            let allowed = "; a color is #rrggbb, 0-255, default, or a name such as green or bright-green"
            throw ThemeLineError(line, word.startIndex, "unknown color \"\(word)\"\(hint ?? allowed)")
        }
    }
}

extension Style.Attributes {
    private static let names: [(String, Style.Attributes)] = [
        ("bold", .bold), ("dim", .dim), ("reverse", .reverse), ("underline", .underline), ("none", []),
    ]

    fileprivate init(reading words: ArraySlice<Substring>, of line: Substring) throws(ThemeLineError) {
        self = []
        for word in words {
            guard let (_, attribute) = Self.names.first(where: { $0.0 == word }) else {
                let hint = Spelling.hint(for: String(word), among: Self.names.map(\.0))
                throw ThemeLineError(line, word.startIndex, "unknown attribute \"\(word)\"\(hint)")
            }
            insert(attribute)
        }
    }
}

/// What is wrong in a line of a theme file.
private struct ThemeLineError: Error {
    let column: Int
    let message: String

    init(_ line: Substring, _ place: Substring.Index, _ message: String) {
        column = line.distance(from: line.startIndex, to: place) + 1
        self.message = message
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = drop { $0.isWhitespace }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
