import Bulkheads
import Sagas
import Scenarios
import Simulation
import Testing
import Timeline

/// A shop without an orchestrator; every order is worth 10.00.
private func shop(
    _ timeline: String = "", broker: String = "", charge: String = "then: charged, else: refused",
    timeouts: String = "",
    more: [String] = [], payment: String = ""
) -> String {
    """
    sagascope: 1
    name: shop
    seed: 3
    duration: 20s
    services:
      broker:   {workers: 64, queue: 64}
      payment:
        workers: 64
        latency: constant 10ms
        \(payment)
        operations: {charge: {books: charged}, refund: {books: refunded}}
      shipping: {workers: 64, latency: constant 10ms}
      orders:   {workers: 64, latency: constant 10ms, operations: {confirm: {books: confirmed}}}
    choreographies:
      order:
        broker: broker
        amount: 10.00
        \(broker)
        starts with: ordered
        ends well: confirmed
        ends badly: cancelled
        policies:
          - {name: charge,  on: ordered, call: payment.charge, \(charge)}
          - {name: cancel,  on: refused, call: payment.refund, undoes: charge, then: cancelled}
          - {name: thank,   on: charged, call: shipping.thank}
          - {name: ship,    on: charged, call: shipping.pack, then: shipped}
          - {name: confirm, on: shipped, call: orders.confirm, then: confirmed}
    \(more.map { "      - {\($0)}" }.joined(separator: "\n"))
    \(timeouts.isEmpty ? "" : "    timeouts: [\(timeouts)]")
    load:
      shoppers: {start: order, rate: 10/s, arrivals: even}
    timeline: |
    \(timeline.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    """
}

@Suite("Choreographies in a scenario")
struct FlowScenarioTests {
    private func run(_ text: String, until end: Instant? = nil) throws -> Session {
        var options = Session.Options.headless
        options.simulation.journalEntries = 200_000
        options.end = end
        var session = Session(scenario: try Scenario(parsing: text, file: "shop.yaml"), options: options)
        session.runToEnd()
        return session
    }

    /// A shop, and how its flows have ended.
    struct Case: Sendable, CustomTestStringConvertible {
        let rule: String
        let text: String
        var completed: ClosedRange<UInt64> = 0...0
        var compensated: ClosedRange<UInt64> = 0...0
        var orphaned: ClosedRange<UInt64> = 0...0
        var parked: ClosedRange<UInt64> = 0...0
        var closed: ClosedRange<UInt64> = 0...0
        var deadLetters: ClosedRange<UInt64> = 0...0
        var isMoneyRight = true
        var testDescription: String { rule }
    }

    private static let cases = [
        Case(rule: "without trouble, every flow ends well", text: shop(), completed: 199...199),
        Case(
            rule: "an event that is delivered twice has its effect once",
            text: shop(broker: "twice: 100%\n    delivery: exponential mean 20ms"), completed: 199...199),
        Case(
            rule: "while the broker is down nothing is delivered, and nothing is forgotten",
            text: shop("at 5s inject crash on broker for 4s"), completed: 199...199),
        Case(
            rule: "an event is delivered again until its subscriber has dealt with it",
            text: shop(
                "at 5s inject error on shipping.pack for 3s",
                broker: "redelivery: until done exponential 100ms to 1s full jitter"),
            completed: 199...199),
        Case(
            rule: "a subscriber that fails for good says so, and then no copy of the event can do it after all",
            text: shop(
                "at 5s inject error on payment.charge for 5s",
                broker: "twice: 100%\n    redelivery: 2 attempts constant 1s none jitter"),
            completed: 149...169, compensated: 30...50),
        Case(
            rule: "what nobody can say is not said: an outcome that is unknown becomes a dead letter",
            text: shop(
                "at 5s inject error on broker -> payment for 3s", broker: "redelivery: 1 attempt"),
            completed: 167...171, orphaned: 28...32, deadLetters: 28...32),
        Case(
            rule: "without a subscriber a flow is an orphan, until an operator has its events delivered again",
            text: shop(
                "at 5s inject lose on order.ship for 3s\nat 15s flow resend order orphaned because \"it is back\""),
            completed: 199...199),
        Case(
            rule: "a dead letter is delivered again when an operator says so",
            text: shop(
                "at 5s inject error on broker -> payment for 3s\nat 15s flow resend order orphaned",
                broker: "redelivery: 1 attempt"),
            completed: 199...199),
        Case(
            rule: "an operator closes a flow as it stands, and what it has taken is not accounted for",
            text: shop("at 5s inject lose on order.ship for 3s\nat 15s flow close order orphaned"),
            completed: 169...169, closed: 30...30, isMoneyRight: false),
        Case(
            rule: "a timeout gives up what is late: what comes after it all the same is taken back",
            text: shop(
                "at 5s inject latency on order.ship add 5s for 3s",
                timeouts: "{after: charged, within: 2s, awaits: shipped, then: late}",
                more: ["name: refund, on: late, call: payment.refund, undoes: charge, then: cancelled"]),
            completed: 169...169, compensated: 30...30),
        Case(
            rule: "a loop is parked when it has gone as far as it may",
            text: shop(
                "at 5s inject error on payment.charge for 3s",
                broker: "redelivery: 1 attempt\n    hops: 6\n    cycles: yes",
                charge: "then: charged, else: asked-again",
                more: ["name: ask, on: asked-again, call: shipping.ask, then: refused-once, else: refused"]
                    + ["name: retry, on: refused-once, call: payment.fail, then: ignored, else: asked-again"]
            ).replacing("ends well: confirmed", with: "ends well: confirmed, ignored")
                .replacing("refund: {books: refunded}", with: "refund: {books: refunded}, fail: {errors: 100%}"),
            completed: 169...169, parked: 30...30),
    ]

