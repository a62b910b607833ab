/// The target of a request line as it came (RFC 9112, section 3.2): what is asked for, and of which host if it says so.
public struct RequestTarget: Hashable, Sendable {
    /// What is asked for, in the form in which it is sent on.
    public let target: Target
    /// The host, with its port if it has one; nil but in absolute form.
    public let authority: String?

    /// Reads the forms that a method has: origin form; absolute form of HTTP, as it is sent to a proxy and has to be taken by
    /// any server (section 3.2.2); and for OPTIONS the asterisk (section 3.2.4). The form of CONNECT (section 3.2.3) is refused
    /// with it.
    /// - Parameter mostBytes: longer ones are refused with 414.
    /// - Throws: a ``RequestError``, as ``Target/init(_:mostBytes:)`` does, and for a form that the method does not have.
    public init(_ text: String, of method: Method, mostBytes: Int = Target.standardLimit) throws(RequestError) {
        try self.init(bytes: text.utf8.span, of: method, mostBytes: mostBytes)
    }

    /// The target that bytes spell, see ``init(_:of:mostBytes:)``.
    public init(
        bytes: borrowing Span<UInt8>, of method: Method, mostBytes: Int = Target.standardLimit
    ) throws(RequestError) {
        if let start = Self.authorityStart(bytes) {
            guard bytes.count <= mostBytes else { throw .targetTooLong(most: mostBytes) }
            let end = Self.authorityEnd(bytes, from: start)
            guard end > start else { throw .malformedHost }
            authority = bytes.extracting(start..<end).text
            target = try Self.target(bytes.extracting(end..<bytes.count), of: method)
        } else {
            authority = nil
            let isAsterisk = bytes.count == 1 && bytes[0] == 0x2a && method == .options
            target = isAsterisk ? .server : try Target(bytes: bytes, mostBytes: mostBytes)
        }
    }

    /// Where the authority begins behind `http://` or `https://`, in any case of letters; nil for anything else.
    private static func authorityStart(_ bytes: borrowing Span<UInt8>) -> Int? {
        for count in [7, 8] where bytes.count >= count {
            let scheme: StaticString = count == 7 ? "http://" : "https://"
            if bytes.extracting(0..<count).equals(lowercase: scheme) { return count }
        }
        return nil
    }

    private static func authorityEnd(_ bytes: borrowing Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] != 0x2f, bytes[end] != 0x3f, bytes[end] != 0x23 { end += 1 }
        return end
    }

    /// What stands behind the authority.
    private static func target(_ rest: borrowing Span<UInt8>, of method: Method) throws(RequestError) -> Target {
        // Without a path, OPTIONS means the server as a whole (RFC 9112, section 3.2.4).
        guard !rest.isEmpty else { return method == .options ? .server : Target(path: .root) }
        guard rest[0] != 0x2f else { return try Target(bytes: rest, mostBytes: rest.count) }
        // An empty path is the root (RFC 9110, section 4.2.3).
        var origin: [UInt8] = [0x2f]
        origin.append(rest)
        return try Target(bytes: origin.span, mostBytes: origin.count)
    }
}
