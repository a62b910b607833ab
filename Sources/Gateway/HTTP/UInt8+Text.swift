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

    var isDigit: Bool { self &- 0x30 < 10 }

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

extension [UInt8] {
    /// Adds a number in decimal digits.
    mutating func append(decimal number: Int64) {
        if number < 0 { append(0x2d) }
        let start = count
        var rest = number.magnitude
        repeat {
            append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }

    /// Adds sixteen hexadecimal digits in lower case.
    mutating func append(hexadecimal number: UInt64) {
        for shift in stride(from: UInt64(60), through: 0, by: -4) {
            append(.hexadecimalDigit(UInt8(truncatingIfNeeded: (number >> shift) & 15)))
        }
    }
}
