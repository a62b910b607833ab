extension UInt8 {
    /// Whether it is an ASCII letter.
    var isLetter: Bool { (0x61...0x7a).contains(self | 0x20) }

    /// Whether it is an ASCII digit.
    var isDigit: Bool { (0x30...0x39).contains(self) }

    /// Whether it is a hexadecimal digit.
    var isHexDigit: Bool { hexDigit != nil }

    /// What it is worth as a hexadecimal digit.
    var hexDigit: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }

    /// The same in lower case, if it is an ASCII letter.
    var lowercased: UInt8 { (0x41...0x5a).contains(self) ? self | 0x20 : self }

    /// Whether it may be in a token, such as the name of a header field (RFC 9110, section 5.6.2).
    var isTokenByte: Bool { isLetter || isDigit || "!#$%&'*+-.^_`|~".utf8.contains(self) }

    /// Whether it may be in a path, a query or anywhere else without percent-encoding (RFC 3986, section 2.3).
    var isUnreserved: Bool { isLetter || isDigit || "-._~".utf8.contains(self) }
}
