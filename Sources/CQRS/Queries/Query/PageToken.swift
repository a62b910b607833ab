import Timeline

/// Where a query goes on, in a form that its caller keeps and cannot read.
///
/// It holds the key of the last item that was read, not a number of items: what comes or goes on earlier pages moves
/// nothing. It also holds the query's fingerprint, so that it is of no use to another query. It is no secret: somebody
/// who forges one decides where the own query goes on, which it may.
public struct PageToken: Hashable, Sendable {
    /// The query that it belongs to; see ``Query/fingerprint``.
    public let fingerprint: UInt64
    /// How many items were on the pages before.
    public let itemsBefore: Int
    /// The key of the last of them.
    public let after: [UInt8]

    /// Where a query goes on.
    public init(fingerprint: UInt64, itemsBefore: Int, after: [UInt8]) {
        self.fingerprint = fingerprint
        self.itemsBefore = max(0, itemsBefore)
        self.after = after
    }

    /// The token in hexadecimal digits: a version, fingerprint, number of items, key and a digest of these.
    public var text: String {
        var bytes: [UInt8] = [Self.version]
        bytes.append(number: fingerprint)
        bytes.append(number: Int64(itemsBefore))
        bytes += after
        bytes.append(number: Self.digest(of: bytes[...]))
        return String(
            decoding: bytes.flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Reads a token; anything will do.
    /// - Throws: what is wrong with it, and at which digit.
    public init(_ text: String) throws(PageTokenError) {
        let bytes = try Self.bytes(of: text)
        guard let version = bytes.first else { throw .notAToken(position: 0) }
        guard version == Self.version else { throw .otherVersion(version, known: Self.version) }
        let end = bytes.count - Self.digestLength
        var reader = ByteReader(bytes, upTo: end)
        guard end >= Self.headLength, reader.take(1) != nil, let fingerprint: UInt64 = reader.number(),
            let itemsBefore: Int64 = reader.number(), let after = reader.take(reader.left)
        else { throw .damaged }
        var tail = ByteReader(bytes)
        guard tail.take(end) != nil, tail.number(UInt64.self) == Self.digest(of: bytes[..<end]), itemsBefore >= 0 else {
            throw .damaged
        }
        self.init(fingerprint: fingerprint, itemsBefore: Int(itemsBefore), after: Array(after))
    }

    private static let version: UInt8 = 1
    private static let headLength = 17
    private static let digestLength = 8
    private static let digits = Array("0123456789abcdef".utf8)

    private static func digest(of bytes: ArraySlice<UInt8>) -> UInt64 {
        var digest = Digest()
        digest.mix(bytes: bytes)
        return digest.value
    }

    private static func bytes(of text: String) throws(PageTokenError) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        var position = 0
        for digit in text.utf8 {
            guard let value = digits.firstIndex(of: digit).map({ UInt8($0) }) else {
                throw .notAToken(position: position)
            }
            if let first = high { bytes.append(first << 4 | value) }
            high = high == nil ? value : nil
            position += 1
        }
        if high != nil { throw .notAToken(position: position) }
        return bytes
    }
}

/// Why a text is no token for a query.
public enum PageTokenError: Error, Hashable, Sendable {
    /// It is no token at all, as shows at this digit.
    case notAToken(position: Int)
    /// Another version wrote it.
    case otherVersion(UInt8, known: UInt8)
    /// It is cut off or changed.
    case damaged
    /// It belongs to another query.
    case otherQuery
}

extension PageTokenError: CustomStringConvertible {
    /// One line for whoever asks.
    public var description: String {
        switch self {
        case .notAToken(let position): "page token: not one, at digit \(position)"
        case .otherVersion(let version, let known):
            "page token: of version \(version), this one reads \(known); begin with the first page"
        case .damaged: "page token: damaged; begin with the first page"
        case .otherQuery: "page token: of another query; begin with the first page"
        }
    }
}
