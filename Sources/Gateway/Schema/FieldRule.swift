public import Caching
public import Timeline

/// What a field of a body has to be; every value has been checked.
public struct FieldRule: Hashable, Sendable {
    /// What a field can hold.
    public enum Kind: Hashable, Sendable {
        /// Anything.
        case any
        /// A text.
        case text(Text = Text())
        /// A whole number in this range; nil for any.
        case whole(ClosedRange<Int>? = nil)
        /// A finite number in this range, whole or not; nil for any.
        case decimal(ClosedRange<Double>? = nil)
        /// True or false.
        case flag
    }

    /// What a text has to be.
    public struct Text: Hashable, Sendable {
        /// How many Unicode scalars it has, as JSON Schema counts (`minLength`, `maxLength`); nil for any number.
        public var length: ClosedRange<Int>?
        /// The texts of which it is one, byte for byte; empty for any.
        public var oneOf: [String]
        /// How it is written, as globs of keys are; nil for any way.
        public var pattern: KeyPattern?

        /// A text that has to be all of these.
        public init(length: ClosedRange<Int>? = nil, oneOf: [String] = [], pattern: KeyPattern? = nil) {
            self.length = length
            self.oneOf = oneOf
            self.pattern = pattern
        }
    }

    /// What it is called.
    public let name: String
    /// What it holds.
    public let kind: Kind
    /// Whether it has to be there.
    public let isRequired: Bool

    /// Checks a rule.
    /// - Parameters:
    ///   - name: 1 to 256 bytes, byte for byte that of the field.
    ///   - kind: a length is not below 0, and there are up to 256 texts of which a text is one.
    /// - Throws: a ``SettingError`` for anything else.
    public init(_ name: String, _ kind: Kind = .any, isRequired: Bool = true) throws(SettingError) {
        guard (1...256).contains(name.utf8.count) else {
            throw SettingError("field", given: "\(name.utf8.count) bytes", allowed: "a name of 1 to 256")
        }
        if case .text(let text) = kind {
            if let length = text.length, length.lowerBound < 0 {
                throw SettingError("length of \(name)", given: length.lowerBound, allowed: "0 or more")
            }
            guard text.oneOf.count <= 256 else {
                throw SettingError("oneOf of \(name)", given: text.oneOf.count, allowed: "256 at most")
            }
        }
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
    }
}
