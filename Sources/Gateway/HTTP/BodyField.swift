/// A field of a body.
public struct BodyField: Hashable, Sendable {
    /// What it is called.
    public var name: String
    /// What it says.
    public var value: FieldValue

    /// A field.
    public init(_ name: String, _ value: FieldValue) {
        self.name = name
        self.value = value
    }

    /// The bytes of the name in quotes, a colon and the value.
    var size: Int { FieldValue.quotedSize(name) + 1 + value.size }
}

/// What a field of a body says.
public enum FieldValue: Hashable, Sendable {
    /// A text.
    case text(String)
    /// A whole number.
    case whole(Int)
    /// A number with a fraction.
    case decimal(Double)
    /// True or false.
    case flag(Bool)
    /// Nothing, though the field is there: `null`.
    case absent

    /// How many bytes it is in JSON.
    var size: Int {
        switch self {
        case .text(let text): Self.quotedSize(text)
        case .whole(let number): Self.digits(number)
        case .decimal(let number): number.isFinite ? number.description.utf8.count : 4
        case .flag(let isTrue): isTrue ? 4 : 5
        case .absent: 4
        }
    }

    /// The bytes of a text in quotes, with its escapes (RFC 8259, section 7).
    static func quotedSize(_ text: String) -> Int {
        var size = 2
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5c, 0x08, 0x09, 0x0a, 0x0c, 0x0d: size += 2
            case ..<0x20: size += 6
            default: size += 1
            }
        }
        return size
    }

    private static func digits(_ number: Int) -> Int {
        var digits = number < 0 ? 2 : 1
        var rest = number.magnitude / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        return digits
    }
}

extension FieldValue: CustomStringConvertible {
    /// The value as people write it.
    public var description: String {
        switch self {
        case .text(let text): text
        case .whole(let number): "\(number)"
        case .decimal(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .absent: "null"
        }
    }
}
