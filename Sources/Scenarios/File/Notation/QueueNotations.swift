import Bulkheads
import Resilience
import Timeline

/// Which waiting call is next: `fifo`, `lifo`, `priority`, `priority ageing 5s`.
struct QueueOrderNotation: Notation {
    let pattern = "fifo, lifo, priority, or priority ageing 5s (each 5s of waiting count as one priority more)"

    func read(_ text: String) throws(SyntaxProblem) -> ThreadPool.Order {
        var words = Words(text, as: pattern)
        let word = try words.word()
        let order: ThreadPool.Order
        switch word.text {
        case "fifo": order = .fifo
        case "lifo": order = .lifo
        case "priority":
            order = .priority(ageing: words.takes("ageing") ? try words.value(TimeNotation.positive) : nil)
        default: throw words.refusal(of: word)
        }
        try words.finish()
        return order
    }
}

/// Where the answer of a fallback comes from: `value`, `cache`, `call catalog.list`.
struct AnswerNotation: Notation {
    /// A source, and whom it asks if it asks somebody.
    enum Answer: Sendable {
        case value, cache, none
        case call(OperationNotation.Target)

        /// Where it comes from; nil for nowhere.
        var source: Fallback.Source? {
            switch self {
            case .value: .value
            case .cache: .cache
            case .call: .service
            case .none: nil
            }
        }
    }

    let pattern =
        "value (always the same), cache (the last good answer for the key), call and another service's operation, "
        + "or none"

    func read(_ text: String) throws(SyntaxProblem) -> Answer {
        var words = Words(text, as: pattern)
        let word = try words.word()
        let answer: Answer
        switch word.text {
        case "value": answer = .value
        case "cache": answer = .cache
        case "none": answer = .none
        case "call": answer = .call(try words.value(OperationNotation()))
        default: throw words.refusal(of: word)
        }
        try words.finish()
        return answer
    }
}
