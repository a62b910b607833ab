import Resilience
import Simulation

/// Yes or no.
struct FlagNotation: Notation {
    let pattern = "yes or no"

    func read(_ text: String) throws(SyntaxProblem) -> Bool {
        switch text.lowercased() {
        case "yes", "true", "on": true
        case "no", "false", "off": false
        default: throw refusal(of: text)
        }
    }
}

/// One of some words.
struct ChoiceNotation<Value: Sendable>: Notation {
    let choices: [(name: String, value: Value)]

    var pattern: String { choices.map(\.name).joined(separator: ", ") }

    func read(_ text: String) throws(SyntaxProblem) -> Value {
        guard let choice = choices.first(where: { $0.name == text }) else {
            let hint = Spelling.hint(for: text, among: choices.map(\.name))
            throw SyntaxProblem(at: 0, "\"\(text.clipped)\" is not one of the choices\(hint)")
        }
        return choice.value
    }
}

extension ChoiceNotation where Value: CaseIterable {
    /// All cases, by their names.
    init() { choices = Value.allCases.map { ("\($0)", $0) } }
}

/// A text of one line.
struct TextNotation: Notation {
    private static let longest = 500

    let pattern = "a text"

    func read(_ text: String) throws(SyntaxProblem) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        guard line.count <= Self.longest else {
            throw SyntaxProblem(at: 0, "this text is too long; allowed: \(Self.longest) characters")
        }
        return line
    }
}

/// The name of something that the scenario declares.
struct NameNotation: Notation {
    private static let longest = 64

    var pattern = "a name of letters, digits, - and _"

    func read(_ text: String) throws(SyntaxProblem) -> String {
        guard let first = text.first, first.isLetter || first.isNumber, text.count <= Self.longest,
            text.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
        else { throw refusal(of: text) }
        return text
    }
}

/// The operation of a service, by both names: `payment.charge`.
struct OperationNotation: Notation {
    /// What is called.
    struct Target: Sendable {
        let service: String
        let operation: String
    }

    let pattern = "service.operation, such as payment.charge"

    func read(_ text: String) throws(SyntaxProblem) -> Target {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw refusal(of: text) }
        let name = NameNotation()
        do {
            return Target(service: try name.read(String(parts[0])), operation: try name.read(String(parts[1])))
        } catch {
            throw refusal(of: text)
        }
    }
}
