public import Timeline

/// The name of what is protected, as challenges give it (RFC 9110, section 11.5).
public struct Realm: Hashable, Sendable {
    /// The name.
    public let name: String

    /// Checks a name: up to 256 printable ASCII characters without `"` and `\`.
    /// - Throws: a ``SettingError`` for another.
    public init(_ name: String) throws(SettingError) {
        let isPlain = name.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }
        guard isPlain, name.utf8.count <= 256 else {
            throw SettingError("realm", given: name, allowed: "256 printable ASCII characters other than \" and \\")
        }
        self.name = name
    }

    private init(known name: String) { self.name = name }

    /// `gateway`.
    public static let gateway = Realm(known: "gateway")
}

extension Realm: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
