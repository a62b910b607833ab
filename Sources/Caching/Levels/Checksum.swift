/// A checksum of bytes: CRC-32C, which finds every change within 32 neighboring bits (Castagnoli, Bräuer and Herrmann,
/// *Optimization of Cyclic Redundancy-Check Codes with 24 and 32 Parity Bits*, 1993; RFC 3720, appendix B.4).
///
/// It finds damage; it is no protection against somebody who forges bytes.
public struct Checksum: Hashable, Sendable {
    private var register = UInt32.max

    /// The checksum of no bytes.
    public init() {}

    /// The checksum of the bytes so far.
    public var value: UInt32 { ~register }

    /// Adds bytes.
    public mutating func mix(_ bytes: Span<UInt8>) {
        let table = Self.table
        var register = register
        for place in bytes.indices {
            register = table[Int(UInt8(truncatingIfNeeded: register) ^ bytes[place])] ^ (register >> 8)
        }
        self.register = register
    }

    /// Adds bytes.
    public mutating func mix(_ bytes: [UInt8]) {
        mix(bytes.span)
    }

    /// What a byte does to the register; the polynomial with its bits reversed.
    private static let table: [UInt32] = (0..<256 as Range<UInt32>).map { byte in
        (0..<8).reduce(byte) { register, _ in (register >> 1) ^ (register & 1 == 0 ? 0 : 0x82f6_3b78) }
    }
}
