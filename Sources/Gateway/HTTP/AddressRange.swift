public import Timeline

/// Addresses that share their first bits (RFC 4632, section 3.1; RFC 4291, section 2.3).
public struct AddressRange: Hashable, Sendable {
    /// The first of them.
    public let first: IPAddress
    private let highMask: UInt64
    private let lowMask: UInt64

    /// Reads `10.0.0.0/8`, `2001:db8::/32`, or one address alone; bits behind the length are taken as zero.
    /// - Throws: a ``SettingError`` for anything else.
    public init(_ text: String) throws(SettingError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let allowed = "an address, or one with a slash and the number of bits that count"
        guard parts.count <= 2, let address = IPAddress(String(parts[0])) else {
            throw SettingError("addresses", given: text, allowed: allowed)
        }
        let width = address.isV4 ? 32 : 128
        let length = parts.count == 2 ? Int(parts[1]) : width
        guard let length, (0...width).contains(length), parts.count == 1 || parts[1].utf8.allSatisfy(\.isDigit)
        else { throw SettingError("addresses", given: text, allowed: allowed) }
        let bits = length + 128 - width
        highMask = bits >= 64 ? .max : ~(.max >> UInt64(bits))
        lowMask = ~(bits <= 64 ? .max : .max >> UInt64(bits - 64))
        first = IPAddress(high: address.high & highMask, low: address.low & lowMask)
    }

    /// Whether an address is one of them.
    public func contains(_ address: IPAddress) -> Bool {
        address.high & highMask == first.high && address.low & lowMask == first.low
    }
}
