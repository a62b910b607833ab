/// What a request asks for: a path, and a query if there is one; or the server as a whole.
public struct Target: Hashable, Sendable {
    /// The path, in its normal form.
    public var path: RequestPath
    /// What stands behind the question mark, byte for byte; nil without one, empty for one with nothing behind it.
    public internal(set) var query: String?

    /// The longest target that is taken if nothing else is said, in bytes: RFC 9110, section 4.1, asks for 8 000.
    public static var standardLimit: Int { 8_192 }

    /// The server as a whole, `*` (RFC 9112, section 3.2.4).
    public static var server: Target { Target(path: .server) }

    /// Whether it is the server as a whole.
    public var isServer: Bool { path == .server }

    /// The target that a text spells in origin form (RFC 9112, section 3.2.1); ``RequestTarget`` reads the others too.
    /// - Parameter mostBytes: longer ones are refused with 414.
    /// - Throws: a ``RequestError``; see ``RequestPath`` for paths. A query may hold any visible ASCII character but `#`:
    ///   clients send more of them than RFC 3986 allows, and what is encoded in it, or badly, is the backend's affair.
    public init(_ text: String, mostBytes: Int = Target.standardLimit) throws(RequestError) {
        try self.init(bytes: text.utf8.span, mostBytes: mostBytes)
    }

    /// The target that bytes spell in origin form, see ``init(_:mostBytes:)``.
    public init(bytes: borrowing Span<UInt8>, mostBytes: Int = Target.standardLimit) throws(RequestError) {
        guard bytes.count <= mostBytes else { throw .targetTooLong(most: mostBytes) }
        var end = 0
        while end < bytes.count, bytes[end] != 0x3f { end += 1 }
        path = try RequestPath(bytes: bytes.extracting(0..<end))
        guard end < bytes.count else {
            query = nil
            return
        }
        for index in end..<bytes.count {
            let byte = bytes[index]
            guard byte &- 0x21 < 0x5e, byte != 0x23 else { throw .byteInTarget(byte) }
        }
        query = bytes.extracting(end + 1..<bytes.count).text
    }

    /// This path without a query.
    public init(path: RequestPath) {
        self.path = path
        query = nil
    }
}

extension Target: CustomStringConvertible {
    /// The target as it is sent on, in origin form, or `*`.
    public var description: String { query.map { "\(path.text)?\($0)" } ?? path.text }
}
