internal import Resilience
internal import Timeline

extension BalancerPools {
    /// Who has keys, candidates or not.
    mutating func setMembers(_ members: [HashRing.Member]) {
        guard case .hash(var states) = self else { return }
        self = .out
        states[0].setMembers(members)
        self = .hash(states)
    }

    mutating func setWeight(_ weight: Int, of place: Int, zone: Int?) {
        switch exchange(&self, with: .out) {
        case .roundRobin(var states):
            states[0].setWeight(weight, of: place)
            if let zone { states[zone + 1].setWeight(weight, of: place) }
            self = .roundRobin(states)
        case .smooth(var states):
            states[0].setWeight(weight, of: place)
            if let zone { states[zone + 1].setWeight(weight, of: place) }
            self = .smooth(states)
        case .leastConnections(var states):
            states[0].setWeight(weight, of: place)
            if let zone { states[zone + 1].setWeight(weight, of: place) }
            self = .leastConnections(states)
        case .twoChoices(var states):
            states[0].setWeight(weight, of: place)
            if let zone { states[zone + 1].setWeight(weight, of: place) }
            self = .twoChoices(states)
        case .peakEWMA(var states):
            states[0].setWeight(weight, of: place)
            if let zone { states[zone + 1].setWeight(weight, of: place) }
            self = .peakEWMA(states)
        case .hash(var states):
            states[0].setWeight(weight, of: place)
            self = .hash(states)
        case .out: break
        }
    }

    /// Forgets what stood at a place.
    mutating func remove(_ place: Int) {
        switch exchange(&self, with: .out) {
        case .roundRobin(var states):
            for state in states.indices { states[state].setWeight(0, of: place) }
            self = .roundRobin(states)
        case .smooth(var states):
            for state in states.indices { states[state].remove(place) }
            self = .smooth(states)
        case .leastConnections(var states):
            for state in states.indices { states[state].remove(place) }
            self = .leastConnections(states)
        case .twoChoices(var states):
            for state in states.indices { states[state].remove(place) }
            self = .twoChoices(states)
        case .peakEWMA(var states):
            for state in states.indices { states[state].remove(place) }
            self = .peakEWMA(states)
        case .hash(var states):
            for state in states.indices { states[state].remove(place) }
            self = .hash(states)
        case .out: break
        }
    }

    /// A request to a place has begun.
    mutating func began(_ place: Int, zone: Int?) {
        guard counts else { return }
        switch exchange(&self, with: .out) {
        case .leastConnections(var states):
            states[0].began(place)
            if let zone { states[zone + 1].began(place) }
            self = .leastConnections(states)
        case .twoChoices(var states):
            states[0].began(place)
            if let zone { states[zone + 1].began(place) }
            self = .twoChoices(states)
        case .peakEWMA(var states):
            states[0].began(place)
            if let zone { states[zone + 1].began(place) }
            self = .peakEWMA(states)
        case .hash(var states):
            states[0].began(place)
            self = .hash(states)
        case .roundRobin, .smooth, .out: break
        }
    }

    /// A request to a place has ended.
    mutating func ended(
        _ place: Int, zone: Int?, took: Duration, _ outcome: CircuitBreaker.Outcome, at now: Instant
    ) {
        guard counts || outcome == .failure else { return }
        switch exchange(&self, with: .out) {
        case .roundRobin(let states): self = .roundRobin(states)
        case .smooth(var states):
            states[0].failed(place)
            if let zone { states[zone + 1].failed(place) }
            self = .smooth(states)
        case .leastConnections(var states):
            states[0].ended(place)
            if let zone { states[zone + 1].ended(place) }
            self = .leastConnections(states)
        case .twoChoices(var states):
            states[0].ended(place)
            if let zone { states[zone + 1].ended(place) }
            self = .twoChoices(states)
        case .peakEWMA(var states):
            let latency = outcome == .ignored ? nil : took
            let failed = outcome == .failure
            states[0].ended(place, took: latency, failed: failed, at: now)
            if let zone { states[zone + 1].ended(place, took: latency, failed: failed, at: now) }
            self = .peakEWMA(states)
        case .hash(var states):
            states[0].ended(place)
            self = .hash(states)
        case .out: break
        }
    }

    /// Whether requests under way are counted.
    private var counts: Bool {
        switch self {
        case .roundRobin, .smooth, .out: false
        case .leastConnections, .twoChoices, .peakEWMA, .hash: true
        }
    }
}
