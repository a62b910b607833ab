import Resilience
import Simulation
import Timeline

/// Which windows of one second the windowed metrics are read over.
enum Coverage: Hashable {
    /// These windows.
    case windows(Range<Int>)
    /// All, of which so many lie within the time of the load: rates are over those.
    case wholeRun(loaded: Int)

    /// How far back windowed metrics reach.
    static let reach = 10

    /// The windows of the last 10 s before a moment that lie wholly after another.
    init(before moment: Instant, notBefore start: Instant = .zero) {
        let second = World.window.nanoseconds
        let last = Int(moment.nanoseconds / second)
        let (whole, rest) = start.nanoseconds.quotientAndRemainder(dividingBy: second)
        let first = max(last - Self.reach, Int(whole) + (rest > 0 ? 1 : 0), 0)
        self = .windows(first..<max(first, last))
    }
}

extension Predicate {
    /// Whether it holds in the present state and over these windows; nil if a value that matters has no sample.
    func holds(in simulation: Simulation, over coverage: Coverage) -> Bool? {
        switch self {
        case .breaker(let name, let state):
            let breakers = simulation.world.breakers(name)
            return state == .closed
                ? breakers.allSatisfy { $0.state == .closed } : breakers.contains { $0.state == state }
        case .comparison(let left, let comparison, let right):
            guard let left = left.number(in: simulation, over: coverage),
                let right = right.number(in: simulation, over: coverage)
            else { return nil }
            return comparison.holds(left, right)
        case .not(let inner):
            return inner.holds(in: simulation, over: coverage).map { !$0 }
        case .and(let left, let right):
            let first = left.holds(in: simulation, over: coverage)
            if first == false { return false }
            guard let second = right.holds(in: simulation, over: coverage) else { return nil }
            return second ? first : false
        case .or(let left, let right):
            let first = left.holds(in: simulation, over: coverage)
            if first == true { return true }
            guard let second = right.holds(in: simulation, over: coverage) else { return nil }
            return second ? true : first
        }
    }

    /// The measured numbers and the states that it reads: `charged 12.00, breaker shop -> payment is open`.
    func observation(in simulation: Simulation, over coverage: Coverage) -> String {
        var parts: [String] = []
        for name in breakers {
            let states = simulation.world.breakers(name).map(\.state)
            let open = states.filter { $0 != .closed }
            parts += (open.isEmpty ? states : open).map { "breaker \(name.name) is \($0.name)" }
        }
        for value in measured {
            let number = value.number(in: simulation, over: coverage)
            parts.append("\(value) \(number.map { value.unit?.text($0) ?? "0" } ?? "has no sample")")
        }
        var seen: Set<String> = []
        return parts.filter { seen.insert($0).inserted }.joined(separator: ", ")
    }
}

extension World {
    /// The breakers at a place of an edge's chain: one, or one of each operation or replica.
    func breakers(_ name: GuardName) -> [CircuitBreaker] {
        (0..<breakerParts(edge: name.edge, stage: name.stage)).compactMap {
            breaker(edge: name.edge, stage: name.stage, part: $0)
        }
    }
}

extension Value {
    /// What it is now; nil without a sample.
    func number(in simulation: Simulation, over coverage: Coverage) -> Double? {
        switch self {
        case .literal(let quantity): return quantity.value
        case .account(let name): return Double(simulation.world.ledger.accounts[name.index])
        case .pending: return Double(simulation.world.ledger.pending)
        case .reading(let reading): return reading.number(in: simulation, over: coverage)
        case .sum(let left, let right):
            guard let left = left.number(in: simulation, over: coverage),
                let right = right.number(in: simulation, over: coverage)
            else { return nil }
            return left + right
        case .difference(let left, let right):
            guard let left = left.number(in: simulation, over: coverage),
                let right = right.number(in: simulation, over: coverage)
            else { return nil }
            return left - right
        }
    }
}
