extension HeaderName {
    /// The names that concern one connection alone (RFC 9110, section 7.6.1), `Connection` first.
    static let ofConnection: [HeaderName] = [
        .connection, .keepAlive, .proxyConnection, .te, .transferEncoding, .upgrade,
    ]

    /// Whether the field frames a message or concerns one connection. No setting writes it: who could, could smuggle another
    /// request behind the first (RFC 9112, section 11.2).
    ///
    /// `Trailer` is among them, though it is passed on: what it announces is in the message's frame (RFC 9110, section 6.6.2).
    var isFraming: Bool { code != 0 && Self.framingBits & bit != 0 }

    private static let framingBits = bits(of: ofConnection + [.contentLength, .trailer])

    /// The bits of several names with a member.
    static func bits(of names: [HeaderName]) -> UInt64 { names.reduce(0) { $0 | $1.bit } }
}
