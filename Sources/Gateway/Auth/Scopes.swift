public import Timeline

/// What a token or a key allows, as a set of names (RFC 6749, section 3.3).
///
/// Names are compared whole, byte by byte, in upper and lower case apart: `orders` does not allow `orders:write`.
public struct Scopes: Hashable, Sendable {
    /// How many names there can be.
    public static let most = 64

    /// The names, sorted, each once.
    public let names: [String]

    /// No scopes.
    public static let none = Scopes()

    private init() { names = [] }

    /// Checks names.
    /// - Parameter names: up to ``most`` of visible ASCII characters without `"` and `\`; several times the same is once.
    /// - Throws: a ``SettingError`` for anything else.
    public init(_ names: [String]) throws(SettingError) {
        guard names.count <= Self.most else {
            throw SettingError("scopes", given: names.count, allowed: "\(Self.most) at most")
        }
        for name in names where name.isEmpty || !name.utf8.allSatisfy(Self.isAllowed) {
            throw SettingError("scope", given: name, allowed: "visible ASCII characters other than \" and \\")
        }
        self.names = names.sorted().reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    /// Reads names with spaces between them, as tokens have them.
    public init(text: String) throws(SettingError) {
        try self.init(text.split(separator: " ").map(String.init))
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// Whether there are none.
    public var isEmpty: Bool { names.isEmpty }

    /// Whether all of these are among them.
    public func include(_ wanted: Scopes) -> Bool {
        var place = 0
        for name in wanted.names {
            while place < names.count, names[place] != name { place += 1 }
            if place == names.count { return false }
        }
        return true
    }
}

extension Scopes: CustomStringConvertible {
    /// The names with spaces between them.
    public var description: String { names.joined(separator: " ") }
}
