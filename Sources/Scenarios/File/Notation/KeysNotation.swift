import Simulation
import Timeline

/// Which keys requests ask for: `zipf 1.0 over 20000`.
struct KeysNotation: Notation {
    private static let count = CountNotation(range: 1...4_000_000_000)

    let pattern =
        "zipf 1.0 over 20000 (an exponent from 0 to 5), uniform over 20000, loop over 20000 (one after another, and "
        + "again), loop over 20000 from 50001, new again after 100 (ever new ones, each once more "
        + "after 100 others), or none"

    func read(_ text: String) throws(SyntaxProblem) -> KeyLaw {
        var words = Words(text, as: pattern)
        let kind = try words.word()
        let law: KeyLaw
        switch kind.text {
        case "none":
            law = .none
        case "uniform":
            law = .uniform(try ranks(&words))
        case "zipf":
            let exponent = try exponent(words.word())
            law = .zipf(Zipf(ranks: try ranks(&words), exponent: exponent))
        case "loop":
            let count = try ranks(&words)
            let first = words.takes("from") ? try words.value(Self.count) : 1
            law = .loop(from: UInt32(clamping: first), count)
        case "new":
            try words.literal("again")
            try words.literal("after")
            law = .again(after: UInt32(clamping: try words.value(Self.count)))
        default:
            throw words.refusal(of: kind)
        }
        try words.finish()
        return law
    }

    private func ranks(_ words: inout Words) throws(SyntaxProblem) -> UInt32 {
        try words.literal("over")
        return UInt32(clamping: try words.value(Self.count))
    }

    private func exponent(_ word: Words.Word) throws(SyntaxProblem) -> Double {
        guard let exponent = LeadingNumber.value(of: word.text), exponent <= 5 else {
            throw refusal(of: word.text, at: word.offset)
        }
        return exponent
    }
}