    @Test("rules of choreographies under way", arguments: cases)
    func rules(_ each: Case) throws {
        let session = try run(each.text, until: .after(.seconds(60)))
        let world = session.simulation.world
        let tally = world.flowTallies[0]
        #expect(each.completed.contains(tally.completed), "\(tally)")
        #expect(each.compensated.contains(tally.compensated), "\(tally)")
        #expect(each.orphaned.contains(tally.orphaned), "\(tally)")
        #expect(each.parked.contains(tally.parked), "\(tally)")
        #expect(each.closed.contains(tally.closed), "\(tally)")
        #expect(each.deadLetters.contains(tally.deadLetters), "\(tally)")
        #expect((world.ledger.missing == 0) == each.isMoneyRight, "\(world.ledger)")
        #expect(world.ledger.confirmed == Int64(tally.completed) * 1_000)
    }

    @Test("every policy on an event acts: S25, where the second one silently replaced the first")
    func everyPolicyActs() throws {
        let world = try run(shop()).simulation.world
        #expect(world.pool(ofService: 2).totals.completed == 2 * 199)
    }

    @Test("a flow that went too far goes on when an operator says so, and is parked again in the end")
    func resume() throws {
        let loop = try #require(Self.cases.last).text
        let session = try run(
            loop.replacing("for 3s", with: "for 3s\n  at 15s flow resume order parked"), until: .after(.seconds(60)))
        let resumed = session.simulation.journal.latest(10_000) { $0.what == .sagaResumed }
        #expect(resumed.count == 30)
        #expect(session.simulation.world.flowTallies[0].parked == 30)
        let row = try #require(session.simulation.world.flowRows.first)
        #expect(try #require(session.simulation.world.flow(row)).flow.events > 7)
    }

    @Test("what comes while a flow is parked counts when it goes on")
    func heldWhileParked() throws {
        let text = shop(
            "at 10s flow resume order parked", broker: "hops: 2\n    notes: answered",
            more: [
                "name: ask, on: charged, call: shipping.ask, then: asked",
                "name: answer, on: asked, call: shipping.answer, then: answered",
                "name: slow, on: ordered, call: shipping.slow, then: confirmed",
            ]
        ).replacing(
            "latency: constant 10ms}",
            with:
                "latency: constant 10ms, operations: {thank: {}, pack: {}, ask: {}, answer: {}, slow: {latency: constant 5s}}}",
            maxReplacements: 1
        )
        .replacing(
            "{name: ship,    on: charged, call: shipping.pack, then: shipped}",
            with: "{name: ship, on: charged, call: shipping.pack}"
        )
        .replacing("      - {name: confirm, on: shipped, call: orders.confirm, then: confirmed}\n", with: "")
        let tally = try run(text, until: .after(.seconds(60))).simulation.world.flowTallies[0]
        #expect(tally.completed == 99, "\(tally)")
        #expect(tally.parked == tally.started - tally.completed, "\(tally)")
    }

