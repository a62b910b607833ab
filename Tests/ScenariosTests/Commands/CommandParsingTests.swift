import Resilience
import Scenarios
import Simulation
import Testing
import Timeline

@Suite("Command parsing")
struct CommandParsingTests {
    private func parse(_ line: String) throws -> Command? {
        try Command.parse(line[...], plan: Demo.scenario("checkout").plan)
    }

    @Test(
        "a command reads as what it says, in any of its forms",
        arguments: [
            (
                "inject latency on payment add 800ms jitter 20% for 40s",
                "inject latency on payment add 800ms jitter 20% for 40s"
            ),
            ("inject latency on payment for 40s add 0.8s", "inject latency on payment add 800ms for 40s"),
            ("inject latency on shop->payment add 1m", "inject latency on shop -> payment add 1m"),
            (
                "inject error on payment.charge with probability 30%",
                "inject error on payment.charge with probability 30%"
            ),
            ("inject hang on \"payment\" for 1m30s", "inject hang on payment for 90s"),
            ("inject crash on shop", "inject crash on shop"),
            ("inject capacity on payment lose 50% for 10s", "inject capacity on payment lose 50% for 10s"),
            ("inject flush on catalog.l2", "inject flush on catalog.l2"),
            ("heal all", "heal all"), ("heal F3", "heal F3"), ("heal shop -> payment", "heal shop -> payment"),
            ("set payment.latency lognormal p50 40ms  p99 250ms", "set payment.latency lognormal p50 40ms  p99 250ms"),
            ("set shop -> payment.retry.attempts 5", "set shop -> payment.retry.attempts 5"),
            ("set shop -> \"payment.timeout 2\" 5s", "set shop -> \"payment.timeout 2\" 5s"),
            ("force payment open", "force shop -> payment open"),
            ("force shop -> payment auto", "force shop -> payment auto"),
            (
                "inject interrupt on place-order.charge at after-send with probability 5% for 10s",
                "inject interrupt on place-order.charge at after-send with probability 5% for 10s"
            ),
            ("saga cancel place-order#17", "saga cancel place-order#17"),
            (
                "saga retry place-order waiting because \"it is back\"",
                "saga retry place-order waiting because \"it is back\""
            ),
            ("saga skip place-order#17 notify", "saga skip place-order#17 notify"),
            ("saga rerun place-order#17 from notify", "saga rerun place-order#17 from notify"),
            ("caption \"a \\\"b\\\" \\\\ c\"", "caption \"a \\\"b\\\" \\\\ c\""),
            ("mark start", "mark \"start\""), ("pause", "pause"), ("play", "play"),
            ("step", "step 1"), ("step 10", "step 10"), ("step back", "step back 1"), ("step 250us", "step 250us"),
            ("run to 1m", "run to 1m"),
            ("run until breaker payment is open", "run until breaker shop -> payment is open"),
            ("speed 0.5", "speed 0.5"), ("x4", "speed 4"), ("speed x4", "speed 4"),
            ("rewind 10s", "rewind 10s"), ("rewind to 45.000000001s", "rewind to 45.000000001s"),
            ("rewind to \"breaker open\"", "rewind to \"breaker open\""),
            ("save out/a.yaml", "save \"out/a.yaml\""), ("quit  # enough", "quit"),
        ])
    func reads(line: String, canonical: String) throws {
        let command = try #require(try parse(line))
        #expect("\(command)" == canonical)
        #expect(try parse(canonical) == command)
    }

    @Test("an empty line and a comment are no command", arguments: ["", "   ", "# nothing", "  # nothing"])
    func isNothing(line: String) throws {
        #expect(try parse(line) == nil)
    }

