public import Timeline

extension Flow {
    /// A timeout that has struck.
    public struct Expiry: Hashable, Sendable {
        /// The number of the timeout.
        public let timeout: Int
        /// The event that happens because of it. The flow has taken it in already; publish it for the others. Its id is
        /// the same whenever it is published for the same flow, timeout and cause.
        public let event: Event
        /// What follows from it.
        public let reaction: Reaction
    }

    /// Lets the timeout strike whose time has come first; of several at the same moment, the one defined first.
    ///
    /// To be called until it returns nil. Nothing strikes while a flow is parked; what is
    /// overdue then strikes when it is resumed.
    public mutating func advance(to now: Instant, under choreography: Choreography) -> Expiry? {
        let plan = choreography.plan
        guard let timeout = nextTimeout, timeout < plan.lengths.count, deadlines[timeout] <= now else { return nil }
        let cause = Int(startedBy[timeout])
        let event = Event(
            id: watchdogID(timeout, cause: taken[cause].id), type: plan.consequences[timeout], cause: taken[cause].id)
        let hops = Int(taken[cause].hops) + 1
        if let parking = parking(of: event.type, hops: hops, under: choreography) {
            return Expiry(timeout: timeout, event: event, reaction: park(parking))
        }
        armed &= ~(1 << UInt16(timeout))
        overtake(plan.overtaken[timeout], under: plan)
        let reaction = enter(event, at: now, hops: hops, timeout: timeout, under: choreography)
        return Expiry(timeout: timeout, event: event, reaction: reaction)
    }

    /// The timeout that strikes next, while the flow is running.
    var nextTimeout: Int? {
        guard case .running = state else { return nil }
        var (next, rest) = (Int?.none, armed)
        while rest != 0 {
            let timeout = rest.trailingZeroBitCount
            rest &= rest - 1
            if next.map({ deadlines[timeout] < deadlines[$0] }) ?? true { next = timeout }
        }
        return next
    }

    /// Calls off the timeouts that awaited an event, and starts those that are counted from it.
    mutating func setTimeouts(from place: Int, at now: Instant, under plan: Choreography.Plan) {
        let type = Int(taken[place].type)
        armed &= ~plan.timeoutsAwaiting[type]
        var starting = plan.timeoutsAfter[type] & ~armed
        armed |= starting
        while starting != 0 {
            let timeout = starting.trailingZeroBitCount
            starting &= starting - 1
            deadlines[timeout] = now + plan.lengths[timeout]
            startedBy[timeout] = UInt8(place)
        }
    }

    /// Gives up whatever these policies were asked to do.
    private mutating func overtake(_ policies: PolicySet, under plan: Choreography.Plan) {
        guard !policies.isEmpty else { return }
        for place in 0..<events where taken[place].open != 0 {
            let late = taken[place].open & plan.policies(on: taken[place].type).places(in: policies)
            taken[place].overtaken |= late
            taken[place].open &= ~late
            taken[place].unacknowledged &= ~late
        }
    }

    private func watchdogID(_ timeout: Int, cause: UInt64) -> UInt64 {
        var digest = Digest()
        digest.mix(id, cause)
        digest.mix(UInt64(truncatingIfNeeded: Choreography.maximumPolicies + timeout))
        return digest.value
    }
}
