internal import Scenarios
internal import Simulation

// What the form of a fault begins with: what shows something on a target, soon enough, and is over again by itself.

extension FaultForm {
    /// The fault that most people try first on a target; nil if none can happen to it.
    static func likeliest(on target: FaultPlan.Target) -> FaultForm? {
        switch target {
        case .node: .cut
        case .projection, .bus, .shard: .crash
        case .saga, .sagaStep: .interrupt
        case .choreography, .policy: .lose
        case .service, .replica, .operation, .edge, .cache, .connections, .memory, .store, .load:
            possible(on: target).first
        }
    }

    /// A value for a clause of the fault on a target.
    func suggestion(for clause: Clause, on target: FaultPlan.Target) -> String {
        switch clause {
        case .add: target.isOfEvents ? "200ms" : "800ms"
        case .bytes: "20 MB"
        case .jitter: "20%"
        case .lose: "50%"
        case .workers: "1"
        case .status: "404"
        case .point: CrashPoint.afterSend.rawValue
        case .probability: target.isOfEvents && self != .latency ? "30%" : "100%"
        case .length: target.isOfEvents ? lengthOnEvents : "40s"
        }
    }

    /// How long the fault lasts on a store, a projection or a bus: longer than an election takes, and not so long that
    /// nobody waits for what comes after.
    private var lengthOnEvents: String {
        self == .pause || self == .crash ? "10s" : "20s"
    }
}

extension FaultPlan.Target {
    /// Whether it is an event store, a projection, a bus, a choreography, or a part of one.
    fileprivate var isOfEvents: Bool {
        switch self {
        case .store, .node, .projection, .bus, .shard, .choreography, .policy: true
        case .service, .replica, .operation, .edge, .cache, .connections, .memory, .saga, .sagaStep, .load: false
        }
    }
}
