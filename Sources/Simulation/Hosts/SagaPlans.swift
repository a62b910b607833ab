import Sagas
import Timeline

/// What the plans of the sagas say, each by its number, and by which of its versions a saga is started.
struct SagaPlans: Sendable {
    private(set) var definitions: [SagaDefinition]
    private(set) var monitors: [SagaMonitor]
    private var plans: [SagaPlan]
    /// For each saga, the plan by which it is started: a version of it.
    private var deployed: [Int]

    init(_ plans: [SagaPlan]) {
        self.plans = plans
        monitors = plans.map(\.monitor)
        definitions = plans.map(\.definition)
        deployed = Array(plans.indices)
    }

    /// Takes over changed limits, policies and amounts.
    mutating func change(to plans: [SagaPlan]) {
        self.plans = plans
        monitors = plans.map(\.monitor)
        definitions = plans.map(\.definition)
    }

    var count: Int { plans.count }

    /// The version by which a saga is started from now on; those under way keep theirs.
    mutating func deploy(_ plan: Int) { deployed[plans[plan].versionOf ?? plan] = plan }

    /// The plan by which a saga is started.
    func deployedVersion(of plan: Int) -> Int { deployed[plan] }

    // Small answers rather than a whole plan, whose every list would be retained for it.

    /// The operation that stands for the saga itself.
    func operation(_ plan: Int) -> Int { plans[plan].operation }

    /// The service whose workers drive it.
    func home(_ plan: Int) -> Int { plans[plan].home }

    /// How long after a crash of its orchestrator another one takes it over.
    func takeover(_ plan: Int) -> Duration { plans[plan].takeover }

    /// How many steps have an undo.
    func undoCount(_ plan: Int) -> Int { plans[plan].undos.count { $0 != nil } }

    /// The call that a step makes.
    func action(_ plan: Int, step: Int) -> CallPlan { plans[plan].actions[step] }

    /// The call that a step's undo makes; nil where there is nothing to undo.
    func undo(_ plan: Int, step: Int) -> CallPlan? { plans[plan].undos[step] }

    /// Which parameter of a step, or of its undo, says what the call is about; nil for what the saga is about.
    func amountParameter(_ plan: Int, step: Int, isUndo: Bool) -> Int? {
        isUndo ? plans[plan].undoAmounts[step] : plans[plan].amounts[step]
    }

    /// What the next saga is worth, in cents.
    func sampleAmount(_ plan: Int, using random: inout RandomStream) -> Int64 {
        plans[plan].amount.sample(using: &random)
    }
}

extension SagaPlans {
    func mix(into digest: inout Digest) {
        for plan in deployed { digest.mix(UInt64(plan)) }
    }
}
