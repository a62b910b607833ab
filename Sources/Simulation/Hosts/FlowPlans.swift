import Resilience
import Sagas
import Timeline

/// What the plans of the choreographies say, each by its number; every name of an event is looked up once.
struct FlowPlans: Sendable {
    let choreographies: [Choreography]
    private var plans: [ChoreographyPlan]
    private let events: [Events]

    /// The events of one choreography, by their numbers.
    private struct Events: Sendable {
        /// What begins a flow.
        let start: Int
        /// By which event each policy tells that it was done; nil for none.
        let success: [Int?]
        /// By which it tells that it was not.
        let failure: [Int?]
        /// Those that tell that something was not done, as bits.
        let failures: UInt32

        init(_ choreography: Choreography) {
            start = choreography.events.firstIndex { $0.kind == .start } ?? 0
            success = choreography.policies.map { $0.success.first.flatMap { choreography.event(named: $0) } }
            failure = choreography.policies.map { $0.failure.first.flatMap { choreography.event(named: $0) } }
            failures = failure.reduce(0) { bits, event in event.map { bits | 1 << UInt32($0) } ?? bits }
        }
    }

    init(_ plans: [ChoreographyPlan]) {
        self.plans = plans
        choreographies = plans.map(\.choreography)
        events = choreographies.map { Events($0) }
    }

    /// Takes over how events are delivered, and amounts; who reacts to what stays as it is.
    mutating func change(to plans: [ChoreographyPlan]) { self.plans = plans }

    // Small answers rather than a whole plan, whose every list would be retained for it.

    /// The operation that stands for the flow itself.
    func operation(_ plan: Int) -> Int { plans[plan].operation }

    /// The service that carries the events.
    func broker(_ plan: Int) -> Int { plans[plan].broker }

    /// The call that a policy makes.
    func call(of policy: Int, _ plan: Int) -> CallPlan { plans[plan].reactions[policy].call }

    /// The policy whose work a policy takes back; nil if it does work of its own.
    func undone(by policy: Int, _ plan: Int) -> Int? { plans[plan].reactions[policy].undoes }

    /// The type of event that begins a flow.
    func start(_ plan: Int) -> Int { events[plan].start }

    /// The type of event by which a policy answers; nil if it answers by none.
    func answer(of policy: Int, isGood: Bool, _ plan: Int) -> Int? {
        isGood ? events[plan].success[policy] : events[plan].failure[policy]
    }

    /// Whether an event of this type tells that something has failed.
    func tellsOfFailure(_ type: Int, _ plan: Int) -> Bool { events[plan].failures & 1 << UInt32(type) != 0 }

    /// What the next flow is worth, in cents.
    func sampleAmount(_ plan: Int, using random: inout RandomStream) -> Int64 {
        plans[plan].amount.sample(using: &random)
    }

    /// How long an event takes to a subscriber.
    func sampleTransit(_ plan: Int, using random: inout RandomStream) -> Duration {
        plans[plan].delivery.sample(using: &random)
    }

    /// Whether an event is delivered twice.
    func samplesTwice(_ plan: Int, using random: inout RandomStream) -> Bool {
        plans[plan].twice > 0 && random.chance(plans[plan].twice)
    }

    /// How long to wait after an attempt to deliver, of which there were so many; nil if those were enough.
    func wait(
        afterAttempt attempt: Int, previous: Duration, _ plan: Int, using random: inout RandomStream
    ) -> Duration? {
        plans[plan].redelivery.next(afterAttempt: attempt, previous: previous, using: &random)
    }
}
