public import Timeline

/// Gives each request a name under which all logs know it, in the field `X-Request-ID`.
///
/// The name that a client gives is kept if it is well-formed: one field, not too long, of letters, digits and
/// `-._~:+/=@` alone, so that it harms no log and no list. Any other is replaced by a random UUID (RFC 9562, section 5.4).
public struct RequestIDs: Hashable, Sendable {
    /// Whether well-formed names of clients are kept.
    public let keepsIncoming: Bool
    /// The longest name that is kept, in bytes.
    public let mostBytes: Int

    /// Checks the settings.
    /// - Parameters:
    ///   - keepsIncoming: whether well-formed names of clients are kept; true by default.
    ///   - mostBytes: 1 to 1 024; 128 by default.
    /// - Throws: a ``SettingError`` for a length out of its range.
    public init(keepsIncoming: Bool = true, mostBytes: Int = 128) throws(SettingError) {
        guard (1...1_024).contains(mostBytes) else {
            throw SettingError("mostBytes", given: mostBytes, allowed: "1 to 1024")
        }
        self.keepsIncoming = keepsIncoming
        self.mostBytes = mostBytes
    }

    /// Gives a request a name, unless it has one that is kept. Nothing is drawn for a name that is kept.
    /// - Returns: whether the client's name was kept.
    @discardableResult
    public func identify(_ headers: inout Headers, using random: inout RandomStream) -> Bool {
        if keepsIncoming, let range = headers.onlyValue(of: .xRequestID), isWellFormed(headers, range) { return true }
        headers.replace(.xRequestID) { Self.writeUUID(to: &$0, using: &random) }
        return false
    }

    /// Tells the client the name of its request.
    public func echo(of request: Headers, to response: inout Headers) {
        guard let slot = request.slot(of: .xRequestID) else { return }
        response.replace(.xRequestID, with: request.storage.span.extracting(request.slots[slot].value))
    }

    private func isWellFormed(_ headers: Headers, _ range: Range<Int>) -> Bool {
        guard (1...mostBytes).contains(range.count) else { return false }
        let bytes = headers.storage.span
        for index in range where !Self.isAllowed(bytes[index]) { return false }
        return true
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        // Besides what is unreserved: + / : = @.
        byte.isUnreserved || byte == 0x2b || byte == 0x2f || byte == 0x3a || byte == 0x3d || byte == 0x40
    }

    private static func writeUUID(to bytes: inout [UInt8], using random: inout RandomStream) {
        let high = random.next() & ~0xf000 | 0x4000
        let low = random.next() & ~(3 << 62) | 1 << 63
        bytes.append(text: UInt32(truncatingIfNeeded: high >> 32).hexadecimalDigits)
        bytes.append(0x2d)
        let middle = UInt32(truncatingIfNeeded: high).hexadecimalDigits
        bytes.append(text: middle, count: 4)
        bytes.append(0x2d)
        bytes.append(text: middle << 32, count: 4)
        bytes.append(0x2d)
        let last = UInt32(truncatingIfNeeded: low >> 32).hexadecimalDigits
        bytes.append(text: last, count: 4)
        bytes.append(0x2d)
        bytes.append(text: last << 32, count: 4)
        bytes.append(text: UInt32(truncatingIfNeeded: low).hexadecimalDigits)
    }
}
