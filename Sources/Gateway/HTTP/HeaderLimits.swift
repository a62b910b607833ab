public import Timeline

/// How much the fields of a message may be together; more is refused with 431 (RFC 6585, section 5).
public struct HeaderLimits: Hashable, Sendable {
    /// The bytes of all fields as lines of HTTP/1.1.
    public let bytes: Int
    /// The number of fields.
    public let fields: Int

    /// 64 kB and 100 fields, as Apache's `LimitRequestFields` and Envoy's `max_headers_count` have it.
    public init() {
        bytes = 65_536
        fields = 100
    }

    /// Checks limits.
    /// - Parameters:
    ///   - bytes: 0 to 16 777 216.
    ///   - fields: 0 to 100 000.
    /// - Throws: a ``SettingError`` for a limit out of its range.
    public init(bytes: Int = 65_536, fields: Int = 100) throws(SettingError) {
        guard (0...16_777_216).contains(bytes) else {
            throw SettingError("bytes", given: bytes, allowed: "0 to 16777216")
        }
        guard (0...100_000).contains(fields) else {
            throw SettingError("fields", given: fields, allowed: "0 to 100000")
        }
        self.bytes = bytes
        self.fields = fields
    }
}
