import Scenarios
import Testing

@Suite("Completion")
struct CompletionTests {
    @Test(
        "Tab offers what can stand at the end of a line",
        arguments: [
            ("inj", ["inject"]), ("inject lat", ["latency"]), ("inject latency ", ["on"]),
            (
                "inject latency on pay",
                ["payment", "payment.charge", "payment.refund", "payment.check", "payment.l1", "payment.l2"]
            ),
            ("inject latency on shop -> p", ["shop -> payment"]),
            ("inject crash on pay", ["payment"]), ("inject flush on pay", ["payment", "payment.l1", "payment.l2"]),
            ("inject latency on payment add 1s ", ["jitter", "with", "for"]),
            ("heal a", ["all"]), ("set services.payment.wo", ["services.payment.workers"]),
            ("set payment.work", ["payment.workers"]),
            ("set payment.workers ", ["4"]), ("force ", ["shop -> payment"]),
            ("force shop -> payment o", ["open"]), ("run u", ["until"]), ("run until p99(shop.", ["shop.browse)"]),
            ("run until breaker s", ["shop -> payment"]), ("run until breaker shop -> payment is h", ["half-open"]),
            ("rewind t", ["to"]), ("quit ", []), ("nonsense ", []),
        ])
    func offers(line: String, words: [String]) throws {
        let scenario = try SmallScenario.read()
        let lines = Command.completions(of: line, scenario: scenario)
        #expect(lines.count == words.count, "\(lines)")
        for (line, word) in zip(lines, words) { #expect(line.hasSuffix(word)) }
    }

    @Test("every offered target makes a line that is right")
    func offersAreRight() throws {
        let scenario = try SmallScenario.read()
        let lines = Command.completions(of: "inject hang on ", scenario: scenario)
        #expect(lines.count > 10)
        for line in lines { #expect(try Command.parse(line[...], plan: scenario.plan) != nil, "\(line)") }
    }
}
