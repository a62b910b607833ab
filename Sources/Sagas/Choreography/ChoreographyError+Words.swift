internal import Timeline

extension ChoreographyError.Rule: CustomStringConvertible {
    /// The rule, and what was found instead.
    public var description: String {
        switch self {
        case .eventCount(let count): Self.range(count, "types of events", 1...Choreography.maximumEvents)
        case .policyCount(let count): Self.range(count, "policies", 1...Choreography.maximumPolicies)
        case .policiesPerEvent(let count):
            Self.range(count, "policies on it", 0...Choreography.maximumPoliciesPerEvent)
        case .timeoutCount(let count): Self.range(count, "timeouts", 0...Choreography.maximumTimeouts)
        case .hopLimit(let given):
            "hopLimit: \(given) is out of range; allowed: 1 to \(Choreography.maximumHops)"
        case .emptyName: "it has an empty name"
        case .repeated: "there is another one of this name"
        case .unknownEvent(let name): "there is no event \(name); add it to the events, or correct the name"
        case .repeatedAnswer(let name): "\(name) is named twice among its answers"
        case .sharedAnswer(let name, let other):
            "\(name) is also an answer of \(other); give each an event of its own, so that it tells whose answer it is"
        case .startAsConsequence(let name): "\(name) begins a flow and cannot follow from something"
        case .length(let given): "within: \(given) is out of range; allowed: more than 0s"
        case .noStart: "no event begins a flow; say which one comes from outside and does"
        case .noEnd: "no event ends a flow; say which ones end it well and which badly"
        case .nobodyEmits: "nobody emits it; name it as an answer or a consequence, or say that it comes from outside"
        case .nobodyReacts:
            "nobody reacts to it, so a flow could stop there for ever; add a policy, or say that it ends the flow or "
                + "is a note"
        case .runsAfterEnd: "it never runs, since its event ends the flow"
        case .neverRuns: "it never runs, since nothing that begins a flow leads to its event"
        case .cycle(let names):
            "events lead back to themselves: \(names.joined(separator: " > ")); break the cycle, or allow cycles and "
                + "leave it to the hop limit"
        }
    }

    private static func range(_ count: Int, _ things: String, _ allowed: ClosedRange<Int>) -> String {
        "\(count) \(things) are out of range; allowed: \(allowed.lowerBound) to \(allowed.upperBound)"
    }
}
