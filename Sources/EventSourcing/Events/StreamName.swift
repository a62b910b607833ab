public import Timeline

/// The name of a stream: the kind of thing that it is about, a dash, and which one: `order-4711`.
///
/// What stands before the first dash is its category, as in message-db; a name without a dash is its own category.
public struct StreamName: Hashable, Sendable {
    /// The name.
    public let text: String

    /// How many bytes a name may have.
    public static var limit: Int { 250 }

    /// A name of 1 to 250 bytes, without control characters.
    /// - Throws: a ``SettingError`` that names what is wrong with it.
    public init(_ text: String) throws(SettingError) {
        guard (1...Self.limit).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw SettingError("stream", given: "\"\(text)\"", allowed: "1 to 250 bytes without control characters")
        }
        self.text = text
    }

    /// The stream of one of a category.
    /// - Throws: a ``SettingError`` if the category holds a dash or the name is too long.
    public init(category: String, id: some CustomStringConvertible) throws(SettingError) {
        guard !category.utf8.contains(Self.dash) else {
            throw SettingError("category", given: "\"\(category)\"", allowed: "a name without a dash")
        }
        try self.init("\(category)-\(id)")
    }

    /// What stands before the first dash.
    public var category: Substring {
        text.utf8.firstIndex(of: Self.dash).map { text[..<$0] } ?? text[...]
    }

    /// What stands behind the first dash; nil without one.
    public var id: Substring? {
        text.utf8.firstIndex(of: Self.dash).map { text[text.utf8.index(after: $0)...] }
    }

    private static var dash: UInt8 { UInt8(ascii: "-") }
}

extension StreamName: Comparable, CustomStringConvertible {
    /// The name.
    public var description: String { text }

    /// Whether the left name comes first by its bytes' order.
    public static func < (left: StreamName, right: StreamName) -> Bool { left.text < right.text }
}
