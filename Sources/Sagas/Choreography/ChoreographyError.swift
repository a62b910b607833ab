public import Timeline

/// A rule that a choreography breaks; its description is one line for whoever wrote it.
public struct ChoreographyError: Error, Hashable, Sendable {
    /// What the rule is about.
    public enum Place: Hashable, Sendable {
        /// The choreography as a whole.
        case whole
        /// The event of this name.
        case event(String)
        /// The policy of this name.
        case policy(String)
        /// The timeout of this name.
        case timeout(String)
    }

    /// The rules of a choreography.
    public enum Rule: Hashable, Sendable {
        /// There are 1 to ``Choreography/maximumEvents`` types of events; so many were given.
        case eventCount(Int)
        /// There are 1 to ``Choreography/maximumPolicies`` policies; so many were given.
        case policyCount(Int)
        /// On one event there are at most ``Choreography/maximumPoliciesPerEvent`` policies; so many were given.
        case policiesPerEvent(Int)
        /// There are at most ``Choreography/maximumTimeouts`` timeouts; so many were given.
        case timeoutCount(Int)
        /// The hop limit is 1 to ``Choreography/maximumHops``; this one was given.
        case hopLimit(Int)
        /// Events, participants and actions have names.
        case emptyName
        /// No two events have the same name, and no two policies or timeouts do the same.
        case repeated
        /// There is no event of this name.
        case unknownEvent(String)
        /// A policy names each answer once, so that it tells success from failure.
        case repeatedAnswer(String)
        /// Policies on one event have different answers, so that an answer tells whose it is.
        case sharedAnswer(String, with: String)
        /// What begins a flow comes from outside, and is never a consequence.
        case startAsConsequence(String)
        /// A timeout is more than zero; this one was given.
        case length(Duration)
        /// Some event begins a flow.
        case noStart
        /// Some event ends a flow.
        case noEnd
        /// Every event that does not come from outside is emitted by somebody.
        case nobodyEmits
        /// Somebody reacts to every event, unless it ends the flow or is a note.
        case nobodyReacts
        /// Nothing follows from an event that ends the flow.
        case runsAfterEnd
        /// Every policy and timeout is on an event that can happen.
        case neverRuns
        /// Events do not lead back to themselves, unless that is said to be allowed.
        case cycle([String])
    }

    /// The name of the choreography.
    public let choreography: String
    /// What the rule is about.
    public let place: Place
    /// The rule that is broken.
    public let rule: Rule
}

extension ChoreographyError: CustomStringConvertible {
    /// `choreography checkout, policy payment charges on OrderPlaced: …`, with the rule and what to do about it.
    public var description: String { "choreography \(choreography)\(place): \(rule)" }
}

extension ChoreographyError.Place: CustomStringConvertible {
    /// `, event OrderPlaced`; nothing for the whole.
    public var description: String {
        switch self {
        case .whole: ""
        case .event(let name): ", event \(name)"
        case .policy(let name): ", policy \(name)"
        case .timeout(let name): ", timeout \(name)"
        }
    }
}
