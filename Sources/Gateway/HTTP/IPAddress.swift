/// An address of the Internet, of version 4 or 6.
///
/// One of version 4 and the same mapped into version 6 (`::ffff:192.0.2.1`; RFC 4291, section 2.5.5.2) are the same: else a
/// list of addresses could be passed by under another spelling.
public struct IPAddress: Hashable, Sendable {
    /// The upper half of the 128 bits; zero for version 4.
    let high: UInt64
    /// The lower half of the 128 bits; for version 4 with 0xffff before the address.
    let low: UInt64

    /// An address of version 6 by its two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// An address of version 4, the first number of the four in the highest byte.
    public init(v4: UInt32) {
        high = 0
        low = 0xffff_0000_0000 | UInt64(v4)
    }

    /// Reads `192.0.2.1` or any form of RFC 4291, section 2.2; nil for anything else. Numbers of version 4 with zeros before
    /// them are refused: some take them to be octal.
    public init?(_ text: String) {
        self.init(bytes: text.utf8.span)
    }

    /// One number for both halves, by which tables know it; two addresses of version 4 never have the same.
    public var fingerprint: UInt64 { high ^ low }

    /// Whether it is of version 4.
    public var isV4: Bool { high == 0 && low >> 32 == 0xffff }
}

extension IPAddress {
    init?(bytes: borrowing Span<UInt8>) {
        for index in 0..<min(bytes.count, 5) where bytes[index] == 0x3a {
            self.init(v6: bytes)
            return
        }
        guard let v4 = Self.v4(bytes, from: 0) else { return nil }
        self.init(v4: v4)
    }

    /// Reads an element of `X-Forwarded-For`: an address, or one with a port, that of version 6 in brackets.
    init?(hop bytes: borrowing Span<UInt8>) {
        guard !bytes.isEmpty else { return nil }
        var end = 1
        if bytes[0] == 0x5b {
            while end < bytes.count, bytes[end] != 0x5d { end += 1 }
            guard end < bytes.count, Self.isPort(bytes, from: end + 1) else { return nil }
            self.init(v6: bytes.extracting(1..<end))
            return
        }
        var colons = 0
        for index in 0..<bytes.count where bytes[index] == 0x3a {
            colons += 1
            end = index
        }
        guard colons == 1 else {
            self.init(bytes: bytes)
            return
        }
        guard Self.isPort(bytes, from: end), let v4 = Self.v4(bytes.extracting(0..<end), from: 0) else { return nil }
        self.init(v4: v4)
    }

    /// Whether nothing, or a colon and one to five digits are from there on.
    private static func isPort(_ bytes: borrowing Span<UInt8>, from start: Int) -> Bool {
        guard start < bytes.count else { return true }
        guard bytes[start] == 0x3a, (2...6).contains(bytes.count - start) else { return false }
        for index in start + 1..<bytes.count where !bytes[index].isDigit { return false }
        return true
    }

    private static func v4(_ bytes: borrowing Span<UInt8>, from start: Int) -> UInt32? {
        var address: UInt32 = 0
        var (parts, digits, number): (Int, Int, UInt32) = (0, 0, 0)
        for index in start...bytes.count {
            let byte = index < bytes.count ? bytes[index] : 0x2e
            if byte == 0x2e {
                guard digits > 0, number < 256, parts < 4 else { return nil }
                address = address << 8 | number
                (parts, digits, number) = (parts + 1, 0, 0)
            } else {
                guard byte.isDigit, digits < 3, digits == 0 || number > 0 else { return nil }
                number = number * 10 + UInt32(byte - 0x30)
                digits += 1
            }
        }
        return parts == 4 ? address : nil
    }

    private init?(v6 bytes: borrowing Span<UInt8>) {
        var groups = Groups()
        var index = 0
        if bytes.count >= 2, bytes[0] == 0x3a, bytes[1] == 0x3a {
            groups.gap = 0
            index = 2
        }
        while index < bytes.count {
            var end = index
            while end < bytes.count, bytes[end] != 0x3a, bytes[end] != 0x2e { end += 1 }
            if end < bytes.count, bytes[end] == 0x2e {
                guard let v4 = Self.v4(bytes, from: index) else { return nil }
                guard groups.append(UInt64(v4 >> 16)), groups.append(UInt64(v4 & 0xffff)) else { return nil }
                break
            }
            guard let group = Self.group(bytes, index..<end), groups.append(group) else { return nil }
            guard end < bytes.count else { break }
            index = end + 1
            // A colon needs something behind it, another colon in one place at most.
            guard index < bytes.count else { return nil }
            if bytes[index] == 0x3a {
                guard groups.gap == nil else { return nil }
                groups.gap = groups.count
                index += 1
            }
        }
        guard let halves = groups.halves else { return nil }
        self.init(high: halves.high, low: halves.low)
    }

    /// One to four hexadecimal digits.
    private static func group(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        guard (1...4).contains(range.count) else { return nil }
        var group: UInt64 = 0
        for index in range {
            guard let digit = bytes[index].hexadecimalValue else { return nil }
            group = group << 4 | UInt64(digit)
        }
        return group
    }

    /// The groups of sixteen bits that were read so far.
    private struct Groups {
        var bits: (high: UInt64, low: UInt64) = (0, 0)
        var count = 0
        /// Before how many groups of these the run of zeros stands.
        var gap: Int?

        mutating func append(_ group: UInt64) -> Bool {
            guard count < 8 else { return false }
            bits = (bits.high << 16 | bits.low >> 48, bits.low << 16 | group)
            count += 1
            return true
        }

        /// All eight, the run of zeros in its place.
        var halves: (high: UInt64, low: UInt64)? {
            guard let gap else { return count == 8 ? bits : nil }
            guard count < 8 else { return nil }
            let all = UInt128(bits.high) << 64 | UInt128(bits.low)
            let after = UInt128(16 * (count - gap))
            let tail = all & ((1 << after) - 1)
            let head = after == 128 ? 0 : (all >> after) << UInt128(128 - 16 * gap)
            let whole = head | tail
            return (UInt64(truncatingIfNeeded: whole >> 64), UInt64(truncatingIfNeeded: whole))
        }
    }
}
