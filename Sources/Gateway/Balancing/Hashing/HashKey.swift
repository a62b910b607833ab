public import Timeline

/// What a consistent hash places a request by: a header of its, else its path.
///
/// The guide's rule: the session if there is one, so that all its requests meet the same backend and what that
/// remembers of it; else the path, so that each backend sees a part of the paths and its cache need hold no more.
public struct HashKey: Hashable, Sendable {
    /// The header's name; names differ from each other only by more than case (RFC 9110, section 5.1).
    public let header: String

    /// By this header.
    /// - Parameter header: a field name of 1 to 256 bytes, by default `X-Session-ID`.
    /// - Throws: a ``SettingError`` for a name that no header can have.
    public init(header: String = "X-Session-ID") throws(SettingError) {
        guard (1...256).contains(header.utf8.count), header.utf8.allSatisfy(Self.isTokenByte) else {
            throw SettingError("header", given: header, allowed: "a field name of 1 to 256 bytes")
        }
        self.header = header
    }

    /// The key of a request; an empty header counts as none.
    /// - Parameters:
    ///   - value: what the header says; nil if the request has none.
    ///   - path: the path of the request, without the query.
    public func key(value: String?, path: String) -> String {
        if let value, !value.isEmpty { return value }
        return path
    }

    /// RFC 9110, section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