    @Test("an orphan's cause is the fault that has lost its event")
    func causeOfOrphan() throws {
        let session = try run(shop("at 5s inject lose on order.ship for 3s"))
        let journal = session.simulation.journal
        var entry = try #require(journal.latest(1) { $0.what == .flowOrphaned }.first)
        while let cause = journal[entry.cause] { entry = cause }
        #expect(entry.what == .faultInjected)
    }

    @Test("the history of a flow is a sequence diagram: who told whom what, what was lost, and what the watchdog said")
    func diagram() throws {
        let session = try run(
            shop(
                "at 5s inject lose on order.ship for 3s",
                timeouts: "{after: charged, within: 2s, awaits: shipped, then: late}",
                more: ["name: refund, on: late, call: payment.refund, undoes: charge, then: cancelled"]),
            until: .after(.seconds(8)))
        let flow = try #require(session.simulation.world.endedFlows.first { $0.hasTurnedBack })
        let diagram = SequenceDiagram(flow.history(session.simulation.plan), width: 72, signs: .ascii)
        #expect(
            diagram.lines.map(\.text) == [
                "           customer         payment        shipping        watchdog",
                "               |               |               |               |",
                "0s             +---ordered---->|               |               |",
                "11ms           |               +---charged---->|               |",
                "               |               | charged (lost)|               |",
                "11ms           |               +..............x|               |",
                "2.011s         |               |<-------late (timeout)---------+",
                "2.022s         |               +-o cancelled   |               |",
            ])
    }

    /// An order that nobody can obey, and why.
    @Test(
        "an order that no flow can obey says why",
        arguments: [
            ("flow resend order running", "every event has reached those who have subscribed to it, or is on its way"),
            ("flow resume order running", "it is not parked; only a flow that went too far waits to be resumed"),
            ("flow close order orphaned", "no flow is orphaned"),
            ("flow resend order#90", "every event has reached those who have subscribed to it, or is on its way"),
            ("flow close order#1", "there is no such flow as #1: it is over and no longer kept, or never was"),
            ("flow close ordr all", "no choreography is named \"ordr\"; did you mean \"order\"?"),
            ("flow clse order all", "no deed is named \"clse\"; did you mean \"close\"?"),
        ])
    func refusals(line: String, message: String) throws {
        var session = Session(
            scenario: try Scenario(parsing: shop("at 5s inject hang on shipping.pack"), file: "shop.yaml"),
            options: .headless)
        session.advance(by: .seconds(10))
        let problem = try #require(throws: SyntaxProblem.self) { try session.perform(text: line) }
        #expect(problem.message == message)
    }

    /// What can be wrong with a choreography: in place of what, what stands there, and the message.
    @Test(
        "a slip in a choreography is one clear line at its place",
        arguments: [
            ("broker: broker", "broker: brokr", "f:16:13: no service is named \"brokr\"; did you mean \"broker\"?"),
            ("starts with: ordered", "", "f:16:5: a choreography needs starts with: the name of an event"),
            (
                "on: shipped,", "on: shiped,",
                "f:27:29: nobody publishes an event \"shiped\"; did you mean \"shipped\"?"
            ),
            (
                "undoes: charge", "undoes: chrge",
                "f:24:68: no policy that does something is named \"chrge\"; did you mean \"charge\"?"
            ),
            (
                "then: cancelled}", "then: cancelled, else: refused}",
                "f:24:93: what takes something back is done in the end: it has no \"else\""
            ),
            ("name: thank", "name: charge", "f:25:16: two policies are named \"charge\"; give each a name of its own"),
            (
                "ends badly: cancelled", "ends badly: cancelled, confirmed",
                "f:21:17: the event \"confirmed\" plays two parts; name it once"
            ),
            (
                "then: shipped}", "then: shipped, else: ordered}",
                "f:26:9: choreography order, policy shipping ship on charged: ordered begins a flow and cannot follow from something"
            ),
        ])
    func slips(right: String, wrong: String, message: String) throws {
        let text = shop()
        try #require(text.contains(right))
        #expect(Slip.problems(in: text.replacing(right, with: wrong, maxReplacements: 1)) == [message])
    }
}
