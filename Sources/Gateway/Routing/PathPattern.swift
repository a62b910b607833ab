public import Timeline

/// Which paths a route is for: `/orders/{id}/items`, or `/static/*` for everything below.
///
/// A pattern is a list of segments after slashes. A literal stands for its bytes, a parameter for one segment that is not
/// empty, and a rest, which can only be last, for all that remains, slashes included, be it nothing: `/static/*` matches
/// `/static/` and not `/static`. Slashes at the end count: `/orders` and `/orders/` are two paths, as RFC 3986 has it
/// (section 6.2.3), and a pattern matches the one that it was written as. Bytes are compared as they are in the path, in
/// upper and lower case apart; what percent-encoding means is settled before, when a path is normalised.
public struct PathPattern: Hashable, Sendable {
    /// What stands between two slashes.
    public enum Segment: Hashable, Sendable {
        /// These bytes; none only after a slash at the end.
        case literal(String)
        /// Any one segment that is not empty, by this name.
        case parameter(String)
        /// All that remains.
        case rest
    }

    /// How many segments a pattern can have.
    public static let mostSegments = 32
    /// How many parameters a pattern can have, its rest included.
    public static let mostParameters = 8
    /// How many bytes a pattern can have.
    public static let longest = 1_024

    /// The pattern as it was written.
    public let text: String
    /// Its segments, from the left.
    public let segments: [Segment]
    /// The names of its parameters from the left; that of a rest is `*`.
    public let parameterNames: [String]

    /// Reads a pattern.
    /// - Parameter text: begins with a slash. A literal has the characters of a path (RFC 3986, section 3.3), others
    ///   percent-encoded, and no `*`; it is neither `.` nor `..`. A parameter's name has letters, digits and `_`, does not
    ///   begin with a digit, and occurs once.
    /// - Throws: a ``SettingError`` for anything else, and for more than ``mostSegments``, ``mostParameters`` or
    ///   ``longest``.
    public init(_ text: String) throws(SettingError) {
        let pieces = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard text.utf8.first == UInt8(ascii: "/") else {
            throw Self.error(text, "a path that begins with /")
        }
        guard text.utf8.count <= Self.longest, pieces.count - 1 <= Self.mostSegments else {
            throw Self.error(text, "\(Self.longest) bytes and \(Self.mostSegments) segments at most")
        }
        var (segments, names): ([Segment], [String]) = ([], [])
        for (place, piece) in pieces.enumerated().dropFirst() {
            let segment = try Self.segment(piece, isLast: place == pieces.count - 1, of: text)
            segments.append(segment)
            guard let name = segment.name else { continue }
            guard !names.contains(name) else { throw Self.error(text, "each name once, and not {\(name)} again") }
            names.append(name)
        }
        guard names.count <= Self.mostParameters else {
            throw Self.error(text, "\(Self.mostParameters) parameters at most")
        }
        self.text = text
        self.segments = segments
        parameterNames = names
    }

    private static func error(_ text: String, _ allowed: String) -> SettingError {
        SettingError("path", given: text, allowed: allowed)
    }

    private static func segment(
        _ bytes: Substring.UTF8View, isLast: Bool, of text: String
    ) throws(SettingError) -> Segment {
        let piece = String(Substring(bytes))
        if piece == "*" {
            guard isLast else { throw error(text, "* only at the end") }
            return .rest
        }
        if bytes.first == UInt8(ascii: "{") {
            let name = String(piece.dropFirst().dropLast())
            guard bytes.count > 2, bytes.last == UInt8(ascii: "}"), isName(name) else {
                throw error(text, "parameters such as {id}: letters, digits and _, with no digit first")
            }
            return .parameter(name)
        }
        guard !piece.isEmpty || isLast else { throw error(text, "no empty segment but the last") }
        guard piece != ".", piece != "..", isLiteral(Array(bytes)) else {
            throw error(text, "characters of a path, others percent-encoded, and neither . nor .. as a segment")
        }
        return .literal(piece)
    }

    static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !first.isDigit else { return false }
        return name.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
    }

    /// Whether these are characters of a segment, without `*` (RFC 3986, section 3.3: pchar).
    static func isLiteral(_ bytes: [UInt8]) -> Bool {
        bytes.indices.allSatisfy { place in
            let byte = bytes[place]
            guard byte == UInt8(ascii: "%") else { return byte.isPathCharacter && byte != UInt8(ascii: "*") }
            return place + 2 < bytes.count && bytes[place + 1].hexadecimalValue != nil
                && bytes[place + 2].hexadecimalValue != nil
        }
    }
}

extension PathPattern: CustomStringConvertible {
    /// The pattern as it was written.
    public var description: String { text }
}

extension PathPattern.Segment {
    /// The name of a parameter; `*` for a rest.
    var name: String? {
        switch self {
        case .literal: nil
        case .parameter(let name): name
        case .rest: "*"
        }
    }
}
