/// The path of a request in its one normal form, so that routes, caches and checks see what backends see.
///
/// - Bytes that mean the same encoded or not (`unreserved`) are decoded, all other encoded ones stay so, with their
///   digits in upper case (RFC 3986, sections 6.2.2.1 and 6.2.2.2). So an encoded slash never parts segments, and what is
///   encoded twice is decoded once at most: `%252e` stays.
/// - Segments of one and two dots are resolved (sections 5.2.4 and 6.2.2.3), encoded ones too. A path that leads out of the
///   root is refused, as nginx does, where section 5.2.4 would drop the dots: clients resolve dots before they send, so
///   nobody sends such a path but who wants out.
/// - Refused are bytes that no path may hold (section 3.3), and NUL and other control characters even if encoded.
///
/// Empty segments stay: `//` is another path than `/`.
public struct RequestPath: Hashable, Sendable {
    /// The path, beginning with a slash, or the asterisk of ``Target/server``; ASCII.
    public let text: String

    /// `/`.
    public static var root: RequestPath { RequestPath(normal: "/") }

    /// What stands for the server as a whole: no path spells it.
    static var server: RequestPath { RequestPath(normal: "*") }

    init(normal text: String) {
        self.text = text
    }

    /// The normal form of a path.
    /// - Throws: a ``RequestError`` for a path that is refused.
    public init(_ text: String) throws(RequestError) {
        try self.init(bytes: text.utf8.span)
    }

    /// The normal form of a path.
    /// - Throws: a ``RequestError`` for a path that is refused.
    public init(bytes: borrowing Span<UInt8>) throws(RequestError) {
        guard !bytes.isEmpty, bytes[0] == 0x2f else { throw .targetForm }
        if try Self.isNormal(bytes) {
            text = bytes.text
        } else {
            var decoded = try Self.decoded(bytes)
            try Self.resolveDots(in: &decoded)
            text = decoded.span.text
        }
    }

    /// Whether there is nothing to decode or to resolve.
    private static func isNormal(_ bytes: borrowing Span<UInt8>) throws(RequestError) -> Bool {
        var isNormal = true
        var before: UInt8 = 0
        for index in 0..<bytes.count {
            let byte = bytes[index]
            if byte == 0x25 || (byte == 0x2e && before == 0x2f) {
                isNormal = false
            } else if byte != 0x2f, !byte.isPathCharacter {
                throw .byteInTarget(byte)
            }
            before = byte
        }
        return isNormal
    }

    private static func decoded(_ bytes: borrowing Span<UInt8>) throws(RequestError) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == 0x25 else {
                decoded.append(bytes[index])
                index += 1
                continue
            }
            guard index + 2 < bytes.count, let high = bytes[index + 1].hexadecimalValue,
                let low = bytes[index + 2].hexadecimalValue
            else { throw .percentEncoding }
            let byte = high << 4 | low
            guard byte >= 0x20, byte != 0x7f else { throw .byteInTarget(byte) }
            if byte.isUnreserved {
                decoded.append(byte)
            } else {
                decoded.append(0x25)
                decoded.append(.hexadecimalDigit(high, uppercase: true))
                decoded.append(.hexadecimalDigit(low, uppercase: true))
            }
            index += 3
        }
        return decoded
    }

    /// `remove_dot_segments` of RFC 3986, section 5.2.4, in place.
    private static func resolveDots(in bytes: inout [UInt8]) throws(RequestError) {
        // What is kept ends behind the slash that begins the segment at `start`.
        var kept = 1
        var start = 1
        while start <= bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x2f { end += 1 }
            switch dots(bytes, start..<end) {
            case 1: break
            case 2:
                guard kept > 1 else { throw .pathAboveRoot }
                kept -= 1
                while bytes[kept - 1] != 0x2f { kept -= 1 }
            default:
                for index in start..<end {
                    bytes[kept] = bytes[index]
                    kept += 1
                }
                if end < bytes.count {
                    bytes[kept] = 0x2f
                    kept += 1
                }
            }
            start = end + 1
        }
        bytes.removeLast(bytes.count - kept)
    }

    /// 1 or 2 for a segment of so many dots, else 0.
    private static func dots(_ bytes: [UInt8], _ segment: Range<Int>) -> Int {
        guard segment.count <= 2, segment.allSatisfy({ bytes[$0] == 0x2e }) else { return 0 }
        return segment.count
    }
}

extension RequestPath: CustomStringConvertible {
    /// The path.
    public var description: String { text }
}
