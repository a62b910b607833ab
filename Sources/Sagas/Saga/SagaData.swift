/// What a saga was started with: a value for each field of its definition, in order.
public struct SagaData: Hashable, Sendable {
    private var words: [6 of Int64]

    /// Nothing; each field reads as zero.
    public init() {
        words = InlineArray(repeating: 0)
    }

    /// These values; those beyond ``SagaDefinition/maximumFields`` are left out.
    public init(_ values: [SagaValue]) {
        self.init()
        for (field, value) in values.prefix(SagaDefinition.maximumFields).enumerated() { words[field] = value.word }
    }

    /// The value of a field, as the definition declares it.
    public func value(of field: Int, under definition: SagaDefinition) -> SagaValue? {
        guard definition.data.indices.contains(field) else { return nil }
        return SagaValue(words[field], as: definition.data[field].kind)
    }

    /// Whether two sagas were started with the same.
    public static func == (left: SagaData, right: SagaData) -> Bool {
        (0..<SagaDefinition.maximumFields).allSatisfy { left.words[$0] == right.words[$0] }
    }

    /// The words, one after another.
    public func hash(into hasher: inout Hasher) {
        for field in 0..<SagaDefinition.maximumFields { hasher.combine(words[field]) }
    }
}
