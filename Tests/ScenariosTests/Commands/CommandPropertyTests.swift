import Resilience
import Scenarios
import Simulation
import Testing
import Timeline

@Suite("Commands at random")
struct CommandPropertyTests {
    @Test("the canonical text of a command reads back as the same command")
    func roundTrip() throws {
        let plan = try Demo.scenario("checkout").plan
        for seed in 0..<2_000 {
            var maker = CommandMaker(seed: UInt64(seed))
            let line = maker.line()
            let command = try #require(try Command.parse(line[...], plan: plan), "seed \(seed): \(line)")
            let again = try Command.parse("\(command)"[...], plan: plan)
            #expect(again == command, "seed \(seed): \(line)")
            #expect(again.map { "\($0)" } == "\(command)", "seed \(seed): \(line)")
        }
    }

    @Test("no line makes the parser trap: cut and shuffled lines are commands or problems within the line")
    func mangled() throws {
        let plan = try Demo.scenario("checkout").plan
        for seed in 0..<4_000 {
            var maker = CommandMaker(seed: UInt64(seed))
            let line = maker.mangledLine()
            do throws(SyntaxProblem) {
                _ = try Command.parse(line[...], plan: plan)
                _ = try Expectation.parse(line[...], plan: plan)
            } catch {
                #expect((0...line.count).contains(error.offset), "seed \(seed): \(line)")
                #expect(!error.message.isEmpty)
            }
        }
    }
}

/// Makes lines at random.
private struct CommandMaker {
    var random: RandomStream

    init(seed: UInt64) {
        random = RandomStream(seed: seed, name: "commands", purpose: "lines")
    }

    private mutating func one(_ choices: [String]) -> String {
        choices[Int(random.below(UInt64(choices.count)))]
    }

    private mutating func duration() -> String {
        "\(random.below(5_000_000_000) + 1)\(one(["ns", "us", "ns"]))"
    }

    private mutating func share() -> String { "\(one(["0", "12", "99"])).\(random.below(999_999) + 1)%" }

    mutating func line() -> String {
        switch random.below(12) {
        case 0:
            "inject latency on \(one(["payment", "payment.charge", "shop -> payment"])) add \(duration()) jitter "
                + "\(share()) with probability \(share()) for \(duration())"
        case 1: "inject \(one(["error", "hang"])) on \(one(["catalog", "orders.email"])) with probability \(share())"
        case 2: "inject capacity on payment lose \(share()) for \(duration())"
        case 3: "heal \(one(["all", "F7", "shop", "shop -> orders"]))"
        case 4: "set \(one(["a.b", "shop -> payment.retry", "load.x"])) \(one(["1", "x y z", "\"q\" 5%"]))"
        case 5: "force payment \(one(["open", "closed", "auto"]))"
        case 6: "\(one(["caption", "mark"])) \"\(one(["x", "a \\\" b", "\\\\", "ünï # x"]))\""
        case 7: "step \(one(["5", "back 7", duration()]))"
        case 8: "speed \(one(["x", ""]))\(random.below(9_999) + 1).\(random.below(999))"
        case 9: "rewind \(one(["", "to "]))\(duration())"
        case 10: "run to \(duration())"
        default: "run until \(predicate(3))"
        }
    }

    private mutating func predicate(_ depth: Int) -> String {
        switch depth == 0 ? random.below(3) : random.below(7) {
        case 0: "breaker payment is \(one(["open", "closed", "half-open", "forced open", "forced closed"]))"
        case 1:
            "\(one(["p99(shop.browse)", "mean(ok shoppers)", "max(place-order)"])) \(one(["<", ">=", "!="])) "
                + duration()
        case 2:
            "\(one(["charged", "pending", "charged - (refunded + 1.05)"])) \(one(["==", "<="])) "
                + one(["0", "12.50", "confirmed + refunded - pending"])
        case 3: "not (\(predicate(depth - 1)))"
        case 4: "(\(predicate(depth - 1))) and \(predicate(depth - 1))"
        case 5: "\(predicate(depth - 1)) or (\(predicate(depth - 1)))"
        default: "error share(payment.charge) \(one(["<", ">"])) \(share())"
        }
    }

    mutating func mangledLine() -> String {
        var characters = Array("\(one(["", "by 5s ", "at "]))\(line())")
        for _ in 0...random.below(3) where !characters.isEmpty {
            let place = Int(random.below(UInt64(characters.count)))
            switch random.below(3) {
            case 0: characters.remove(at: place)
            case 1: characters.insert(Character(one(["\"", "(", ")", "-", ">", ".", "#", "é", " ", "9"])), at: place)
            default: characters.removeLast(characters.count - place)
            }
        }
        return String(characters)
    }
}
