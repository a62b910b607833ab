import Simulation

/// The faults that `inject` knows, and which targets each can have.
enum FaultForm: String, CaseIterable {
    case latency, error, hang, crash, capacity, flush

    init(_ kind: FaultPlan.Kind) {
        self =
            switch kind {
            case .latency: .latency
            case .error: .error
            case .hang: .hang
            case .crash: .crash
            case .capacity: .capacity
            case .flush: .flush
            }
    }

    /// What a fault can happen to.
    enum TargetKind: String {
        case service = "a service"
        case operation = "an operation"
        case edge = "an edge"
        case cache = "a service with a cache"
    }

    /// The targets that it can have.
    var targets: [TargetKind] {
        switch self {
        case .latency, .error, .hang: [.service, .operation, .edge]
        case .crash, .capacity: [.service]
        case .flush: [.cache]
        }
    }

    /// How it is written, behind `inject`.
    var syntax: String {
        switch self {
        case .latency: "latency on TARGET add DURATION [jitter SHARE] [with probability SHARE] [for DURATION]"
        case .error: "error on TARGET [with probability SHARE] [for DURATION]"
        case .hang: "hang on TARGET [with probability SHARE] [for DURATION]"
        case .crash: "crash on SERVICE [for DURATION]"
        case .capacity: "capacity on SERVICE lose SHARE [for DURATION]"
        case .flush: "flush on SERVICE[.l1 | .l2]"
        }
    }

    /// What it does.
    var meaning: String {
        switch self {
        case .latency: "work, or the network of an edge, takes longer by about so much"
        case .error: "work fails after it has taken its time; on an edge the reply is lost"
        case .hang: "work, or a message, does not come back before the fault is healed"
        case .crash: "the service is down: what it had is lost, what comes is refused"
        case .capacity: "so many of the workers are gone"
        case .flush: "the cache is emptied, once"
        }
    }

    /// The clauses that may follow the target.
    var clauses: [String] {
        switch self {
        case .latency: ["add", "jitter", "with", "for"]
        case .error, .hang: ["with", "for"]
        case .crash: ["for"]
        case .capacity: ["lose", "for"]
        case .flush: []
        }
    }
}
