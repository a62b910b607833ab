/// A flow without an orchestrator: services that react to each other's events, each by policies of its own.
///
/// A policy says: on an event, a participant does something, and what comes of it is another event. Every policy on an
/// event runs, in the order in which they are given here; a compensating policy is one on an event that tells of a
/// failure. Nobody is in charge, so what a flow as a whole may do is written down here and checked: which events exist
/// and who emits them, which end a flow, what happens when nothing happens, and how far one event may lead to another.
///
/// Events, policies and timeouts are numbered by their place in these lists; a ``Flow`` knows nothing but the numbers,
/// and must be driven under the choreography that it began with.
///
/// Source: Richardson, *Microservices Patterns*, chapter 4 (choreography-based sagas); Brandolini's EventStorming for
/// the word policy.
public struct Choreography: Hashable, Sendable {
    /// How many types of events there can be.
    public static let maximumEvents = 32
    /// How many policies there can be.
    public static let maximumPolicies = 32
    /// How many of them can be on one event.
    public static let maximumPoliciesPerEvent = 16
    /// How many timeouts there can be.
    public static let maximumTimeouts = 16
    /// The longest chain of causes that a flow can be allowed.
    public static let maximumHops = Flow.maximumEvents - 1

    /// What it is called.
    public let name: String
    /// The types of events.
    public let events: [EventType]
    /// Who reacts to what, in the order in which they act.
    public let policies: [Policy]
    /// What happens when nothing happens.
    public let timeouts: [Timeout]
    /// How many steps of cause and effect an event may be away from the one that began the flow.
    public let hopLimit: Int
    /// Whether events may lead back to themselves.
    public let allowsCycles: Bool
    /// The same in numbers.
    let plan: Plan

    /// Checks the definition.
    /// - Parameters:
    ///   - name: what it is called.
    ///   - events: 1 to ``maximumEvents`` types with different names, one that starts a flow and one that ends it among
    ///     them.
    ///   - policies: 1 to ``maximumPolicies``, and up to ``maximumPoliciesPerEvent`` on one event.
    ///   - timeouts: up to ``maximumTimeouts``; none by default.
    ///   - hopLimit: 1 to ``maximumHops``; 32 by default. A flow that comes to an event farther from its beginning is
    ///     parked for an operator.
    ///   - allowsCycles: whether events may lead back to themselves, bounded by nothing but the hop limit; no by
    ///     default.
    /// - Throws: the first of ``problems(name:events:policies:timeouts:hopLimit:allowsCycles:)``.
    public init(
        name: String, events: [EventType], policies: [Policy], timeouts: [Timeout] = [], hopLimit: Int = 32,
        allowsCycles: Bool = false
    ) throws(ChoreographyError) {
        let problems = Self.problems(
            name: name, events: events, policies: policies, timeouts: timeouts, hopLimit: hopLimit,
            allowsCycles: allowsCycles)
        if let first = problems.first { throw first }
        self.name = name
        self.events = events
        self.policies = policies
        self.timeouts = timeouts
        self.hopLimit = hopLimit
        self.allowsCycles = allowsCycles
        plan = Plan(events: events, policies: policies, timeouts: timeouts)
    }

    /// The number of an event's type; nil if there is none of that name.
    public func event(named name: String) -> Int? {
        events.firstIndex { $0.name == name }
    }
}
