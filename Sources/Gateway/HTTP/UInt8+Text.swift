extension UInt8 {
    /// Whether names, methods and directives may hold it: a `tchar` (RFC 9110, section 5.6.2).
    var isTokenCharacter: Bool {
        // Bit maps of ! # $ % & ' * + - . 0-9, and of A-Z ^ _ ` a-z | ~.
        let map: UInt64 = self < 64 ? 0x03ff_6cfa_0000_0000 : 0x57ff_ffff_c7ff_fffe
        return self < 128 && (map >> UInt64(self & 63)) & 1 == 1
    }

    /// Whether it means the same in a URI encoded or not: `unreserved` (RFC 3986, section 2.3).
    var isUnreserved: Bool {
        let map: UInt64 = self < 64 ? 0x03ff_6000_0000_0000 : 0x47ff_fffe_87ff_fffe
        return self < 128 && (map >> UInt64(self & 63)) & 1 == 1
    }

    /// Whether a segment of a path may hold it as it is: `pchar` without the percent sign (RFC 3986, section 3.3).
    var isPathCharacter: Bool {
        // Unreserved, ! $ & ' ( ) * + , ; = : and @.
        let map: UInt64 = self < 64 ? 0x2fff_7fd2_0000_0000 : 0x47ff_fffe_87ff_ffff
        return self < 128 && (map >> UInt64(self & 63)) & 1 == 1
    }

    /// Whether it is a blank between the parts of a field: `OWS` (RFC 9110, section 5.6.3).
    var isBlank: Bool { self == 0x20 || self == 0x09 }

    /// Whether it goes on with a Unicode scalar that began before, in UTF-8.
    var isContinuation: Bool { self & 0xc0 == 0x80 }

    var isDigit: Bool { self &- 0x30 < 10 }

    /// Whether it is an ASCII letter.
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

    /// The letter in lower case; any other byte as it is.
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// What it stands for as a hexadecimal digit.
    var hexadecimalValue: UInt8? {
        if isDigit { return self &- 0x30 }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }

    /// The digit for a number below 16.
    static func hexadecimalDigit(_ value: UInt8, uppercase: Bool = false) -> UInt8 {
        value < 10 ? 0x30 + value : (uppercase ? 0x41 : 0x61) + (value & 15) - 10
    }
}

extension Span<UInt8> {
    /// Whether it is this text, letters in lower case; the text has to be in lower case.
    func equals(lowercase text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for index in 0..<count where self[index].lowercased != expected[index] { return false }
            return true
        }
    }

    /// Whether it has the same bytes.
    func equals(_ other: borrowing Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }

    /// Whether it is ASCII without control characters, looked at by eight bytes at once.
    var isPlain: Bool {
        withUnsafeBytes { bytes in
            var index = 0
            while index + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                // The high bit of a byte is set in these where it is below 0x20, 0x7f, or beyond ASCII.
                let low = (word &- 0x2020_2020_2020_2020) & ~word
                let other = word ^ 0x7f7f_7f7f_7f7f_7f7f
                let delete = (other &- 0x0101_0101_0101_0101) & ~other
                guard (low | delete | word) & 0x8080_8080_8080_8080 == 0 else { return false }
                index += 8
            }
            while index < bytes.count {
                guard bytes[index] &- 0x20 < 0x5f else { return false }
                index += 1
            }
            return true
        }
    }

    /// Where the bytes in a range lie without the blanks at both ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high, self[low].isBlank { low += 1 }
        while high > low, self[high - 1].isBlank { high -= 1 }
        return low..<high
    }

    /// The bytes as text; what is not UTF-8 is replaced.
    var text: String { withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }
}

extension UInt32 {
    /// Reads eight hexadecimal digits in lower case, the first in the highest byte; nil for anything else.
    init?(hexadecimalDigits text: UInt64) {
        var digits = (text & 0x0f0f_0f0f_0f0f_0f0f) &+ (text >> 6 & 0x0101_0101_0101_0101) &* 9
        digits &= 0x0f0f_0f0f_0f0f_0f0f
        digits = (digits | digits >> 4) & 0x00ff_00ff_00ff_00ff
        digits = (digits | digits >> 8) & 0x0000_ffff_0000_ffff
        self.init(truncatingIfNeeded: digits | digits >> 16)
        // What is no digit is not what this number is written as.
        guard hexadecimalDigits == text else { return nil }
    }

    /// Its eight hexadecimal digits in lower case, as text: the first in the highest byte.
    var hexadecimalDigits: UInt64 {
        // A digit to each byte, then what letters are above digits.
        var digits = UInt64(self)
        digits = (digits | digits << 16) & 0x0000_ffff_0000_ffff
        digits = (digits | digits << 8) & 0x00ff_00ff_00ff_00ff
        digits = (digits | digits << 4) & 0x0f0f_0f0f_0f0f_0f0f
        let letters = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return digits &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
    }
}

extension [UInt8] {
    /// Adds bytes.
    @inline(__always)
    mutating func append(_ bytes: borrowing Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
    }

    /// Adds a copy of bytes that it holds.
    mutating func appendCopy(of range: Range<Int>) {
        let start = count
        append(contentsOf: repeatElement(0, count: range.count))
        withUnsafeMutableBytes { bytes in
            let copied = UnsafeRawBufferPointer(rebasing: bytes[range])
            UnsafeMutableRawBufferPointer(rebasing: bytes[start...]).copyMemory(from: copied)
        }
    }

    /// Adds a text.
    @inline(__always)
    mutating func append(_ text: String) { append(text.utf8.span) }

    /// Adds eight bytes, the first in the highest byte.
    @inline(__always)
    mutating func append(text: UInt64) {
        Swift.withUnsafeBytes(of: text.bigEndian) { append(contentsOf: $0) }
    }

    /// Adds the first so many of eight bytes, the first in the highest byte.
    @inline(__always)
    mutating func append(text: UInt64, count: Int) {
        Swift.withUnsafeBytes(of: text.bigEndian) {
            append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
    }

    /// Adds a number in decimal digits.
    mutating func append(decimal number: Int64) {
        if number < 0 { append(0x2d) }
        append(digitsOf: number.magnitude)
    }

    private mutating func append(digitsOf number: UInt64) {
        if number >= 100_000_000 {
            append(digitsOf: number / 100_000_000)
            return append(text: Self.eightDigits(number % 100_000_000))
        }
        let digits = Self.eightDigits(number)
        let blank = Swift.min(7, (digits &- 0x3030_3030_3030_3030).leadingZeroBitCount / 8)
        append(text: digits << UInt64(8 * blank), count: 8 - blank)
    }

    /// Eight decimal digits as text, the first in the highest byte.
    private static func eightDigits(_ number: UInt64) -> UInt64 {
        var (text, rest): (UInt64, UInt64) = (0, number)
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            text |= (0x30 + rest % 10) << shift
            rest /= 10
        }
        return text
    }
}
