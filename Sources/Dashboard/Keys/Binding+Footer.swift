extension Binding {
    /// The bindings that the footer names, the most wanted first; and those for which there must be room.
    ///
    /// Those for projections and command buses are among them only where one is selected that they are of use to,
    /// although they may work elsewhere; and so with those for sagas.
    static func footer(
        of scope: Scope, on page: Page = .overview, panes: Int = 2, offering maintenance: [RunAction] = [],
        _ deeds: [SagaAction] = [], offersLimit: Bool = false
    ) -> (wanted: [Binding], always: [Binding]) {
        let labelled = table.filter { binding in
            let isIdle =
                binding.action == .page(page) || binding.action == .pane(.next) && panes == 1
                || binding.action == .pane(page == .caches ? .filter : .lookUp)
                || binding.action == .pane(.setLimit) && !offersLimit
                || isMaintenance(binding.action) && !maintenance.map(Action.run).contains(binding.action)
                || isAboutSagas(binding.action) && !deeds.map(Action.saga).contains(binding.action)
            return binding.scopes.contains(scope) && binding.label != nil && !isIdle
        }
        let ranked = labelled.enumerated().sorted { rank($0) < rank($1) }.map(\.element)
        let isAlways = { (binding: Binding) in alwaysShown.contains(binding.action) }
        return (ranked.filter { !isAlways($0) }, ranked.filter(isAlways))
    }

    private static func isMaintenance(_ action: Action) -> Bool {
        Item.projection(0).maintenance.map(Action.run).contains(action)
    }

    private static func isAboutSagas(_ action: Action) -> Bool { if case .saga = action { true } else { false } }

    private static let wanted: [Action] = [
        .run(.playPause), .pane(.next), .saga(.menu), .saga(.menuForAll), .saga(.nextView), .saga(.nextOrder),
        .pane(.lookUp), .run(.inject), .pane(.setLimit), .run(.replay), .run(.rebuild), .run(.resume), .run(.rewind),
        .run(.heal), .pane(.open), .run(.why), .page(.breakers), .page(.bulkheads), .page(.overview), .pane(.zoom),
        .run(.prompt), .run(.stepEvent), .run(.faster), .run(.slower),
    ]

    private static let alwaysShown: [Action] = [.close, .run(.help), .program(.quit), .line(.cancel), .form(.cancel)]

    private static func rank(_ element: (offset: Int, element: Binding)) -> (Int, Int) {
        (wanted.firstIndex(of: element.element.action) ?? wanted.count, element.offset)
    }
}
