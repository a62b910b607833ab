public import Resilience
public import Timeline

/// What the operator or the scenario does to the world.
public enum Action: Sendable {
    /// A fault is injected.
    case inject(FaultPlan)
    /// Faults are healed: the ones that this selects.
    case heal(FaultSelection)
    /// Settings are changed: the world takes over a plan that differs from the present one in settings alone.
    case change(Plan)
    /// A breaker is held open or closed, or with nil judges again.
    case force(edge: Int, stage: Int, CircuitBreaker.Hold?)
    /// A projection deals again with what it has set aside.
    case replay(projection: Int)
    /// A bus carries out its dead letters again.
    case replayCommands(bus: Int)
    /// The cache of a service loads ahead what its plan chooses.
    case warm(service: Int)
    /// A projection's table is made anew beside the one that serves, and takes over.
    case rebuild(projection: Int)
    /// A version of a saga is the one that is started from now on.
    case deploy(saga: Int)
    /// Something is done with sagas.
    case order(SagaOrder)
    /// Something is done with flows of a choreography.
    case orderFlows(FlowOrder)
    /// A projection that has stopped goes on.
    case restart(projection: Int)
    /// Nobody comes any more: every load stops.
    case stopLoad
}

/// Which faults to heal.
public enum FaultSelection: Hashable, Sendable {
    /// All in force.
    case all
    /// The one with this number, from 1.
    case number(Int)
    /// All in force on a target; on a service, those on its operations and its cache too.
    case target(FaultPlan.Target)
}

/// An action and its moment.
public struct TimedAction: Sendable {
    /// When; before anything else of that instant.
    public let time: Instant
    /// What.
    public let action: Action

    /// An action at a moment.
    public init(at time: Instant, _ action: Action) {
        self.time = time
        self.action = action
    }
}
