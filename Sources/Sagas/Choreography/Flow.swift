public import Timeline

/// One flow of a ``Choreography``: what has happened in it, and who has to act because of it.
///
/// It decides and does nothing itself. Whoever owns it hands it every event of the flow that the bus delivers, has the
/// participants act that ``take(_:at:under:)`` names, says with ``acknowledge(_:under:)`` which of them have their
/// orders, and calls ``advance(to:under:)`` when it is ``due``. The id of the flow is the correlation id of its events.
///
/// - **Once.** An event that is delivered again lets only those act that have not been acknowledged, with the same
///   idempotency keys as before. An action has one answer: another one changes nothing, whatever it says.
/// - **In order.** An event counts if it comes from outside or answers an action that the flow has asked for. One that
///   overtakes its cause is refused and counts when it is delivered again.
/// - **To an end.** Nothing acts after the event that ends the flow; ``unfinished`` says what was under way then. A flow
///   that goes too far is parked for an operator.
///
/// A trivial value of 808 bytes that never grows: it remembers up to ``maximumEvents`` events, each of them for
/// good, so that none counts twice, however late it is delivered again. The event that would be one too many parks the
/// flow, as does one that is more hops from the beginning than the choreography allows.
public struct Flow: Sendable {
    /// How many events a flow can consist of; those that changed nothing do not count.
    public static let maximumEvents = 40

    var taken: [40 of Taken]
    var deadlines: [16 of Instant]
    /// The place of the event that started each timeout.
    var startedBy: [16 of UInt8]
    /// What tells this flow from all others; part of every idempotency key.
    public let id: UInt64
    var state = State.notStarted
    /// The timeouts that run, a bit for each.
    var armed: UInt16 = 0
    var count: UInt8 = 0
    /// How many hops an operator has allowed in addition.
    var extraHops: UInt8 = 0
    /// How many deliveries changed nothing; stays at the end of the range.
    public internal(set) var ignored: UInt32 = 0

    /// A flow in which nothing has happened yet.
    public init(id: UInt64) {
        taken = InlineArray(repeating: Taken())
        deadlines = InlineArray(repeating: .distantFuture)
        startedBy = InlineArray(repeating: 0)
        self.id = id
    }

    /// How many events it consists of so far.
    public var events: Int { Int(count) }

    /// When ``advance(to:under:)`` has something to do; nil if no timeout runs.
    public var due: Instant? { nextTimeout.map { deadlines[$0] } }

    /// What it is doing, or how it ended.
    public func phase(under choreography: Choreography) -> Phase {
        switch state {
        case .notStarted: .notStarted
        case .running: .running(waitingFor: unfinished(under: choreography))
        case .ended(let ending): .ended(ending)
        case .parked(let reason): .parked(reason)
        }
    }

    /// The policies that were asked to act and whose answer has not come, nor been given up.
    ///
    /// Once the flow is over these are the actions of which nobody will ever know.
    public func unfinished(under choreography: Choreography) -> PolicySet {
        var policies = PolicySet()
        for place in 0..<events {
            policies.formUnion(choreography.plan.members(at: taken[place].open, on: taken[place].type))
        }
        return policies
    }

    /// All actions that nobody has acknowledged, in the order in which they were asked for: what has to be asked for
    /// again after a crash. None once the flow is over or parked.
    public func unacknowledged(under choreography: Choreography) -> [Action] {
        guard case .running = state else { return [] }
        return (0..<events).flatMap { Array(actions(at: $0, under: choreography)) }
    }
}
