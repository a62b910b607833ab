public import Timeline

/// A pattern of texts: `*` stands for any text, none included, `?` for any one Unicode scalar, and everything else for
/// itself.
///
/// It works on the bytes as they are, without an array of a text's characters. A match takes time in proportion to the
/// text's length, times the pattern's at worst: only the last `*` is ever tried again.
public struct Glob: Hashable, Sendable {
    /// How many bytes a pattern can have.
    public static let longest = 256

    /// The pattern as it was written.
    public let text: String
    private let bytes: [UInt8]

    /// Reads a pattern.
    /// - Throws: a ``SettingError`` for one of more than ``longest`` bytes.
    public init(_ text: String) throws(SettingError) {
        guard text.utf8.count <= Self.longest else {
            throw SettingError("pattern", given: "\(text.utf8.count) bytes", allowed: "\(Self.longest) at most")
        }
        self.text = text
        bytes = Array(text.utf8)
    }

    /// Whether a whole text is as the pattern says.
    public func matches(_ text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable(matches) ?? Array(text.utf8).withUnsafeBufferPointer(matches)
    }

    private func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var (place, element) = (0, 0)
        // The last star that was passed, and how far the text that it stands for reaches.
        var star: (element: Int, end: Int)?
        while place < text.count || element < bytes.count {
            if element < bytes.count, bytes[element] == UInt8(ascii: "*") {
                star = (element, place)
                element += 1
            } else if element < bytes.count, place < text.count, bytes[element] == UInt8(ascii: "?") {
                (place, element) = (Self.afterScalar(at: place, in: text), element + 1)
            } else if element < bytes.count, place < text.count, bytes[element] == text[place] {
                (place, element) = (place + 1, element + 1)
            } else if let last = star, last.end < text.count {
                let end = Self.afterScalar(at: last.end, in: text)
                star = (last.element, end)
                (place, element) = (end, last.element + 1)
            } else {
                return false
            }
        }
        return true
    }

    private static func afterScalar(at place: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var next = place + 1
        while next < text.count, text[next].isContinuation { next += 1 }
        return next
    }
}

extension UInt8 {
    /// Whether it goes on with a Unicode scalar that began before, in UTF-8.
    var isContinuation: Bool { self & 0xc0 == 0x80 }
}
