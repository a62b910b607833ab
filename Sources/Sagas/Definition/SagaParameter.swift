/// Something that a step, or an undo, is told when it is called.
public struct SagaParameter: Hashable, Sendable {
    /// What it is called; no two parameters of a call share a name.
    public var name: String
    /// The kind that the callee expects.
    public var kind: SagaValue.Kind
    /// Where it comes from.
    public var source: Source

    /// Where a parameter comes from.
    public enum Source: Hashable, Sendable {
        /// The definition itself.
        case constant(SagaValue)
        /// The saga's data, by the name of the field.
        case data(String)
        /// What an earlier step returned, by its name; for an undo, its own step too.
        ///
        /// An undo is called even if it is not known whether its step happened, and then there may be no result.
        case result(of: String)
    }

    /// A parameter; the definition checks that its source exists and is of its kind.
    public init(_ name: String, _ kind: SagaValue.Kind, from source: Source) {
        self.name = name
        self.kind = kind
        self.source = source
    }
}

/// A value of a saga's own, which it is started with.
public struct SagaField: Hashable, Sendable {
    /// What it is called; no two fields of a definition share a name.
    public var name: String
    /// What kind of value it is.
    public var kind: SagaValue.Kind

    /// A field of a saga's data.
    public init(_ name: String, _ kind: SagaValue.Kind) {
        self.name = name
        self.kind = kind
    }
}

/// A parameter's source, with positions in place of names.
enum ResolvedSource: Hashable, Sendable {
    case constant(SagaValue)
    case data(Int)
    case result(of: Int)
}
