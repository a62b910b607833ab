internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

/// The states of a breaker over the last minute, one sign for each second.
struct BreakerStrip: Hashable, Sendable {
    /// A state as the strip tells it, from the most usual to the one that is over soonest.
    enum State: Int, Hashable, Sendable {
        case closed, held, open, halfOpen
    }

    static let seconds = 60

    /// One for each second that has begun, oldest first; of several in one second, the one that is over soonest.
    private(set) var states: [State]

    /// Reads them from a breaker's changes, oldest first.
    init(_ changes: [StateChange], until now: Instant, in current: CircuitBreaker.State) {
        let last = Self.second(of: now)
        let first = max(0, last - Self.seconds + 1)
        states = Array(repeating: .closed, count: last - first + 1)
        var state = Self.before(changes, in: current)
        var start = 0
        for index in changes.indices {
            let end = Self.second(of: changes[index].time)
            mark(state, start...max(start, end), from: first)
            (state, start) = (Self.state(after: index, of: changes, in: current), end)
        }
        mark(state, start...max(start, last), from: first)
    }

    private mutating func mark(_ state: State, _ seconds: ClosedRange<Int>, from first: Int) {
        guard seconds.upperBound >= first else { return }
        for second in max(first, seconds.lowerBound)...seconds.upperBound where second - first < states.count {
            if state.rawValue > states[second - first].rawValue { states[second - first] = state }
        }
    }

    private static func second(of moment: Instant) -> Int { Int(max(0, moment.nanoseconds) / 1_000_000_000) }

    /// What it was before the first change that is known.
    private static func before(_ changes: [StateChange], in current: CircuitBreaker.State) -> State {
        guard let first = changes.first else { return State(current) }
        switch first.state {
        case .halfOpen: return .open
        case .closed: return .halfOpen
        case .open, .held, nil: return .closed
        }
    }

    /// What a change led to; where somebody held it or let it go, the next change says which.
    private static func state(after index: Int, of changes: [StateChange], in current: CircuitBreaker.State) -> State {
        if let state = changes[index].state { return state }
        guard index + 1 < changes.count else { return State(current) }
        return changes[index + 1].state == nil ? .held : .closed
    }
}

extension BreakerStrip.State {
    init(_ state: CircuitBreaker.State) {
        switch state {
        case .closed: self = .closed
        case .open: self = .open
        case .halfOpen: self = .halfOpen
        case .forcedOpen, .disabled, .metricsOnly: self = .held
        }
    }

    /// Its sign in the strip.
    func sign(_ glyphs: Glyphs) -> Line.Sign {
        switch self {
        case .closed: Line.Sign(scalar: glyphs.marks.dot, role: .good)
        case .halfOpen: Line.Sign(scalar: glyphs.mediumShade, role: .warning)
        case .open: Line.Sign(scalar: glyphs.solidShade, role: .bad)
        case .held: Line.Sign(scalar: "H", role: .warning)
        }
    }
}
