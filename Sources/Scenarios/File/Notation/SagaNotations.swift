import Sagas
import Simulation

/// Where a step's parameter comes from: `amount` (the saga's own), `12.50`, or `result of validate`.
struct SourceNotation: Notation {
    let pattern = "amount, a sum such as 12.50, or \"result of STEP\""

    func read(_ text: String) throws(SyntaxProblem) -> SagaParameter.Source {
        var words = Words(text, as: pattern)
        if words.takes("amount") {
            try words.finish()
            return .data("amount")
        }
        if words.takes("result") {
            try words.literal("of")
            let step = try words.value(NameNotation())
            try words.finish()
            return .result(of: step)
        }
        let cents = try MoneyNotation().read(text)
        guard cents.lowerBound == cents.upperBound else { throw refusal(of: text) }
        return .constant(.cents(cents.lowerBound))
    }
}

/// Names, one after another: `reserve, charge`.
struct NamesNotation: Notation {
    var pattern = "names of steps, such as reserve, charge"

    func read(_ text: String) throws(SyntaxProblem) -> [String] {
        var names: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            do {
                names.append(try NameNotation().read(part.trimmed))
            } catch {
                throw refusal(of: text)
            }
        }
        return names
    }
}

/// How a saga is kept apart from others: `none`, `lock key`, `lock key or give up from 100.00`.
struct IsolationNotation: Notation {
    let pattern = "none, or lock key, then if wanted \"or give up\", and \"from\" a sum such as 100.00"

    func read(_ text: String) throws(SyntaxProblem) -> SagaDefinition.Isolation {
        var words = Words(text, as: pattern)
        if words.takes("none") {
            try words.finish()
            return .none
        }
        try words.literal("lock key")
        var lock = SagaDefinition.SemanticLock(on: "key")
        if words.takes("or") {
            try words.literal("give up")
            lock.whenTaken = .givesUp
        }
        if words.takes("from") {
            let least = try words.value(MoneyNotation()).lowerBound
            lock.threshold = .init(field: "amount", least: .cents(least))
        }
        try words.finish()
        return .semanticLock(lock)
    }
}

/// What a step returns: `12.50` for money, `17` for a number or an identifier, `yes` for a flag.
struct SagaValueNotation: Notation {
    let kind: SagaValue.Kind

    var pattern: String {
        switch kind {
        case .cents: MoneyNotation().pattern
        case .number, .identifier: "a whole number"
        case .flag: FlagNotation().pattern
        }
    }

    func read(_ text: String) throws(SyntaxProblem) -> SagaValue {
        switch kind {
        case .cents: return .cents(try MoneyNotation().read(text).lowerBound)
        case .flag: return .flag(try FlagNotation().read(text))
        case .number:
            guard let number = Int64(text) else { throw refusal(of: text) }
            return .number(number)
        case .identifier:
            guard let number = UInt64(text) else { throw refusal(of: text) }
            return .identifier(number)
        }
    }

    /// A value as it is written.
    static func text(_ value: SagaValue) -> String {
        switch value {
        case .cents(let cents): Why.money(cents)
        case .number(let number): "\(number)"
        case .identifier(let number): "\(number)"
        case .flag(let holds): holds ? "yes" : "no"
        }
    }
}
