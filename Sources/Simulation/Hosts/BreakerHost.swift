import Resilience
import Timeline

/// The chapter of the circuit breakers.
struct BreakerHost: Sendable {
    private(set) var breakers: [CircuitBreaker] = []
    private var places: [Component] = []
    /// The entry of each breaker's last transition: the cause of what it refuses.
    private var lastEntries: [EntryID] = []

    mutating func add(_ settings: CircuitBreaker.Settings, at place: Component) -> UInt16 {
        breakers.append(CircuitBreaker(settings))
        places.append(place)
        lastEntries.append(.none)
        return UInt16(breakers.count - 1)
    }

    /// May this call pass?
    mutating func ask(_ index: Int, request: UInt64, cause: EntryID, _ port: inout Port) -> Verdict {
        switch breakers[index].admit(at: port.now) {
        case .permitted(let permit, let transition):
            if let transition { note(transition, index, request, cause, &port) }
            return .pass(token: permit.generation)
        case .rejected(let rejection, let transition):
            if let transition { note(transition, index, request, cause, &port) }
            return .reject(.breakerOpen, retryAfter: rejection.retryAfter ?? .zero)
        }
    }

    /// How a call that passed has ended.
    mutating func tell(
        _ index: Int, _ outcome: Outcome, took: Duration, token: UInt32, request: UInt64, cause: EntryID,
        _ port: inout Port
    ) {
        let result: CircuitBreaker.Outcome =
            switch outcome {
            case .ok: .success
            case .failed(let failure): failure.isLocal || failure == .cancelled ? .ignored : .failure
            }
        let permit = CircuitBreaker.Permit(generation: token)
        if let transition = breakers[index].record(result, took: took, permit: permit, at: port.now) {
            note(transition, index, request, cause, &port)
        }
    }

    /// Holds a breaker open or closed, or with nil lets it judge again, from closed.
    mutating func force(_ index: Int, _ hold: CircuitBreaker.Hold?, command: Why, _ port: inout Port) {
        let transition = hold.map { breakers[index].force($0, at: port.now) } ?? breakers[index].reset(at: port.now)
        guard transition != nil else { return }
        lastEntries[index] = port.note(.forced, places[index], why: command)
        port.touched.insert(.breakers)
    }

    mutating func change(_ index: Int, to settings: CircuitBreaker.Settings, _ port: inout Port) {
        guard settings != breakers[index].settings else { return }
        if let transition = breakers[index].changeSettings(settings, at: port.now) {
            note(transition, index, 0, .none, &port)
        }
    }

    /// The entry of the transition that made a breaker refuse calls.
    func lastEntry(_ index: Int) -> EntryID { lastEntries[index] }

    private mutating func note(
        _ transition: CircuitBreaker.Transition, _ index: Int, _ request: UInt64, _ cause: EntryID, _ port: inout Port
    ) {
        let what: What =
            switch transition.to {
            case .closed: .closed
            case .open: .opened
            case .halfOpen: .halfOpened
            case .forcedOpen, .forcedClosed: .forced
            }
        lastEntries[index] = port.note(
            what, places[index], why: Why(transition.reason), request: request, cause: cause)
        port.touched.insert(.breakers)
    }
}

extension Why {
    init(_ reason: CircuitBreaker.Reason) {
        self =
            switch reason {
            case .failureRate(let failed, let all, let threshold), .probesFailed(let failed, let all, let threshold):
                .rate(.failures, bad: UInt32(clamping: failed), of: UInt32(clamping: all), threshold: Float(threshold))
            case .slowCallRate(let slow, let all, let threshold), .probesSlow(let slow, let all, let threshold):
                .rate(.slowCalls, bad: UInt32(clamping: slow), of: UInt32(clamping: all), threshold: Float(threshold))
            case .openTimeOver(let waited): .took(waited)
            case .probesSucceeded(let good, let all): .probes(ok: UInt16(clamping: good), of: UInt16(clamping: all))
            case .halfOpenLimit(_, _, let limit): .limit(limit)
            case .forced, .reset: .itself
            }
    }
}

extension BreakerHost {
    func mix(into digest: inout Digest) {
        for breaker in breakers {
            digest.mix(UInt64(breaker.generation), UInt64(breaker.state.rawValue))
            digest.mix(UInt64(breaker.totals.permitted), UInt64(breaker.totals.rejected))
        }
    }
}
