import Orders
import Simulation

/// A command to an aggregate: `create order in order-log`.
struct CommandNotation: Notation {
    /// What is asked, and of which store's aggregates.
    struct Request: Sendable {
        let kind: CommandPlan.Kind
        let store: String
        /// How many characters stand before the store's name.
        let offset: Int
    }

    let pattern =
        "create order in STORE; or confirm, ship, deliver, cancel, refund order, "
        + "initiate, process, fail, refund payment, record event"

    func read(_ text: String) throws(SyntaxProblem) -> Request {
        var words = Words(text, as: pattern)
        let verb = try words.word()
        let noun = try words.word()
        guard let kind = Self.kind(verb.text, noun.text) else { throw words.refusal(of: verb) }
        try words.literal("in")
        guard let name = words.next else {
            throw SyntaxProblem(at: text.count, "the store is missing; write \(pattern)")
        }
        let offset = text.distance(from: text.startIndex, to: name.startIndex)
        let store = try words.value(NameNotation())
        try words.finish()
        return Request(kind: kind, store: store, offset: offset)
    }

    private static func kind(_ verb: Substring, _ noun: Substring) -> CommandPlan.Kind? {
        switch noun {
        case "order": OrderLife.Step.allCases.first { "\($0)" == verb }.map { .order($0) }
        case "payment": PaymentLife.Step.allCases.first { "\($0)" == verb }.map { .payment($0) }
        case "event": verb == "record" ? .record : nil
        default: nil
        }
    }
}
