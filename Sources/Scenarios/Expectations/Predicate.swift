public import Resilience
import Simulation

/// Something that holds or does not hold at an instant of a run, or cannot be said.
public indirect enum Predicate: Hashable, Sendable {
    /// A breaker is in this state.
    case breaker(GuardName, CircuitBreaker.State)
    /// Two numbers of one unit compare like this.
    case comparison(Value, Comparison, Value)
    /// It does not hold.
    case not(Predicate)
    /// Both hold.
    case and(Predicate, Predicate)
    /// One of them holds.
    case or(Predicate, Predicate)
}

/// How two numbers compare.
public enum Comparison: String, CaseIterable, Hashable, Sendable {
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="
    case equal = "=="
    case unequal = "!="

    func holds(_ left: Double, _ right: Double) -> Bool {
        switch self {
        case .less: left < right
        case .atMost: left <= right
        case .greater: left > right
        case .atLeast: left >= right
        case .equal: left == right
        case .unequal: left != right
        }
    }
}

extension CircuitBreaker.State {
    /// The state as lines and reports write it: `half-open`.
    public var name: String {
        switch self {
        case .closed: "closed"
        case .open: "open"
        case .halfOpen: "half-open"
        case .forcedOpen: "forced open"
        case .disabled: "forced closed"
        case .metricsOnly: "metrics-only"
        }
    }
}

extension Predicate: CustomStringConvertible {
    /// The predicate as a line writes it.
    public var description: String {
        switch self {
        case .breaker(let name, let state): "breaker \(name.text) is \(state.name)"
        case .comparison(let left, let comparison, let right): "\(left) \(comparison.rawValue) \(right)"
        case .not(let inner): "not \(inner.text(inside: 3))"
        case .and(let left, let right): "\(left.text(inside: 2)) and \(right.text(inside: 3))"
        case .or(let left, let right): "\(left.text(inside: 1)) or \(right.text(inside: 2))"
        }
    }

    /// In parentheses if it binds less than what it stands in.
    private func text(inside level: Int) -> String {
        let own =
            switch self {
            case .or: 1
            case .and: 2
            case .not, .breaker, .comparison: 3
            }
        return own < level ? "(\(self))" : "\(self)"
    }
}

extension Predicate {
    /// Whether it reads a windowed metric, so that it can be judged only when a window closes.
    var isWindowed: Bool {
        measured.contains { value in
            guard case .reading(let reading) = value else { return false }
            return reading.metric.timing == .windowed
        }
    }

    /// The values that it reads, in the order in which they stand.
    var measured: [Value] {
        switch self {
        case .breaker: []
        case .comparison(let left, _, let right): left.measured + right.measured
        case .not(let inner): inner.measured
        case .and(let left, let right), .or(let left, let right): left.measured + right.measured
        }
    }

    /// The breakers that it reads.
    var breakers: [GuardName] {
        switch self {
        case .breaker(let name, _): [name]
        case .comparison: []
        case .not(let inner): inner.breakers
        case .and(let left, let right), .or(let left, let right): left.breakers + right.breakers
        }
    }

    /// The changes after which it may hold, or not hold any more.
    var watch: Watch {
        guard !isWindowed else { return .windows }
        return measured.reduce(breakers.isEmpty ? [] : .breakers) { $0.union($1.watch) }
    }
}

extension Value {
    fileprivate var watch: Watch {
        switch self {
        case .account, .pending: .ledger
        case .reading(let reading): reading.metric.watch
        case .literal, .sum, .difference: []
        }
    }
}
