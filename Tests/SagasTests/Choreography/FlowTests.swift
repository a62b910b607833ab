import Sagas
import Testing
import Timeline

@Suite("Choreographed flows")
struct FlowTests {
    struct Script: Sendable, CustomTestStringConvertible {
        let rule: String
        var isCheckout = true
        var hopLimit = 32
        let steps: [(String, String)]
        var testDescription: String { rule }
    }

    private static let placed = [("1 OrderPlaced", "stock reserves, mail confirms")]
    private static let reserved = placed + [("2 StockReserved < 1", "payment charges")]

    private static let scripts = [
        Script(
            rule: "S25: all policies on an event run, in the order given, and the flow ends well",
            steps: [("phase", "not started")] + reserved + [
                ("phase", "waits for mail confirms, payment charges"), ("3 PaymentTaken < 2", "shipping ships"),
                ("4 MailSent < 1", "nobody"), ("5 OrderShipped < 3", "well"), ("phase", "well"),
                ("5 OrderShipped < 3", "duplicate"), ("1 OrderPlaced", "duplicate"),
                ("6 PaymentFailed < 2", "flowOver"),
                ("close", "false"),
            ]),
        Script(
            rule: "S26: an event that is delivered again repeats only what nobody has acknowledged",
            steps: placed + [
                ("1 OrderPlaced", "stock reserves, mail confirms"), ("ack 1 stock", "true"), ("ack 1 stock", "false"),
                ("1 OrderPlaced", "mail confirms"), ("ack 1 mail", "true"), ("1 OrderPlaced", "duplicate"),
                ("phase", "waits for stock reserves, mail confirms"), ("2 StockReserved < 1", "payment charges"),
                ("3 PaymentTaken < 2", "shipping ships"), ("2 StockReserved < 1", "duplicate"),
            ]),
        Script(
            rule: "a policy that gives no answer is over when it is acknowledged",
            steps: placed + [
                ("9 CustomerLeft", "crm notes"), ("phase", "waits for stock reserves, mail confirms, crm notes"),
                ("ack 9 crm", "true"), ("phase", "waits for stock reserves, mail confirms"),
            ]),
        Script(
            rule: "a failure runs the compensating policies",
            steps: reserved + [
                ("3 PaymentFailed < 2", "stock releases"), ("4 StockReleased < 3", "orders cancels"),
                ("at 30s", ""), ("5 OrderCancelled < 4", "badly"), ("phase", "badly"),
            ]),
        Script(
            rule: "an action has one answer, whatever a second one says",
            steps: reserved + [
                ("3 PaymentTaken < 2", "shipping ships"), ("4 PaymentFailed < 2", "answeredAlready"),
                ("5 PaymentTaken < 2", "answeredAlready"), ("3 PaymentTaken < 2", "shipping ships"),
            ]),
        Script(
            rule: "what is not expected changes nothing, and counts once its cause has come",
            steps: [
                ("2 StockReserved < 1", "notStarted"), ("9 CustomerLeft", "notStarted"),
            ] + placed + [
                ("8 OrderPlaced", "startedAlready"), ("3 PaymentTaken < 2", "unexpected"),
                ("3 PaymentTaken < 1", "unexpected"), ("3 PaymentTaken", "unexpected"), ("3 Nothing < 1", "unexpected"),
                ("3 PaymentTimedOut < 1", "unexpected"), ("2 StockReserved < 1", "payment charges"),
                ("3 PaymentTaken < 2", "shipping ships"),
            ]),
        Script(
            rule: "the watchdog's event happens exactly when the time is over; what comes too late changes nothing",
            steps: reserved + [
                ("at 29.999s", ""), ("at 30s", "PaymentTimedOut: payment voids"), ("at 99s", ""),
                ("phase", "waits for mail confirms, payment voids"), ("3 PaymentTaken < 2", "tooLate"),
                ("2 StockReserved < 1", "duplicate"), ("ack 2 payment", "false"),
            ]),
        Script(
            rule: "an event that is awaited calls the timeout off",
            steps: reserved + [("at 29.999s", ""), ("3 PaymentTaken < 2", "shipping ships"), ("at 99s", "")]),
        Script(
            rule: "an operator closes a flow; what was under way is known",
            steps: [("close", "false")] + reserved + [
                ("close", "true"), ("phase", "closed"), ("3 PaymentTaken < 2", "flowOver"), ("at 99s", ""),
                ("resume", "false"), ("ack 2 payment", "false"),
            ]),
        Script(
            rule: "loop guard: too many hops park the flow, and an operator may let it go on",
            isCheckout: false, hopLimit: 3,
            steps: [
                ("1 Begun", "left serves"), ("2 Ping < 1", "right returns"), ("3 Pong < 2", "left returns"),
                ("4 Ping < 3", "right returns"), ("5 Pong < 4", "hopLimit(event: 2)"), ("phase", "hopLimit(event: 2)"),
                ("5 Pong < 4", "flowParked"), ("at 59s", ""), ("resume", "true"), ("resume", "false"),
                ("5 Pong < 4", "left returns"), ("6 Over < 4", "answeredAlready"), ("7 Ping < 5", "right returns"),
                ("8 Over < 7", "well"),
            ]),
        Script(
            rule: "loop guard: a timeout parks the flow too, and strikes again when it is resumed",
            isCheckout: false, hopLimit: 1,
            steps: [
                ("1 Begun", "left serves"), ("2 Ping < 1", "right returns"), ("at 1s", "Bored: hopLimit(event: 3)"),
                ("at 2s", ""), ("resume", "true"), ("at 2s", "Bored: umpire asks"),
                ("3 Pong < 2", "left returns"), ("4 Ping < 3", "hopLimit(event: 1)"),
            ]),
        Script(
            rule: "late answers that are accepted go on beside the timeout; one that ends the flow badly times it out",
            isCheckout: false,
            steps: [
                ("1 Begun", "left serves"), ("2 Ping < 1", "right returns"), ("at 1s", "Bored: umpire asks"),
                ("3 Pong < 2", "left returns"), ("at 1m", "GivenUp: timedOut(timeout: 1)"),
                ("phase", "timedOut(timeout: 1)"), ("4 Ping < 3", "flowOver"),
            ]),
        Script(
            rule: "of two timeouts the earlier one strikes first, however late anybody looks",
            isCheckout: false,
            steps: [
                ("1 Begun", "left serves"), ("2 Ping < 1", "right returns"),
                ("at 1m", "Bored: umpire asks; GivenUp: timedOut(timeout: 1)"),
            ]),
    ]

