import Resilience
import Timeline

/// The chapter of the circuit breakers. A guard is one breaker, or one for each operation or replica of its service.
struct BreakerHost: Sendable {
    private struct Guard {
        var plan: BreakerPlan
        var place: Component
        /// Its breakers stand from here on.
        var first: Int
        var count: Int
    }

    private var guards: [Guard] = []
    private var breakers: [CircuitBreaker] = []
    /// The entry of each breaker's last transition: the cause of what it refuses.
    private var lastEntries: [EntryID] = []
    /// When each breaker will go on by time alone.
    private var timers: [Agenda.TimerID] = []
    /// The guard that each breaker belongs to.
    private var owners: [UInt16] = []

    /// A guard of so many breakers.
    mutating func add(_ plan: BreakerPlan, parts: Int, at place: Component) -> UInt16 {
        guards.append(Guard(plan: plan, place: place, first: breakers.count, count: parts))
        breakers += repeatElement(CircuitBreaker(plan.settings), count: parts)
        lastEntries += repeatElement(.none, count: parts)
        timers += repeatElement(.none, count: parts)
        owners += repeatElement(UInt16(guards.count - 1), count: parts)
        return UInt16(guards.count - 1)
    }

    /// For what a guard has one breaker each.
    func scope(_ index: Int) -> BreakerPlan.Scope { guards[index].plan.scope }

    /// How many breakers a guard has.
    func parts(_ index: Int) -> Int { guards[index].count }

    /// One of a guard's breakers.
    func breaker(_ index: Int, part: Int) -> CircuitBreaker { breakers[guards[index].first + part] }

    /// May this call pass?
    mutating func ask(_ index: Int, part: Int, request: UInt64, cause: EntryID, _ port: inout Port) -> Verdict {
        let place = guards[index].first + part
        switch breakers[place].admit(at: port.now) {
        case .permitted(let permit, let transition):
            if let transition { note(transition, index, part, request, cause, &port) }
            return .pass(token: permit.generation)
        case .rejected(let rejection, let transition):
            if let transition { note(transition, index, part, request, cause, &port) }
            return .reject(.breakerOpen, retryAfter: rejection.retryAfter ?? .zero)
        }
    }

    /// How a call that passed has ended.
    mutating func tell(
        _ index: Int, part: Int, _ outcome: Outcome, took: Duration, token: UInt32, request: UInt64, cause: EntryID,
        _ port: inout Port
    ) {
        let result: CircuitBreaker.Outcome =
            switch outcome {
            case .ok: .success
            case .failed(let failure): guards[index].plan.detector.outcome(of: failure.kind)
            }
        let permit = CircuitBreaker.Permit(generation: token)
        let place = guards[index].first + part
        if let transition = breakers[place].record(result, took: took, permit: permit, at: port.now) {
            note(transition, index, part, request, cause, &port)
        }
        guard let rule = guards[index].plan.ownRule, result == .failure else { return }
        applyOwnRule(rule, index, part, request, cause, &port)
    }

    /// The caller's own rule, which reads the breaker's counts after each failure as gobreaker's `ReadyToTrip` does.
    private mutating func applyOwnRule(
        _ rule: BreakerPlan.OwnRule, _ index: Int, _ part: Int, _ request: UInt64, _ cause: EntryID, _ port: inout Port
    ) {
        let place = guards[index].first + part
        guard breakers[place].state == .closed, rule.isMet(by: breakers[place].counts(at: port.now)),
            let transition = breakers[place].trip(at: port.now)
        else { return }
        note(transition, index, part, request, cause, &port)
    }

    /// A health checker tells all breakers of a guard how the service is, or those of one replica.
    mutating func healthChanged(
        _ index: Int, part: Int?, to health: CircuitBreaker.Health, cause: EntryID, _ port: inout Port
    ) {
        for each in part.map({ $0..<($0 + 1) }) ?? 0..<guards[index].count {
            let place = guards[index].first + each
            if let transition = breakers[place].healthChanged(to: health, at: port.now) {
                note(transition, index, each, 0, cause, &port)
            }
        }
    }

    /// Time alone has brought a breaker to its next state.
    mutating func due(_ place: Int, _ port: inout Port) {
        timers[place] = .none
        let index = Int(owners[place])
        guard let transition = breakers[place].advance(to: port.now) else { return watch(place, &port) }
        note(transition, index, place - guards[index].first, 0, lastEntries[place], &port)
    }

    private mutating func watch(_ place: Int, _ port: inout Port) {
        port.cancel(&timers[place])
        guard let due = breakers[place].nextTimedTransition else { return }
        timers[place] = port.agenda.schedule(.breakerDue(UInt32(place)), at: max(due, port.now))
    }

    /// Holds all breakers of a guard open or closed, or with nil lets them judge again, from closed.
    mutating func force(_ index: Int, _ hold: CircuitBreaker.Hold?, command: Why, _ port: inout Port) {
        for part in 0..<guards[index].count {
            let place = guards[index].first + part
            let transition =
                hold.map { breakers[place].force($0, at: port.now) } ?? breakers[place].reset(at: port.now)
            guard transition != nil else { continue }
            lastEntries[place] = port.note(.forced, component(index, part), why: command)
            watch(place, &port)
            port.touched.insert(.breakers)
        }
    }

    mutating func change(_ index: Int, to plan: BreakerPlan, _ port: inout Port) {
        guard plan != guards[index].plan else { return }
        guards[index].plan = plan
        for part in 0..<guards[index].count {
            let place = guards[index].first + part
            if let transition = breakers[place].changeSettings(plan.settings, at: port.now) {
                note(transition, index, part, 0, .none, &port)
            } else {
                watch(place, &port)
            }
        }
    }

    /// The entry of the transition that made a breaker refuse calls.
    func lastEntry(_ index: Int, part: Int) -> EntryID { lastEntries[guards[index].first + part] }

    /// Where the journal says that something happened.
    private func component(_ index: Int, _ part: Int) -> Component {
        guards[index].place.part(part, of: guards[index].count)
    }

    private mutating func note(
        _ transition: CircuitBreaker.Transition, _ index: Int, _ part: Int, _ request: UInt64, _ cause: EntryID,
        _ port: inout Port
    ) {
        lastEntries[guards[index].first + part] = port.note(
            What(transition), component(index, part), why: Why(transition.reason), request: request, cause: cause)
        port.touched.insert(.breakers)
        watch(guards[index].first + part, &port)
    }
}

extension What {
    init(_ transition: CircuitBreaker.Transition) {
        self =
            switch transition.to {
            case .closed: .closed
            case .open: .opened
            case .halfOpen: .halfOpened
            case .forcedOpen, .disabled, .metricsOnly: .forced
            }
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
            case .failures(let failed, let all, let threshold):
                .failures(UInt32(clamping: failed), of: UInt32(clamping: all), limit: UInt32(clamping: threshold))
            case .consecutiveFailures(let failed, let threshold):
                .inARow(UInt32(clamping: failed), limit: UInt32(clamping: threshold))
            case .callersRule(let failed, let all, _):
                .failures(UInt32(clamping: failed), of: UInt32(clamping: all), limit: 0)
            case .retryAfter(let length): .retryAfter(length)
            case .unhealthy: .health(isGood: false)
            case .healthy: .health(isGood: true)
            case .openTimeOver(let waited): .took(waited)
            case .probesSucceeded(let good, let all): .probes(ok: UInt16(clamping: good), of: UInt16(clamping: all))
            case .halfOpenLimit(_, _, let limit): .limit(limit)
            case .probeIgnored, .forced, .reset: .itself
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
