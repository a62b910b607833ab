internal import Resilience
internal import Timeline

/// The states of one algorithm: one over all backends and, where zones count, one over those of each zone.
///
/// As in Envoy, each zone has turns of its own, so that requests that stay in it and those that come from elsewhere do
/// not disturb each other. What is known of a backend, such as the requests under way to it, is told to both states that
/// it is in.
enum BalancerPools: Hashable, Sendable {
    case roundRobin([RoundRobin])
    case smooth([SmoothRoundRobin])
    case leastConnections([LeastConnections])
    case twoChoices([PowerOfTwoChoices])
    case peakEWMA([PeakEWMA])
    case hash([ConsistentHash])
    /// While it is changed: states are moved out and back, since they would be copied otherwise.
    case out

    /// What a choice may depend on.
    struct Request {
        var hash: UInt64
        var now: Instant
    }

    init(_ settings: Balancer.Settings) {
        let count = settings.zones == nil ? 1 : 1 + ZoneAwareness.mostZones
        switch settings.algorithm {
        case .roundRobin: self = .roundRobin(Array(repeating: RoundRobin(), count: count))
        case .smoothRoundRobin(let maxFails):
            let step = settings.slowStart == nil ? 1 : SlowStart.unitsOfWeight
            self = .smooth(Array(repeating: SmoothRoundRobin(maxFails: maxFails, step: step), count: count))
        case .leastConnections: self = .leastConnections(Array(repeating: LeastConnections(), count: count))
        case .powerOfTwoChoices: self = .twoChoices(Array(repeating: PowerOfTwoChoices(), count: count))
        case .peakEWMA(let decay): self = .peakEWMA(Array(repeating: PeakEWMA(decay: decay), count: count))
        case .consistentHash(let method, let bound): self = .hash([ConsistentHash(method, boundPercent: bound)])
        }
    }

    func hash(_ key: String) -> UInt64 {
        if case .hash(let states) = self { states[0].hash(key) } else { 0 }
    }

    /// Whose a key of this hash is, however busy; nil unless the algorithm looks at keys.
    func owner(of hash: UInt64) -> Int? {
        if case .hash(let states) = self { states[0].owner(of: hash) } else { nil }
    }

    mutating func choose(
        _ request: Request, _ avoided: [Int], zone: Int?, using random: inout RandomStream
    ) -> Int? {
        let state = zone.map { $0 + 1 } ?? 0
        switch exchange(&self, with: .out) {
        case .roundRobin(var states):
            defer { self = .roundRobin(states) }
            return states[state].choose(avoiding: avoided)
        case .smooth(var states):
            defer { self = .smooth(states) }
            return states[state].choose(avoiding: avoided)
        case .leastConnections(var states):
            defer { self = .leastConnections(states) }
            return states[state].choose(avoiding: avoided)
        case .twoChoices(var states):
            defer { self = .twoChoices(states) }
            return states[state].choose(avoiding: avoided, using: &random)
        case .peakEWMA(var states):
            defer { self = .peakEWMA(states) }
            return states[state].choose(avoiding: avoided, at: request.now, using: &random)
        case .hash(let states):
            defer { self = .hash(states) }
            return states[0].choose(request.hash, avoiding: avoided)
        case .out: return nil
        }
    }
}
