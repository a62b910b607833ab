internal import Resilience
internal import Simulation

/// The place of one breaker: a guard may be several, one for each operation or replica.
struct BreakerPlace: Hashable, Sendable {
    var edge: Int
    var stage: Int
    var part: Int

    var item: Item { .breaker(edge: edge, stage: stage, part: part) }
}

extension World {
    func breaker(at place: BreakerPlace) -> CircuitBreaker? {
        guard place.part < breakerParts(edge: place.edge, stage: place.stage) else { return nil }
        return breaker(edge: place.edge, stage: place.stage, part: place.part)
    }

    /// Where the journal says that something happened to a breaker.
    func component(of place: BreakerPlace) -> Component {
        let (edge, stage) = (UInt16(place.edge), UInt8(place.stage))
        guard breakerParts(edge: place.edge, stage: place.stage) > 1 else { return .guardOn(edge: edge, stage: stage) }
        return .guardPart(edge: edge, stage: stage, part: UInt16(place.part))
    }

    /// The states of all breakers of a guard.
    func breakerStates(of place: GuardPlace) -> [CircuitBreaker.State] {
        (0..<breakerParts(edge: place.edge, stage: place.stage)).compactMap {
            breaker(edge: place.edge, stage: place.stage, part: $0)?.state
        }
    }
}

extension Plan {
    func breaker(at place: GuardPlace) -> BreakerPlan? {
        guard case .breaker(let plan) = edges[place.edge].guards[place.stage] else { return nil }
        return plan
    }

    /// What one of a guard's several breakers is for: `payment#2`, `payment.charge`.
    func partName(of place: BreakerPlace) -> String {
        let target = edges[place.edge].target
        let guardPlan = breaker(at: GuardPlace(edge: place.edge, stage: place.stage))
        guard guardPlan?.scope == .operation else { return services[target].name(ofReplica: place.part) }
        let own = operations(of: target)
        return place.part < own.count ? operations[own[place.part]].name : "operation \(place.part + 1)"
    }

    /// The same where the name of the service stands above it already: `#2`, `.charge`.
    func shortPartName(of place: BreakerPlace) -> String {
        let (name, service) = (partName(of: place), services[edges[place.edge].target].name)
        return name.hasPrefix(service) ? String(name.dropFirst(service.count)) : name
    }

    /// What a guard is called by its edge; the second of a kind on an edge has a 2 behind it.
    func edgeName(of place: GuardPlace) -> String {
        let edge = edges[place.edge]
        let kind = edge.guards[place.stage].name
        let number = edge.guards[...place.stage].count { $0.name == kind }
        return number == 1 ? edge.name : "\(edge.name) \(number)"
    }
}

extension CircuitBreaker.State {
    /// Which states matter more than others when several breakers are told of as one.
    private var gravity: Int {
        switch self {
        case .closed: 0
        case .metricsOnly: 1
        case .disabled: 2
        case .halfOpen: 3
        case .forcedOpen: 4
        case .open: 5
        }
    }

    /// How many are in which state, the gravest first: `1 open  3 closed`.
    static func counts(_ states: [CircuitBreaker.State]) -> String {
        let open = states.count { $0 == .open || $0 == .forcedOpen }
        let half = states.count { $0 == .halfOpen }
        let closed = states.count - open - half
        return [(open, "open"), (half, "half-open"), (closed, "closed")]
            .filter { $0.0 > 0 }.map { "\(Figures.count($0.0)) \($0.1)" }.joined(separator: "  ")
    }

    static func gravest(_ states: [CircuitBreaker.State]) -> CircuitBreaker.State {
        states.max { $0.gravity < $1.gravity } ?? .closed
    }
}
