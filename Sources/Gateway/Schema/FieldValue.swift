/// What a field of a body holds.
public enum FieldValue: Hashable, Sendable {
    /// A text.
    case text(String)
    /// A whole number.
    case whole(Int)
    /// A number that may be broken.
    case decimal(Double)
    /// True or false.
    case flag(Bool)
}

extension FieldValue: CustomStringConvertible {
    /// The value as people write it.
    public var description: String {
        switch self {
        case .text(let text): text
        case .whole(let number): "\(number)"
        case .decimal(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        }
    }
}

/// A field of a body.
public struct BodyField: Hashable, Sendable {
    /// What it is called.
    public var name: String
    /// What it holds.
    public var value: FieldValue

    /// A field.
    public init(_ name: String, _ value: FieldValue) {
        self.name = name
        self.value = value
    }
}
