extension Binding {
    /// The bindings that the footer names, the most wanted first; and those for which there must be room.
    static func footer(of scope: Scope) -> (wanted: [Binding], always: [Binding]) {
        let labelled = table.filter { $0.scopes.contains(scope) && $0.label != nil }
        let ranked = labelled.enumerated().sorted { rank($0) < rank($1) }.map(\.element)
        let isAlways = { (binding: Binding) in alwaysShown.contains(binding.action) }
        return (ranked.filter { !isAlways($0) }, ranked.filter(isAlways))
    }

    private static let wanted: [Action] = [
        .run(.playPause), .pane(.next), .run(.inject), .run(.rewind), .run(.heal), .pane(.open), .run(.why),
        .pane(.zoom), .run(.prompt), .run(.stepEvent), .run(.faster), .run(.slower),
    ]

    private static let alwaysShown: [Action] = [.close, .run(.help), .program(.quit), .line(.cancel), .form(.cancel)]

    private static func rank(_ element: (offset: Int, element: Binding)) -> (Int, Int) {
        (wanted.firstIndex(of: element.element.action) ?? wanted.count, element.offset)
    }
}
