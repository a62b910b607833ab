public import Timeline

/// Finds requests whose target looks like an attack: a first sieve, which keeps noise from backends and names it in the
/// log. It is no proof against somebody who knows it, and a harmless query may look like an attack.
///
/// Path and query are read once, decoded once, letters in lower case; any run of blanks and line breaks, and in a query
/// the plus sign, is one space. Besides the rules it refuses, if nothing else is said, NUL bytes and what is encoded twice
/// (a percent sign that was encoded itself, before two hexadecimal digits).
public struct SuspiciousRequests: Hashable, Sendable {
    /// A run of bytes that is not to occur.
    public struct Rule: Hashable, Sendable {
        /// Where it is looked for.
        public enum Place: Hashable, Sendable {
            /// In the path.
            case path
            /// In the query.
            case query
            /// In both.
            case target
        }

        /// What the rule is called; several may share a name.
        public let name: String
        /// The bytes, in lower case, decoded, with single spaces.
        public let pattern: String
        /// Where it is looked for.
        public let place: Place

        /// A rule.
        public init(_ name: String, _ pattern: String, in place: Place = .target) {
            self.name = name
            self.pattern = pattern
            self.place = place
        }
    }

    /// The rules, in the order in which they are named when several hit at the same byte.
    public let rules: [Rule]
    /// Whether NUL bytes are refused; the rule is called `NUL`.
    public let refusesNUL: Bool
    /// Whether what is encoded twice is refused; the rule is called `double encoding`.
    public let refusesDoubleEncoding: Bool

    private let automaton: PatternAutomaton
    private let inPath: UInt64
    private let inQuery: UInt64

    /// Checks the settings.
    /// - Parameters:
    ///   - rules: at most 64, of 2 to 64 bytes each; ``standardRules`` by default.
    ///   - refusesNUL: true by default.
    ///   - refusesDoubleEncoding: true by default.
    /// - Throws: a ``SettingError`` for rules out of their range.
    public init(
        rules: [Rule] = SuspiciousRequests.standardRules, refusesNUL: Bool = true, refusesDoubleEncoding: Bool = true
    ) throws(SettingError) {
        guard rules.count <= 64 else { throw SettingError("rules", given: rules.count, allowed: "at most 64") }
        var (inPath, inQuery): (UInt64, UInt64) = (0, 0)
        for (index, rule) in rules.enumerated() {
            let bytes = rule.pattern.utf8
            guard (2...64).contains(bytes.count), bytes.allSatisfy({ $0 == $0.lowercased }) else {
                throw SettingError("rules", given: rule.pattern, allowed: "2 to 64 bytes in lower case")
            }
            if rule.place != .query { inPath |= 1 << UInt64(index) }
            if rule.place != .path { inQuery |= 1 << UInt64(index) }
        }
        self.rules = rules
        self.refusesNUL = refusesNUL
        self.refusesDoubleEncoding = refusesDoubleEncoding
        self.inPath = inPath
        self.inQuery = inQuery
        automaton = PatternAutomaton(rules.map { Array($0.pattern.utf8) })
    }

    /// The name of the rule that a target breaks first; nil if it breaks none.
    public func brokenRule(_ target: Target) -> String? {
        if let name = brokenRule(target.path.text.utf8.span, inPath, isQuery: false) { return name }
        guard let query = target.query else { return nil }
        return brokenRule(query.utf8.span, inQuery, isQuery: true)
    }

    private func brokenRule(_ bytes: borrowing Span<UInt8>, _ wanted: UInt64, isQuery: Bool) -> String? {
        var state = PatternAutomaton.start
        var index = 0
        var wasSpace = false
        while index < bytes.count {
            var byte = bytes[unchecked: index]
            index += 1
            if byte == 0x25 {
                (byte, index) = Self.decoded(bytes, at: index - 1)
                if byte == 0, refusesNUL { return "NUL" }
                if byte == 0x25, refusesDoubleEncoding, Self.isEncodedTwice(bytes, from: index) {
                    return "double encoding"
                }
            }
            if byte == 0x2b, isQuery, bytes[index - 1] == 0x2b { byte = 0x20 }
            let isSpace = byte == 0x20 || byte &- 9 < 5
            if isSpace, wasSpace { continue }
            wasSpace = isSpace
            let hits = automaton.step(&state, isSpace ? 0x20 : byte.lowercased) & wanted
            if hits != 0 { return rules[hits.trailingZeroBitCount].name }
        }
        return nil
    }

    /// Whether the percent sign that was encoded just before stands before two digits, which may be encoded themselves.
    private static func isEncodedTwice(_ bytes: borrowing Span<UInt8>, from start: Int) -> Bool {
        // A percent sign as it is, that encodes nothing, is nothing that was encoded.
        guard bytes[start - 1] != 0x25 else { return false }
        let (first, next) = decoded(bytes, at: start)
        let (second, _) = decoded(bytes, at: next)
        return first.hexadecimalValue != nil && second.hexadecimalValue != nil
    }

    /// The byte that is meant at a place, and where the next begins; NUL behind the end.
    private static func decoded(_ bytes: borrowing Span<UInt8>, at index: Int) -> (byte: UInt8, next: Int) {
        guard index < bytes.count else { return (0, index) }
        guard bytes[index] == 0x25, index + 2 < bytes.count, let high = bytes[index + 1].hexadecimalValue,
            let low = bytes[index + 2].hexadecimalValue
        else { return (bytes[index], index + 1) }
        return (high << 4 | low, index + 3)
    }
}

extension SuspiciousRequests {
    /// Leaving a folder, scripts and SQL.
    public static let standardRules: [Rule] = [
        Rule("traversal", "../"), Rule("traversal", #"..\"#), Rule("traversal", "/etc/passwd"),
        Rule("script", "<script", in: .query), Rule("script", "javascript:", in: .query),
        Rule("script", "<img src", in: .query), Rule("script", "<svg", in: .query),
        Rule("script", "onerror=", in: .query), Rule("script", "onload=", in: .query),
        Rule("SQL", "union select", in: .query), Rule("SQL", "union all select", in: .query),
        Rule("SQL", "' or '", in: .query), Rule("SQL", "' or 1=1", in: .query), Rule("SQL", "\" or \"", in: .query),
        Rule("SQL", "; drop table", in: .query), Rule("SQL", ";drop table", in: .query),
        Rule("SQL", "'; --", in: .query), Rule("SQL", "'--", in: .query), Rule("SQL", "xp_cmdshell", in: .query),
        Rule("SQL", "information_schema", in: .query),
    ]
}
