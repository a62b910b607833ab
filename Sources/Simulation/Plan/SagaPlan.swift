public import Sagas
public import Timeline

/// A saga, and which calls its steps and undos make.
public struct SagaPlan: Sendable {
    /// Its rules.
    public var definition: SagaDefinition
    /// The service whose workers drive it.
    public var home: Int
    /// The operation that stands for the saga itself, in ``Plan/operations``.
    public var operation: Int
    /// What each step calls.
    public var actions: [CallPlan]
    /// What each step's undo calls; nil where there is nothing to undo.
    public var undos: [CallPlan?]
    /// For each step, which of its parameters says what its call is about, in cents; nil for what the saga is about.
    public var amounts: [Int?]
    /// The same of its undo.
    public var undoAmounts: [Int?]
    /// When an operator is called.
    public var monitor: SagaMonitor
    /// The saga of which this is another version; nil if it is one of its own.
    public var versionOf: Int?
    /// How long after a crash of its orchestrator another one takes a saga over.
    public var takeover: Duration
    /// What one saga is worth.
    public var amount: AmountLaw

    /// A saga by its definition.
    public init(definition: SagaDefinition, home: Int, operation: Int) {
        self.definition = definition
        self.home = home
        self.operation = operation
        actions = []
        undos = []
        amounts = definition.steps.map { Self.amount($0.parameters) }
        undoAmounts = definition.steps.map { Self.amount($0.undo?.parameters ?? []) }
        takeover = .seconds(1)
        monitor = .standard
        amount = AmountLaw()
    }
}

extension SagaPlan {
    /// The fields of every saga's data: what it is about, in cents, and whom or what it is about.
    public static let data = [SagaField("amount", .cents), SagaField("key", .number)]

    /// The name in full of one of its steps: `place-order.charge`.
    public func name(ofStep step: Int) -> String { "\(definition.name).\(definition.steps[step].name)" }

    private static func amount(_ parameters: [SagaParameter]) -> Int? {
        guard let index = parameters.firstIndex(where: { $0.name == "amount" && $0.kind == .cents }) else { return nil }
        return parameters[index].source == .data("amount") ? nil : index
    }
}

/// How much an order is worth: whole cents, every amount in the range alike.
public struct AmountLaw: Hashable, Sendable {
    /// The least amount, in cents.
    public var least: Int64
    /// The greatest amount, in cents.
    public var most: Int64

    /// Every amount from `least` to `most` cents; by default 5.00 to 200.00.
    public init(least: Int64 = 500, most: Int64 = 20_000) {
        self.least = least
        self.most = most
    }

    func sample(using random: inout RandomStream) -> Int64 {
        least + Int64(random.below(UInt64(max(0, most - least)) + 1))
    }
}