    @Test(
        "a wrong line is refused at the place where it is wrong, with what would be right",
        arguments: [
            ("injekt crash on shop", 0, "did you mean \"inject\""),
            ("frobnicate", 0, "saga, ...; \"sagascope help commands\" lists all"),
            ("inject slowness on shop", 7, "latency"),
            ("inject latency shop", 15, "\"on\""),
            ("inject latency on paymnet add 1s", 18, "did you mean \"payment\""),
            ("inject latency on payment", 25, "\"add\""),
            ("inject latency on payment add 800", 30, "needs a unit"),
            ("inject latency on payment add 0s", 30, "more than 0s"),
            ("inject latency on payment add 1s add 2s", 33, "twice"),
            ("inject error on payment with probability 130%", 41, "more than 0% to 100%"),
            ("inject error on payment with probability 0.3", 41, "needs a unit"),
            ("inject error on payment lose 30%", 24, "one of with, for"),
            ("inject crash on payment.charge", 16, "only happen to a service"),
            ("inject capacity on shop -> payment lose 10%", 19, "is an edge"),
            ("inject flush on payment", 16, "service with a cache"),
            ("inject interrupt on place-order", 31, "\"at\""),
            ("inject interrupt on place-order at after-sent", 35, "did you mean \"after-send\""),
            ("inject interrupt on place-order.chrge at after-send", 20, "did you mean \"place-order.charge\""),
            ("saga stop place-order#1", 5, "no deed"), ("saga cancel place-order", 23, "a number as in"),
            ("saga cancel place-ordr#1", 12, "did you mean \"place-order\""),
            ("saga cancel place-order stuk", 24, "did you mean \"stuck\""),
            ("saga skip place-order notify", 10, "for one saga"),
            ("saga skip place-order#1 notify with 5", 31, "returns nothing"),
            ("saga skip place-order#1 notfy", 24, "did you mean \"notify\""),
            ("heal F0", 5, "from F1"), ("heal nobody", 5, "no target"),
            ("set payment.workers", 19, "a value"),
            ("force catalog open", 6, "shop -> payment"),
            ("force payment ajar", 14, "open, closed, metrics-only or auto"),
            ("force payment 2 open", 6, "has 1"),
            ("warm payment", 5, "payment has no cache"), ("warm catlog", 5, "did you mean \"catalog\""),
            ("caption hello", 8, "in quotes"), ("caption \"hello", 8, "never ends"),
            ("mark \"\"", 5, "empty"), ("pause now", 6, "nothing more"),
            ("step 0", 5, "1 to"), ("step back 5s", 10, "number of events"),
            ("run", 3, "until"), ("run to dawn", 7, "such as 10s"), ("run until 28s", 10, "write: run to 28s"),
            ("speed 0", 6, "0.001"), ("speed fast", 6, "a factor"),
            ("rewind", 6, "how far"), ("rewind to", 9, "mark"), ("save", 4, "a file"),
        ])
    func refuses(line: String, offset: Int, message: String) throws {
        let plan = try Demo.scenario("checkout").plan
        let problem = try #require(throws: SyntaxProblem.self) { try Command.parse(line[...], plan: plan) }
        #expect(problem.offset == offset, "\(problem.message)")
        #expect(problem.message.contains(message), "\(problem.message)")
    }

    @Test("a breaker that several edges lead to must be named by its edge")
    func ambiguousBreaker() throws {
        var plan = try Demo.scenario("checkout").plan
        let edge = try #require(plan.edges.first { $0.name == "shop -> payment" })
        plan.edges.append(EdgePlan(name: "catalog -> payment", source: .service(1), target: edge.target))
        plan.edges[plan.edges.count - 1].guards = edge.guards
        let problem = try #require(throws: SyntaxProblem.self) { try Command.parse("force payment open", plan: plan) }
        #expect(problem.message.contains("shop -> payment, catalog -> payment"))
        #expect(try Command.parse("force catalog -> payment open", plan: plan) != nil)
    }

    @Test("the second breaker of an edge has its number behind its name")
    func numberedBreaker() throws {
        var plan = try Demo.scenario("checkout").plan
        let edge = try #require(plan.edges.firstIndex { $0.name == "shop -> payment" })
        plan.edges[edge].guards.append(plan.edges[edge].guards[2])
        let command = try #require(try Command.parse("force payment 2 open", plan: plan))
        guard case .force(let name, .open) = command else { throw Unexpected() }
        #expect(name.stage == 4)
        #expect("\(command)" == "force shop -> payment 2 open")
        #expect(try Command.parse("\(command)"[...], plan: plan) == command)
    }

    @Test("names with spaces and names that are keywords stand in quotes")
    func oddNames() throws {
        var plan = try Demo.scenario("checkout").plan
        let odd = ["my shop", "all", "F3", "pay\"ment", "10s"]
        for (index, name) in odd.enumerated() { plan.services[index].name = name }
        for name in odd {
            let line = "heal \"\(name == "pay\"ment" ? "pay\\\"ment" : name)\""
            let command = try #require(try Command.parse(line[...], plan: plan))
            guard case .heal(.target(let target)) = command else { throw Unexpected() }
            #expect(target.name == name)
            #expect(try Command.parse("\(command)"[...], plan: plan) == command)
        }
    }

    @Test("a line of a timeline has its moment; what moves the clock cannot stand there")
    func timed() throws {
        let plan = try Demo.scenario("checkout").plan
        let line = try #require(try TimedCommand.parse("  at 1m30s  heal all", plan: plan))
        #expect(line.time == .after(.seconds(90)))
        #expect(line.text == "at 1m30s  heal all")
        #expect(TimedCommand(at: line.time, line.command).text == "at 90s heal all")
        for (text, offset) in [("at 5s quit", 6), ("at 5s rewind 1s", 6), ("heal all", 0), ("at 5 heal all", 3)] {
            let problem = try #require(throws: SyntaxProblem.self) { try TimedCommand.parse(text[...], plan: plan) }
            #expect(problem.offset == offset, "\(text)")
        }
    }

    @Test("every example of the reference is right")
    func examples() throws {
        let plans = try ["checkout", "lost-subscriber", "cold-cache"].map { try Demo.scenario($0).plan }
        for form in FaultForm.allCases { #expect(Help.commands.contains("      \(form.rawValue)  ")) }
        let examples = Help.commands.split(separator: "\n").filter { $0.contains("e.g. ") }
        #expect(examples.count > 14)
        for line in examples {
            let example = line.drop { $0 == " " }.dropFirst(5)
            #expect(plans.contains { (try? Command.parse(example, plan: $0)) != nil }, "\(example)")
        }
    }
}

struct Unexpected: Error {}
