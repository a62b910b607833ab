import Sagas
public import Simulation

/// What `saga` can do, by the word that says it.
enum SagaDeed: String, CaseIterable {
    case retry, skip, pause, resume, cancel, kill, rerun
    case retryUndo = "retry-undo"
    case resolve

    init(_ deed: SagaOrder.Deed) {
        self =
            switch deed {
            case .rerun: .rerun
            case .order(let order):
                switch order {
                case .retryNow: .retry
                case .skip: .skip
                case .pause: .pause
                case .resume: .resume
                case .cancel: .cancel
                case .kill: .kill
                case .retryCompensation: .retryUndo
                case .markResolved: .resolve
                }
            }
    }

    /// How it is written, behind `saga`.
    var syntax: String {
        switch self {
        case .skip: "skip SAGA#NUMBER STEP [with VALUE]"
        case .rerun: "rerun SAGA#NUMBER from STEP"
        case .retry, .pause, .resume, .cancel, .kill, .retryUndo, .resolve:
            "\(rawValue) SAGA#NUMBER | SAGA STANDING"
        }
    }

    /// What it does.
    var meaning: String {
        switch self {
        case .retry: "what waits for its next attempt, or for you, is called now"
        case .skip: "goes on as if the step were done, with this result"
        case .pause: "calls nothing more; replies are taken in, time stands still"
        case .resume: "goes on"
        case .cancel: "turns back, and takes back what it has done"
        case .kill: "ends as it stands, and takes back nothing"
        case .rerun: "begins once more from a step on, as a new saga"
        case .retryUndo: "tries again to take back what could not be taken back"
        case .resolve: "what could not be taken back was taken back by hand"
        }
    }
}

/// An order for sagas with its names.
public struct OrderLine: Hashable, Sendable {
    /// The order.
    public let order: SagaOrder
    /// The saga of the plan.
    public let saga: PlanName
    /// The name of the step that it is about; empty if it is about none.
    public let step: String

    /// The line: `saga cancel place-order#17 because "the customer called"`.
    public var text: String {
        var text = "saga \(SagaDeed(order.deed).rawValue) "
        switch order.selection {
        case .one(let request): text += NumberedName(saga.name, request).text
        case .all(let filter): text += "\(saga.name.asName) \(filter.rawValue)"
        }
        switch order.deed {
        case .order(.skip(_, let value)):
            text += " \(step.asName)"
            if let value { text += " with \(SagaValueNotation.text(value))" }
        case .rerun: text += " from \(step.asName)"
        case .order: break
        }
        return order.reason.isEmpty ? text : "\(text) because \(order.reason.inQuotes)"
    }
}

extension OrderLine {
    /// An order with the names that a plan has for what it is about; nil if the plan has no such saga.
    public init?(_ order: SagaOrder, in plan: Plan) {
        guard plan.sagas.indices.contains(order.plan) else { return nil }
        let definition = plan.sagas[order.plan].definition
        let step =
            switch order.deed {
            case .order(.skip(let step, _)), .rerun(let step):
                definition.steps.indices.contains(step) ? definition.steps[step].name : ""
            case .order: ""
            }
        self.init(order: order, saga: PlanName(index: order.plan, name: definition.name), step: step)
    }
}
