internal import Sagas
internal import Scenarios
internal import Simulation
internal import Timeline

/// The menu of what an operator can do with one saga, or with all of a list.
struct SagaMenu: Hashable, Sendable {
    /// Which sagas it is about.
    enum Subject: Hashable, Sendable {
        /// The one of this request: what it allows is looked up anew for each frame.
        case one(UInt64)
        /// Those that the list showed when the menu was opened.
        case many(Many)
    }

    /// Many sagas, and which of them can do what.
    struct Many: Hashable, Sendable {
        var plan: Int
        /// How they were chosen, in words: `waiting to try again`.
        var words: String
        var count: Int
        /// How they stand, if all that stand so are meant.
        var filter: SagaFilter?
        /// For each act the requests of those that can, and why the others cannot.
        var able: [SagaAct: [UInt64]] = [:]
        var refusals: [SagaAct: String] = [:]
    }

    /// A line of the menu.
    struct Row: Hashable, Sendable {
        var act: SagaAct
        /// What it is called, with the step if it is about one.
        var title: String
        /// What would happen.
        var effect: String
        /// Why it is not possible; nil if it is.
        var refusal: String?
        var order: SagaOrder?
    }

    let subject: Subject
    var act = SagaAct.retry
    /// How many steps further than the first that can be chosen.
    var stepOffset = 0
    /// Whether it was opened from the detail, to which one comes back then.
    let isOverDetail: Bool

    /// No command is given to more sagas than this one by one.
    static let most = 1_000

    var title: String {
        switch subject {
        case .one(let request): "Act on saga #\(request)"
        case .many(let many): "Act on \(Figures.count(many.count, "saga")) \(many.words)"
        }
    }

    /// What can be done, in the order of the menu.
    func rows(_ scene: Scene) -> [Row] {
        switch subject {
        case .one(let request):
            guard let view = scene.followed(request)?.view else { return [] }
            let acts = SagaActs(saga: view, definition: scene.plan.sagas[view.plan].definition, now: scene.now)
            return SagaAct.allCases.map { row($0, acts) }
        case .many(let many):
            return SagaAct.allCases.filter { !$0.hasStep }.map { Self.row($0, many) }
        }
    }

    private func row(_ act: SagaAct, _ acts: SagaActs) -> Row {
        let steps = acts.steps(of: act)
        let step = steps.isEmpty ? 0 : steps[((stepOffset % steps.count) + steps.count) % steps.count]
        let refusal = acts.refusal(of: act, step: step)
        let name = act.hasStep ? " \(act == .rerun ? "from " : "")\(acts.definition.steps[step].name)" : ""
        let choice = steps.count > 1 ? " (\(steps.count) steps: left, right)" : ""
        return Row(
            act: act, title: act.title + name, effect: acts.effect(of: act, step: step) + choice, refusal: refusal,
            order: SagaOrder(
                acts.deed(of: act, step: step), plan: acts.saga.plan, .one(request: acts.saga.request)))
    }

    private static func row(_ act: SagaAct, _ many: Many) -> Row {
        let able = many.able[act] ?? []
        let deed = act.deed(step: 0, result: nil)
        let others = many.refusals[act].map { "; \(Figures.count(many.count - able.count)) cannot: \($0)" } ?? ""
        var refusal = able.isEmpty ? many.refusals[act] ?? "there is no saga" : nil
        if many.filter == nil, able.count > most {
            refusal = "\(Figures.count(able.count)) are too many one by one: choose a view without a filter"
        }
        let selection = many.filter.map { SagaOrder.Selection.all($0) } ?? .one(request: able.first ?? 0)
        return Row(
            act: act, title: act.title,
            effect: "\(Figures.count(able.count)) of \(Figures.count(many.count)): \(act.meaning)\(others)",
            refusal: refusal, order: SagaOrder(deed, plan: many.plan, selection))
    }
}
