/// A value that a saga knows, or that one of its steps has returned.
///
/// Without references, since there can be a million sagas: texts stay with whoever issued them, and a saga passes their
/// identifiers on.
public enum SagaValue: Hashable, Sendable {
    /// A count, a quantity.
    case number(Int64)
    /// Money, in whole cents.
    case cents(Int64)
    /// Whether something holds.
    case flag(Bool)
    /// What tells a customer, a reservation or a transaction from all others.
    case identifier(UInt64)

    /// What kind of value it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// See ``SagaValue/number(_:)``.
        case number
        /// See ``SagaValue/cents(_:)``.
        case cents
        /// See ``SagaValue/flag(_:)``.
        case flag
        /// See ``SagaValue/identifier(_:)``.
        case identifier
    }

    /// What kind of value it is.
    public var kind: Kind {
        switch self {
        case .number: .number
        case .cents: .cents
        case .flag: .flag
        case .identifier: .identifier
        }
    }

    /// The value as the word that a saga keeps of it.
    var word: Int64 {
        switch self {
        case .number(let count): count
        case .cents(let cents): cents
        case .flag(let holds): holds ? 1 : 0
        case .identifier(let identifier): Int64(bitPattern: identifier)
        }
    }

    /// The value of a kind that was kept as this word.
    init(_ word: Int64, as kind: Kind) {
        self =
            switch kind {
            case .number: .number(word)
            case .cents: .cents(word)
            case .flag: .flag(word != 0)
            case .identifier: .identifier(UInt64(bitPattern: word))
            }
    }
}

extension SagaValue.Kind {
    /// With its article, as it stands in a sentence.
    var words: String {
        switch self {
        case .number: "a number"
        case .cents: "an amount in cents"
        case .flag: "a flag"
        case .identifier: "an identifier"
        }
    }
}

extension SagaValue: CustomStringConvertible {
    /// `3`, `1999 cents`, `yes`, `#42`.
    public var description: String {
        switch self {
        case .number(let count): "\(count)"
        case .cents(let cents): "\(cents) cents"
        case .flag(let holds): holds ? "yes" : "no"
        case .identifier(let identifier): "#\(identifier)"
        }
    }
}
