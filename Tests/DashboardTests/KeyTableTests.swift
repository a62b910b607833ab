import Screen
import Testing

@testable import Dashboard

@Suite("The key table")
struct KeyTableTests {
    private static let allActions: [Action] =
        RunAction.allCases.map(Action.run) + PaneAction.allCases.map(Action.pane) + Move.allCases.map(Action.move)
        + Page.allCases.map(Action.page) + [.close] + LineAction.allCases.map(Action.line)
        + FormAction.allCases.map(Action.form) + SagaAction.allCases.map(Action.saga)
        + MenuAction.allCases.map(Action.menu)
        + ProgramAction.allCases.map(Action.program)

    @Test("every action has a key")
    func everyActionIsReachable() {
        for action in Self.allActions {
            #expect(Binding.table.contains { $0.action == action && !$0.keys.isEmpty }, "\(action)")
        }
    }

    @Test("in no scope does a key mean two things")
    func keysAreUnambiguous() {
        for scope in Scope.allCases where scope != .always {
            let bindings = Binding.table.filter { $0.scopes.contains(scope) || $0.scopes.contains(.always) }
            var seen: [Key: Action] = [:]
            for (key, action) in bindings.flatMap({ binding in binding.keys.map { ($0, binding.action) } }) {
                #expect(seen[key] == nil, "\(key) in \(scope): \(action) and \(String(describing: seen[key]))")
                seen[key] = action
            }
        }
    }

    @Test("a key does what the table says")
    func dispatchFollowsTheTable() {
        for binding in Binding.table {
            for scope in binding.scopes {
                for key in binding.keys { #expect(Binding.action(for: key, in: scope) == binding.action) }
            }
        }
    }

    @Test("the help names every key with what it does")
    func helpIsComplete() {
        let help = HelpText.lines(.unicode, width: 116).map(\.text)
        for binding in Binding.table {
            #expect(help.contains { $0.contains(binding.keyNames) && $0.hasSuffix(binding.help) }, "\(binding.help)")
        }
    }

    @Test("no line of the help is wider than the narrowest screen has room for")
    func helpIsNarrow() {
        #expect(HelpText.lines(.unicode, width: 56).allSatisfy { $0.columns <= 56 })
    }

    @Test("no key is a function key")
    func noFunctionKeys() {
        for key in Binding.table.flatMap(\.keys) {
            if case .function = key { Issue.record("\(key)") }
        }
    }

    @Test("where nothing is typed, the footer says how to get help or back", arguments: Scope.allCases.dropLast())
    func footerShowsTheWayOut(scope: Scope) {
        let ways: [Action] = [.close, .program(.quit), .line(.cancel), .form(.cancel)]
        #expect(Binding.footer(of: scope).always.contains { ways.contains($0.action) })
    }
}
