internal import Timeline

extension Choreography {
    /// A choreography in numbers, as flows use it.
    struct Plan: Hashable, Sendable {
        /// The kind of each type of events.
        let kinds: [EventType.Kind]
        /// The policies on each type of events; none on one that ends the flow.
        let policiesOn: [PolicySet]
        /// The events that answer each policy, a bit for each.
        let answers: [UInt32]
        /// The timeouts that each type of events starts, a bit for each.
        let timeoutsAfter: [UInt16]
        /// The timeouts that each type of events calls off, a bit for each.
        let timeoutsAwaiting: [UInt16]
        /// How long each timeout is.
        let lengths: [Duration]
        /// The type of the event that each timeout publishes.
        let consequences: [Int]
        /// The policies that each timeout overtakes: those that could still lead to an awaited event.
        let overtaken: [PolicySet]

        /// The plan of a choreography whose names have been checked.
        init(events: [EventType], policies: [Policy], timeouts: [Timeout]) {
            let map = EventMap(events: events, policies: policies, timeouts: timeouts)
            kinds = events.map(\.kind)
            answers = map.answers
            policiesOn = events.indices.map { event in
                PolicySet(map.isEnding(event) ? [] : policies.indices.filter { map.causes[$0] == event })
            }
            timeoutsAfter = events.map { event in Self.bits(timeouts) { $0.event == event.name } }
            timeoutsAwaiting = events.map { event in Self.bits(timeouts) { $0.awaited.contains(event.name) } }
            lengths = timeouts.map(\.length)
            consequences = timeouts.map { map.number(of: $0.consequence) }
            overtaken = timeouts.map { timeout in
                guard timeout.lateAnswers == .refused else { return PolicySet() }
                let awaited = map.bits(of: timeout.awaited)
                return PolicySet(policies.indices.filter { map.reach(from: map.answers[$0]) & awaited != 0 })
            }
        }

        private static func bits(_ timeouts: [Timeout], where condition: (Timeout) -> Bool) -> UInt16 {
            timeouts.indices.reduce(0) { condition(timeouts[$1]) ? $0 | 1 << UInt16($1) : $0 }
        }
    }
}

extension Choreography.Plan {
    /// The policies on a type of events.
    func policies(on type: UInt8) -> PolicySet {
        policiesOn.indices.contains(Int(type)) ? policiesOn[Int(type)] : PolicySet()
    }

    /// The policies at these places among those on a type of events.
    func members(at places: UInt16, on type: UInt8) -> PolicySet {
        policies(on: type).members(at: places)
    }

    /// The bit of a policy among those on a type of events; none if it is not one of them.
    func bit(of policy: Int, on type: UInt8) -> UInt16 {
        policies(on: type).place(of: policy)
    }
}
