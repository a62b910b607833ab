internal import Timeline

extension Choreography {
    /// Everything that keeps these from being a choreography, in the order of the lists; empty for a valid one.
    ///
    /// What leads to what is looked at only if all numbers and names are right, so that one mistake gives one message.
    public static func problems(
        name: String, events: [EventType], policies: [Policy], timeouts: [Timeout], hopLimit: Int, allowsCycles: Bool
    ) -> [ChoreographyError] {
        var broken = brokenCounts(events, policies, timeouts, hopLimit)
        broken += brokenNames(of: events, policies)
        for index in policies.indices {
            broken += brokenRules(at: index, of: policies, events).map { (.policy(policies[index].name), $0) }
        }
        for index in timeouts.indices {
            broken += brokenRules(at: index, of: timeouts, events).map { (.timeout(timeouts[index].name), $0) }
        }
        if broken.isEmpty {
            broken = brokenPaths(events, policies, timeouts)
            let map = EventMap(events: events, policies: policies, timeouts: timeouts)
            if !allowsCycles, let cycle = map.cycle { broken.append((.whole, .cycle(cycle))) }
        }
        return broken.map { ChoreographyError(choreography: name, place: $0.place, rule: $0.rule) }
    }

    typealias Broken = (place: ChoreographyError.Place, rule: ChoreographyError.Rule)

    private static func brokenCounts(
        _ events: [EventType], _ policies: [Policy], _ timeouts: [Timeout], _ hopLimit: Int
    ) -> [Broken] {
        var broken: [Broken] = []
        if !(1...maximumEvents).contains(events.count) { broken.append((.whole, .eventCount(events.count))) }
        if !(1...maximumPolicies).contains(policies.count) { broken.append((.whole, .policyCount(policies.count))) }
        if timeouts.count > maximumTimeouts { broken.append((.whole, .timeoutCount(timeouts.count))) }
        if !(1...maximumHops).contains(hopLimit) { broken.append((.whole, .hopLimit(hopLimit))) }
        return broken
    }

    private static func brokenNames(of events: [EventType], _ policies: [Policy]) -> [Broken] {
        var broken: [Broken] = []
        for (index, event) in events.enumerated() {
            if event.name.isEmpty { broken.append((.event(event.name), .emptyName)) }
            if events[..<index].contains(where: { $0.name == event.name }) {
                broken.append((.event(event.name), .repeated))
            }
            let count = policies.count { $0.event == event.name }
            if count > maximumPoliciesPerEvent { broken.append((.event(event.name), .policiesPerEvent(count))) }
        }
        return broken
    }

    /// The rules that one policy breaks among the others.
    private static func brokenRules(
        at index: Int, of policies: [Policy], _ events: [EventType]
    ) -> [ChoreographyError.Rule] {
        let policy = policies[index]
        var rules: [ChoreographyError.Rule] = []
        if policy.participant.isEmpty || policy.action.isEmpty { rules.append(.emptyName) }
        if policies[..<index].contains(where: { $0.name == policy.name }) {
            rules.append(.repeated)
        } else {
            rules += sharedAnswers(of: policy, among: policies[..<index])
        }
        rules += unknown(among: [policy.event] + policy.answers, events)
        for (place, answer) in policy.answers.enumerated() {
            if policy.answers[..<place].contains(answer) { rules.append(.repeatedAnswer(answer)) }
            if kind(of: answer, events) == .start { rules.append(.startAsConsequence(answer)) }
        }
        return rules
    }

    private static func sharedAnswers(
        of policy: Policy, among others: ArraySlice<Policy>
    ) -> [ChoreographyError.Rule] {
        policy.answers.compactMap { answer in
            others.first { $0.event == policy.event && $0.answers.contains(answer) }.map {
                .sharedAnswer(answer, with: $0.name)
            }
        }
    }

    /// The rules that one timeout breaks among the others.
    private static func brokenRules(
        at index: Int, of timeouts: [Timeout], _ events: [EventType]
    ) -> [ChoreographyError.Rule] {
        let timeout = timeouts[index]
        var rules = unknown(among: [timeout.event] + timeout.awaited + [timeout.consequence], events)
        if timeouts[..<index].contains(where: { $0.name == timeout.name }) { rules.append(.repeated) }
        if timeout.length <= .zero { rules.append(.length(timeout.length)) }
        if kind(of: timeout.consequence, events) == .start { rules.append(.startAsConsequence(timeout.consequence)) }
        return rules
    }

    private static func unknown(among names: [String], _ events: [EventType]) -> [ChoreographyError.Rule] {
        names.filter { kind(of: $0, events) == nil }.map { .unknownEvent($0) }
    }

    private static func kind(of name: String, _ events: [EventType]) -> EventType.Kind? {
        events.first { $0.name == name }?.kind
    }
}
