/// A number that can be compared: a literal, an account, a metric, or a sum of those.
public indirect enum Value: Hashable, Sendable {
    /// A number that somebody wrote.
    case literal(Quantity)
    /// What is booked to an account.
    case account(PlanName)
    /// What is charged for sagas that have not ended.
    case pending
    /// What a metric says.
    case reading(Reading)
    /// Both together.
    case sum(Value, Value)
    /// The left less the right.
    case difference(Value, Value)

    /// What it is a number of; nil for a plain 0.
    var unit: Unit? {
        switch self {
        case .literal(let quantity): quantity.unit
        case .account, .pending: .money
        case .reading(let reading): reading.metric.unit
        case .sum(let left, let right), .difference(let left, let right): left.unit ?? right.unit
        }
    }

    /// The parts that are measured, in the order in which they stand.
    var measured: [Value] {
        switch self {
        case .literal: []
        case .account, .pending, .reading: [self]
        case .sum(let left, let right), .difference(let left, let right): left.measured + right.measured
        }
    }
}

extension Value: CustomStringConvertible {
    /// The value as a line writes it.
    public var description: String {
        switch self {
        case .literal(let quantity): "\(quantity)"
        case .account(let name): name.name.asName
        case .pending: "pending"
        case .reading(let reading): "\(reading)"
        case .sum(let left, let right): "\(left) + \(right.operandText)"
        case .difference(let left, let right): "\(left) - \(right.operandText)"
        }
    }

    /// In parentheses if it would otherwise be taken apart.
    private var operandText: String {
        switch self {
        case .literal, .account, .pending, .reading: "\(self)"
        case .sum, .difference: "(\(self))"
        }
    }
}