    @Test("rules of a flow, as scripts", arguments: scripts)
    func rules(_ script: Script) throws {
        var flow = FlowScript(
            script.isCheckout ? try .checkout(hopLimit: script.hopLimit) : try .pingPong(hopLimit: script.hopLimit))
        for (number, (step, expected)) in script.steps.enumerated() {
            #expect(flow.run(step) == expected, "step \(number): \(step)")
        }
    }

    @Test("bounded memory: a flow is a value without references, and the 41st event parks it for good")
    func bounded() throws {
        #expect(_isPOD(Flow.self) && MemoryLayout<Flow>.stride == 808)
        var script = FlowScript(try .checkout())
        _ = script.run("1 OrderPlaced")
        for id in 2...40 {
            #expect(script.run("\(id) CustomerLeft") == "crm notes")
        }
        #expect(script.flow.events == Flow.maximumEvents)
        #expect(script.run("41 CustomerLeft") == "eventLimit(event: 1)")
        #expect(script.run("resume") == "false")
        #expect(script.run("close") == "true")
    }

    @Test("a key is the same for the same flow, policy and event, and another one for any other; an answer has one id")
    func keys() throws {
        let checkout = try Choreography.checkout()
        var keys: Set<UInt64> = []
        for flow in UInt64(1)...20 {
            for event in UInt64(1)...20 {
                var value = Flow(id: flow)
                let start = Flow.Event(id: event, type: 0)
                guard case .act(let actions) = value.take(start, at: .zero, under: checkout) else {
                    Issue.record("nobody acts")
                    return
                }
                #expect(value.take(start, at: .zero, under: checkout) == .act(actions))
                #expect(value.unacknowledged(under: checkout) == Array(actions))
                keys.formUnion(actions.map(\.key))
                #expect(Set(actions.flatMap { [$0.answer(2).id, $0.answer(3).id] }).count == 2)
            }
        }
        #expect(keys.count == 800)
    }

    @Test("whatever is wrong is refused: another flow's action, another choreography, the end of time")
    func nothingTraps() throws {
        let (checkout, other) = (try Choreography.checkout(), try Choreography.pingPong(hopLimit: 3))
        var (flow, stranger) = (Flow(id: 1), Flow(id: 2))
        _ = flow.take(Flow.Event(id: 1, type: 0), at: .distantFuture, under: checkout)
        _ = stranger.take(Flow.Event(id: 1, type: 0), at: .zero, under: checkout)
        for action in stranger.unacknowledged(under: checkout) {
            let isTaken = flow.acknowledge(action, under: checkout)
            #expect(!isTaken)
        }
        #expect(flow.take(Flow.Event(id: 2, type: -1, cause: 1), at: .zero, under: checkout) == .ignored(.unexpected))
        for type in 1..<12 {
            _ = flow.take(Flow.Event(id: 90 + UInt64(type), type: type, cause: 1), at: .distantFuture, under: checkout)
        }
        #expect(flow.ignored == 9)
        // A flow that is driven under another choreography goes wrong, but does not bring the process down.
        for type in 0..<6 {
            _ = flow.take(Flow.Event(id: UInt64(type) + 50, type: type, cause: 91), at: .zero, under: other)
        }
        _ = flow.phase(under: other)
        while flow.advance(to: .distantFuture, under: other) != nil {}
        for action in flow.unacknowledged(under: other) { flow.acknowledge(action, under: other) }
    }
}
