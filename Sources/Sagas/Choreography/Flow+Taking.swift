public import Timeline

extension Flow {
    /// Takes in an event that the bus has delivered.
    ///
    /// An event that is awaited counts as long as the watchdog has not acted: so call ``advance(to:under:)`` first if
    /// the flow is ``due``.
    public mutating func take(_ event: Event, at now: Instant, under choreography: Choreography) -> Reaction {
        let reaction = received(event, at: now, under: choreography)
        if case .ignored = reaction { ignored += ignored < .max ? 1 : 0 }
        return reaction
    }

    /// Takes in that an action need not be asked for again: the participant has it, or has done it.
    ///
    /// An answer acknowledges its action by itself; so this is for participants whose answer takes its time, and for
    /// those that give none, whose action is then over. False if it was acknowledged before, or not asked for, or if
    /// the flow is over.
    @discardableResult
    public mutating func acknowledge(_ action: Action, under choreography: Choreography) -> Bool {
        guard action.flow == id, isOpen, let place = place(of: action.event) else { return false }
        let bit = choreography.plan.bit(of: action.policy, on: taken[place].type)
        guard taken[place].unacknowledged & bit != 0 else { return false }
        taken[place].unacknowledged &= ~bit
        if choreography.plan.answers[action.policy] == 0 { taken[place].open &= ~bit }
        return true
    }

    private mutating func received(_ event: Event, at now: Instant, under choreography: Choreography) -> Reaction {
        switch state {
        case .ended: return .ignored(place(of: event.id) == nil ? .flowOver : .duplicate)
        case .parked: return .ignored(.flowParked)
        case .notStarted, .running: break
        }
        if let place = place(of: event.id) {
            let actions = actions(at: place, under: choreography)
            return actions.policies.isEmpty ? .ignored(.duplicate) : .act(actions)
        }
        switch expectation(of: event, under: choreography) {
        case .refused(let reason): return .ignored(reason)
        case .root: return enter(event, at: now, hops: 0, timeout: nil, under: choreography)
        case .consequence(let cause, let bit):
            let hops = Int(taken[cause].hops) + 1
            if let parking = parking(of: event.type, hops: hops, under: choreography) { return park(parking) }
            taken[cause].open &= ~bit
            taken[cause].unacknowledged &= ~bit
            return enter(event, at: now, hops: hops, timeout: nil, under: choreography)
        }
    }

    /// Makes an event part of the flow.
    mutating func enter(
        _ event: Event, at now: Instant, hops: Int, timeout: Int?, under choreography: Choreography
    ) -> Reaction {
        if let parking = parking(of: event.type, hops: hops, under: choreography) { return park(parking) }
        let plan = choreography.plan
        let policies = plan.policiesOn[event.type].places()
        taken[events] = Taken(
            id: event.id, unacknowledged: policies, open: policies, type: UInt8(event.type), hops: UInt8(hops))
        count += 1
        state = .running
        switch plan.kinds[event.type] {
        case .endsWell: return end(.well)
        case .endsBadly: return end(timeout.map { .timedOut(timeout: UInt8($0)) } ?? .badly)
        case .start, .outside, .step, .note:
            setTimeouts(from: events - 1, at: now, under: plan)
            return .act(actions(at: events - 1, under: choreography))
        }
    }

    /// Why the flow cannot take in an event of this type so far from its beginning; nil if it can.
    func parking(of type: Int, hops: Int, under choreography: Choreography) -> Parking? {
        if events == Self.maximumEvents { return .eventLimit(event: UInt8(type)) }
        return hops > choreography.hopLimit + Int(extraHops) ? .hopLimit(event: UInt8(type)) : nil
    }

    mutating func park(_ parking: Parking) -> Reaction {
        state = .parked(parking)
        return .parked(parking)
    }

    mutating func end(_ ending: Ending) -> Reaction {
        state = .ended(ending)
        armed = 0
        return .ended(ending)
    }

    /// The actions of an event that have not been acknowledged.
    func actions(at place: Int, under choreography: Choreography) -> Actions {
        let event = taken[place]
        return Actions(
            flow: id, event: event.id, policies: choreography.plan.members(at: event.unacknowledged, on: event.type))
    }

    /// Whether actions can still be acknowledged.
    private var isOpen: Bool {
        switch state {
        case .running, .parked: true
        case .notStarted, .ended: false
        }
    }
}
