/// A field that is not as a schema says.
public struct Violation: Hashable, Sendable {
    /// The rules that there are.
    public enum Rule: Hashable, Sendable, CaseIterable {
        /// It has to be there.
        case required
        /// What it holds.
        case type
        /// How great a number is.
        case range
        /// How long a text is.
        case length
        /// Which texts there are.
        case oneOf
        /// How a text is written.
        case pattern
        /// It must not be there twice: each reader could take another one (RFC 8259, section 4).
        case once
        /// No others must be there.
        case known
        /// How many fields there are.
        case count
    }

    /// What the field is called; clipped.
    public let field: String
    /// Which rule it breaks.
    public let rule: Rule
    /// What was given; clipped, and without control characters.
    public let given: String
    /// What is allowed.
    public let allowed: String

    init(_ field: String, _ rule: Rule, given: String, allowed: String) {
        self.field = Self.clip(field)
        self.rule = rule
        self.given = Self.clip(given)
        self.allowed = allowed
    }

    /// The first 40 Unicode scalars; a control character becomes `?`, so that it does nothing to a log or a terminal.
    static func clip(_ text: String) -> String {
        var clipped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if clipped.count == 40 { return String(clipped) + "…" }
            clipped.append(scalar.properties.generalCategory == .control ? "?" : scalar)
        }
        return String(clipped)
    }
}

extension Violation: CustomStringConvertible {
    /// `amount: -5; allowed: 1 to 100`.
    public var description: String { "\(field): \(given); allowed: \(allowed)" }
}
