/// The name of a header field; letters in upper and lower case are the same (RFC 9110, section 5.1).
public struct HeaderName: Hashable, Sendable {
    /// 1 to 63 for the names that have a member of their own, zero for any other.
    let code: UInt8
    /// The name in lower case, as HTTP/2 sends it.
    public let text: String

    init(_ code: UInt8, _ text: String) {
        self.code = code
        self.text = text
    }

    /// The name that a text spells, in any case.
    /// - Throws: ``RequestError/malformedName`` for one that is empty or no token (section 5.6.2).
    public init(_ text: String) throws(RequestError) {
        try self.init(bytes: text.utf8.span)
    }

    /// The name that bytes spell, in any case.
    /// - Throws: ``RequestError/malformedName`` for one that is empty or no token (section 5.6.2).
    public init(bytes: borrowing Span<UInt8>) throws(RequestError) {
        switch Self.code(of: bytes) {
        case nil: throw .malformedName
        case 0?: self.init(0, Self.lowercased(bytes))
        case let code?: self = Self.withMembers[Int(code)]
        }
    }

    /// The code of a name in any case; nil if it is no token.
    static func code(of bytes: borrowing Span<UInt8>) -> UInt8? {
        guard !bytes.isEmpty else { return nil }
        var hash: UInt32 = 0
        for index in 0..<bytes.count {
            let byte = bytes[index]
            guard byte.isTokenCharacter else { return nil }
            hash = Self.hash(hash, byte)
        }
        // Open addressing; the table is never full.
        var place = Self.place(hash)
        while true {
            let code = Self.codes[place]
            if code == 0 || Self.spells(bytes, Self.withMembers[Int(code)].text) { return code }
            place = (place + 1) & 255
        }
    }

    private static func hash(_ hash: UInt32, _ byte: UInt8) -> UInt32 {
        (hash ^ UInt32(byte.lowercased)) &* 0x0100_0193
    }

    private static func place(_ hash: UInt32) -> Int { Int((hash ^ hash >> 13) & 255) }

    private static let codes: [UInt8] = {
        var codes = [UInt8](repeating: 0, count: 256)
        for name in withMembers.dropFirst() {
            var place = place(name.text.utf8.reduce(0, hash))
            while codes[place] != 0 { place = (place + 1) & 255 }
            codes[place] = name.code
        }
        return codes
    }()

    /// Whether bytes in any case spell a text in lower case.
    static func spells(_ bytes: borrowing Span<UInt8>, _ text: String) -> Bool {
        let expected = text.utf8.span
        guard bytes.count == expected.count else { return false }
        for index in 0..<bytes.count where bytes[index].lowercased != expected[index] { return false }
        return true
    }

    private static func lowercased(_ bytes: borrowing Span<UInt8>) -> String {
        var lowercased: [UInt8] = []
        lowercased.reserveCapacity(bytes.count)
        for index in 0..<bytes.count { lowercased.append(bytes[index].lowercased) }
        return lowercased.span.text
    }
}

extension HeaderName {
    /// Whether both are the same name.
    public static func == (left: HeaderName, right: HeaderName) -> Bool {
        left.code == right.code && (left.code != 0 || left.text == right.text)
    }

    /// Adds the name to a hash.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        if code == 0 { hasher.combine(text) }
    }
}

extension HeaderName: Comparable {
    /// By the bytes of the texts.
    public static func < (left: HeaderName, right: HeaderName) -> Bool { left.text < right.text }
}

extension HeaderName: CustomStringConvertible {
    /// The name in lower case.
    public var description: String { text }
}
