/// All keys, from the table that dispatches them.
enum HelpText {
    static let lines: [Line] =
        [.panes, .always, .form, .prompt].flatMap { scope in section(scope) + [Line.empty] } + legend

    private static func section(_ scope: Scope) -> [Line] {
        [Line(scope.title, .title)]
            + Binding.table.filter { $0.scopes.contains(scope) }.map { binding in
                Line(.text("  " + binding.keyNames.padded(to: 18), .key), .text(binding.help, .text))
            }
    }

    private static let legend: [Line] = []
}
