import Resilience
import Scenarios
import Simulation
import Testing
import Timeline

@Suite("Expectation parsing")
struct ExpectationParsingTests {
    @Test(
        "an expectation reads as what it says, and its canonical text reads back",
        arguments: [
            ("by 40s breaker payment is open", "by 40s breaker shop -> payment is open"),
            ("during 45s..65s  p99(shop.browse) < 100ms", "during 45s..65s p99(shop.browse) < 100ms"),
            ("during 45s .. 1m5s p99(ok shop.browse) < 0.1s", "during 45s..65s p99(ok shop.browse) < 100ms"),
            ("from 70s by 90s breaker payment is half-open", "from 70s by 90s breaker shop -> payment is half-open"),
            ("always charged == confirmed + refunded + pending", "always charged == confirmed + refunded + pending"),
            ("at end pending == 0", "at end pending == 0"), ("at 5s charged > 12.50", "at 5s charged > 12.50"),
            ("by 1m in flight >= 10", "by 1m in flight >= 10"),
            (
                "by 1m not (rate(shoppers) < 10/s and error share(shop.browse) > 5%)",
                "by 1m not (rate(shoppers) < 10/s and error share(shop.browse) > 5%)"
            ),
            (
                "at end (charged - refunded) - 1.00 > 0 or ok rate(place-order) > 2.5/s",
                "at end charged - refunded - 1.00 > 0 or ok rate(place-order) > 2.5/s"
            ),
            ("by 1m rate(shoppers) > 90/m", "by 1m rate(shoppers) > 1.5/s"),
            ("by 1m rate(shoppers) > 10/h", "by 1m rate(shoppers) > 0.002777777777777778/s"),
            ("always charged - (refunded + 1.00) < 0", "always charged - (refunded + 1.00) < 0"),
            (
                "at end hit ratio(catalog.l1) > 10% and trips(payment) <= 3",
                "at end hit ratio(catalog.l1) > 10% and trips(shop -> payment) <= 3"
            ),
            ("at end compensation failed(place-order) == 0", "at end compensation failed(place-order) == 0"),
            (
                "at end timed out(payment.charge) + rejected(payment.charge) < 5",
                "at end timed out(payment.charge) + rejected(payment.charge) < 5"
            ),
            (
                "always bulkhead queue(payment) <= 32 and faults active < 2",
                "always bulkhead queue(shop -> payment) <= 32 and faults active < 2"
            ),
            (
                "at end retries(shop -> payment) < attempts(payment)",
                "at end retries(shop -> payment) < attempts(shop -> payment)"
            ),
        ])
    func reads(line: String, canonical: String) throws {
        let plan = try Demo.scenario("checkout").plan
        let expectation = try #require(try Expectation.parse(line[...], plan: plan))
        #expect("\(expectation)" == canonical)
        #expect(expectation.text == line)
        let again = try #require(try Expectation.parse(canonical[...], plan: plan))
        #expect(again.predicate == expectation.predicate)
        #expect(again.span == expectation.span)
    }

    @Test(
        "a wrong line is refused at the place where it is wrong",
        arguments: [
            ("sometimes pending == 0", 0, "no expectation begins"), ("alway pending == 0", 0, "\"always\""),
            ("during 60s..50s pending == 0", 12, "before the beginning"), ("by soon pending == 0", 3, "such as 10s"),
            ("during 45s pending == 0", 11, "\"..\""),
            ("always p99(shop.browse) < 100", 26, "written like 100ms"),
            ("always p99(shop.browse) < 10%", 26, "a duration cannot be compared"),
            ("always p99(shop.browse) < pending", 26, "an amount of money"),
            ("always charged + 5ms > 0", 17, "a duration"), ("always charged > 100", 17, "written like 100.00"),
            ("always queue(shop) < 5.5", 21, "no number"), ("always rate(shoppers) < 5/d", 24, "such as 60/s"),
            ("always rate(shoppers) < 5", 24, "needs a unit"), ("always queue(payment.charge) < 5", 13, "no service"),
            ("always p99(shop.brows) < 1s", 11, "did you mean \"shop.browse\""),
            ("always p99(payment) < 1s", 11, "payment.charge, payment.refund"),
            ("always p98(shop.browse) < 1s", 7, "did you mean \"p9"),
            ("always frobnicate < 1s", 7, "pending, "), ("always frobnicate < 1s", 7, "help metrics\" lists all"),
            ("always p99 < 1s", 11, "p99([ok] CALLS)"), ("always p99(shop.browse < 1s", 23, "\")\""),
            ("always pending = 0", 15, "=="), ("always pending", 14, "<"), ("at end", 6, "at the end"),
            ("always breaker catalog is open", 15, "shop -> payment"),
            ("always breaker payment is ajar", 26, "half-open"), ("at end pending == 0 and", 23, "at the end"),
            ("at end pending == 0 0", 20, "nothing more"), ("always charged-refunded > 0", 7, "spaces around"),
            ("always hit ratio(payment) > 5%", 17, "service with a cache"),
            ("always (pending == 0", 20, "\")\""), ("always trips(payment) < 0.5", 24, "no number"),
        ])
    func refuses(line: String, offset: Int, message: String) throws {
        let plan = try Demo.scenario("checkout").plan
        let problem = try #require(throws: SyntaxProblem.self) { try Expectation.parse(line[...], plan: plan) }
        #expect(problem.offset == offset, "\(problem.message)")
        #expect(problem.message.contains(message), "\(problem.message)")
    }

    @Test("deep nesting is refused, not followed to the bottom")
    func nesting() throws {
        let plan = try Demo.scenario("checkout").plan
        for line in [
            "always " + String(repeating: "(", count: 10_000) + "pending == 0",
            "always " + String(repeating: "not ", count: 10_000) + "pending == 0",
        ] {
            #expect(throws: SyntaxProblem.self) { try Expectation.parse(line[...], plan: plan) }
        }
    }

    @Test("every metric of the table can be read, and the reference names it")
    func everyMetric() throws {
        var plan = try Demo.scenario("checkout").plan
        let payment = try #require(plan.edges.firstIndex { $0.name == "shop -> payment" })
        plan.edges[payment].guards.append(.concurrency(try .gradient()))
        let help = Help.metrics
        for metric in Metric.allCases { #expect(help.contains("  \(metric.rawValue)"), "\(metric)") }
        let replicas = try Demo.scenario("gray-failure").plan
        let pools = try Demo.scenario("pool-exhausted").plan
        let stores = try Demo.scenario("split-brain").plan
        let buses = try Demo.scenario("command-bus").plan
        let flows = try Demo.scenario("lost-subscriber").plan
        let subjects = [
            "", "(shop.browse)", "(payment)", "(catalog)", "(place-order)", "(api -> db)", "(order-log)",
            "(order-summary)",
            "(orders-bus)", "(front)",
        ]
        for metric in Metric.allCases where metric != .memoryUse {
            let lines = subjects.map { "always \(metric.rawValue)\($0) > 0" }
            let isRead = lines.contains { line in
                [plan, pools, replicas, stores, buses, flows].contains {
                    (try? Expectation.parse(line[...], plan: $0)) != nil
                }
            }
            #expect(isRead, "\(metric)")
        }
    }
}
