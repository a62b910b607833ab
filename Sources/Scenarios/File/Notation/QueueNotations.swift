import Bulkheads
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
