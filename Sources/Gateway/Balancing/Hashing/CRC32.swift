/// CRC-32 as Ethernet, gzip and nginx have it (IEEE 802.3; RFC 1952, section 8): the checksum by which nginx and
/// memcached's clients place keys.
///
/// The cache's files are checked by another, CRC-32C.
public struct CRC32: Hashable, Sendable {
    private var register = UInt32.max

    /// The checksum of no bytes.
    public init() {}

    /// The checksum of the bytes so far.
    public var value: UInt32 { ~register }

    /// The checksum of a text's UTF-8 bytes.
    public static func of(_ text: String) -> UInt32 {
        var sum = CRC32()
        sum.mix(text.utf8.span)
        return sum.value
    }

    /// Adds bytes.
    public mutating func mix(_ bytes: Span<UInt8>) {
        let bytes = bytes.bytes
        let tables = Self.tables
        var register = register
        var place = 0
        // Eight bytes at a time (Kounavis and Berry, *Novel Table Lookup-Based Algorithms*, 2008).
        while place + 8 <= bytes.byteCount {
            let word = UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self))
            let mixed = word ^ UInt64(register)
            register = 0
            for lane in 0..<8 {
                register ^= tables[(7 - lane) << 8 | Int(mixed >> (8 * UInt64(lane)) & 0xff)]
            }
            place += 8
        }
        while place < bytes.byteCount {
            let byte = bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt8.self)
            register = tables[Int(UInt8(truncatingIfNeeded: register) ^ byte)] ^ register >> 8
            place += 1
        }
        self.register = register
    }

    /// Adds a number, the least byte first.
    public mutating func mix(_ number: UInt32) {
        for lane in 0..<4 as Range<UInt32> {
            let byte = UInt8(truncatingIfNeeded: register ^ number >> (8 * lane))
            register = Self.tables[Int(byte)] ^ register >> 8
        }
    }

    /// What a byte does to the register with none to seven bytes after it; the polynomial with its bits reversed.
    private static let tables: [UInt32] = {
        var tables = (0..<256 as Range<UInt32>).map { byte in
            (0..<8).reduce(byte) { register, _ in register >> 1 ^ (register & 1 == 0 ? 0 : 0xedb8_8320) }
        }
        for entry in 256..<2_048 {
            let before = tables[entry - 256]
            tables.append(tables[Int(before & 0xff)] ^ before >> 8)
        }
        return tables
    }()
}
