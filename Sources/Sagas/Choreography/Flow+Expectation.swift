extension Flow {
    /// What an event that was never seen before is to the flow.
    enum Expectation {
        /// It comes from outside.
        case root
        /// It answers an action, of which the event's place and the policy's bit are given; no bit if it comes from
        /// outside but has a cause that the flow knows.
        case consequence(of: Int, bit: UInt16)
        /// Nothing.
        case refused(Reason)
    }

    func expectation(of event: Event, under choreography: Choreography) -> Expectation {
        let plan = choreography.plan
        guard plan.kinds.indices.contains(event.type) else { return .refused(.unexpected) }
        let kind = plan.kinds[event.type]
        if kind == .start { return events == 0 ? .root : .refused(.startedAlready) }
        guard events > 0 else { return .refused(.notStarted) }
        let cause = event.cause.flatMap(place(of:))
        if let cause, let answered = answer(event.type, to: cause, under: plan) { return answered }
        guard kind == .outside else { return .refused(.unexpected) }
        return cause.map { .consequence(of: $0, bit: 0) } ?? .root
    }

    /// What an event of this type is as an answer to one of the actions that another event asked for; nil if it is none.
    private func answer(_ type: Int, to place: Int, under plan: Choreography.Plan) -> Expectation? {
        let event = taken[place]
        var policies = plan.policies(on: event.type)
        while let policy = policies.popFirst() {
            guard plan.answers[policy] & 1 << UInt32(type) != 0 else { continue }
            let bit = plan.bit(of: policy, on: event.type)
            if event.open & bit != 0 { return .consequence(of: place, bit: bit) }
            return .refused(event.overtaken & bit != 0 ? .tooLate : .answeredAlready)
        }
        return nil
    }
}
