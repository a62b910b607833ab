extension Target {
    /// The target of a request line, in the forms that its method has (RFC 9112, section 3.2): origin form; absolute form of
    /// HTTP, as it is sent to a proxy and has to be taken by any server (section 3.2.2); and for OPTIONS the asterisk
    /// (section 3.2.4). The form of CONNECT (section 3.2.3) is refused with it.
    /// - Parameter mostBytes: longer ones are refused with 414.
    /// - Throws: a ``RequestError``, as ``init(_:mostBytes:)`` does, and for a form that the method does not have.
    public init(_ text: String, of method: Method, mostBytes: Int = Target.standardLimit) throws(RequestError) {
        try self.init(bytes: text.utf8.span, of: method, mostBytes: mostBytes)
    }

    /// The target that bytes spell, see ``init(_:of:mostBytes:)``.
    public init(
        bytes: borrowing Span<UInt8>, of method: Method, mostBytes: Int = Target.standardLimit
    ) throws(RequestError) {
        if bytes.count == 1, bytes[0] == 0x2a {
            guard method == .options else { throw .targetForm }
            self = .server
        } else if let start = Self.authorityStart(bytes) {
            guard bytes.count <= mostBytes else { throw .targetTooLong(most: mostBytes) }
            try self.init(absolute: bytes, from: start, of: method)
        } else {
            try self.init(bytes: bytes, mostBytes: mostBytes)
        }
    }

    private static var server: Target {
        var target = Target(path: .root)
        target.isServer = true
        return target
    }

    /// Where the authority begins behind `http://` or `https://`, in any case of letters; nil for anything else.
    private static func authorityStart(_ bytes: borrowing Span<UInt8>) -> Int? {
        for count in [7, 8] where bytes.count >= count {
            let scheme: StaticString = count == 7 ? "http://" : "https://"
            if bytes.extracting(0..<count).equals(lowercase: scheme) { return count }
        }
        return nil
    }

    private init(absolute bytes: borrowing Span<UInt8>, from start: Int, of method: Method) throws(RequestError) {
        var end = start
        while end < bytes.count, bytes[end] != 0x2f, bytes[end] != 0x3f, bytes[end] != 0x23 { end += 1 }
        guard end > start else { throw .malformedHost }
        if end < bytes.count, bytes[end] == 0x2f {
            try self.init(bytes: bytes.extracting(end..<bytes.count), mostBytes: bytes.count)
        } else if end < bytes.count {
            // An empty path is the root (RFC 9110, section 4.2.3).
            var origin: [UInt8] = [0x2f]
            origin.append(bytes.extracting(end..<bytes.count))
            try self.init(bytes: origin.span, mostBytes: origin.count)
        } else {
            // Without a path, OPTIONS means the server as a whole (RFC 9112, section 3.2.4).
            self = method == .options ? .server : Target(path: .root)
        }
        authority = bytes.extracting(start..<end).text
    }
}
