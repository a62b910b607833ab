import Sagas
import Scenarios
import Simulation
import Testing
import Timeline

/// A shop in which something does not come back, until it is healed; few enough sagas to know each of them.
private func shop(
    _ timeline: String, steps: String = "", compensation: String = "retry: 2 attempts constant 1s none jitter"
)
    -> String
{
    """
    sagascope: 1
    name: shop
    seed: 3
    duration: 20s
    services:
      shop:      {workers: 64, queue: 64}
      inventory: {workers: 64, latency: constant 10ms}
      payment:   {workers: 64, latency: constant 10ms, operations: {charge: {books: charged}, refund: {books: refunded}}}
      orders:    {workers: 64, latency: constant 10ms, operations: {confirm: {books: confirmed}, email: {}}}
    sagas:
      order:
        runs in: shop
        compensation: {\(compensation)}
        steps:
          - {name: reserve, call: inventory.reserve, undo: inventory.release}
          - {name: charge,  call: payment.charge,    undo: payment.refund, timeout: 500ms}
          - {name: confirm, call: orders.confirm, pivot: true}
          - {name: notify,  call: orders.email, retry: until done constant 1s none jitter}
    load:
      shoppers: {start: order, rate: 10/s, arrivals: even}
    timeline: |
    \(timeline.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    """
}

@Suite("Orders for sagas in a scenario")
struct SagaOrderScenarioTests {
    private func run(_ text: String) throws -> Session {
        var options = Session.Options.headless
        options.simulation.journalEntries = 100_000
        var session = Session(scenario: try Scenario(parsing: text, file: "shop.yaml"), options: options)
        session.runToEnd()
        return session
    }

    enum Ending { case completed, compensated, killed, running }

    /// An order at 5 s, after a fault from 2 s to 8 s, and how the sagas have ended.
    struct Case: Sendable, CustomTestStringConvertible {
        let fault: String
        let order: String
        let endings: Set<Ending>
        var testDescription: String { order }
    }

    @Test(
        "an order reaches all that it can, is written down with who gave it, and the money adds up",
        arguments: [
            Case(
                fault: "hang on inventory.reserve", order: "cancel order running",
                endings: [.compensated, .completed]),
            Case(fault: "hang on inventory.reserve", order: "kill order running", endings: [.killed, .completed]),
            Case(fault: "hang on orders.confirm", order: "pause order running", endings: [.running, .completed]),
            Case(fault: "error on orders.email", order: "retry order waiting", endings: [.completed]),
        ])
    func orders(_ each: Case) throws {
        let session = try run(
            shop("at 2s inject \(each.fault) for 6s\nat 5s saga \(each.order) because \"a test\""))
        let tally = session.simulation.world.sagaTallies[0]
        let counts: [Ending: UInt64] = [
            .completed: tally.completed, .compensated: tally.compensated, .killed: tally.killed,
            .running: tally.running,
        ]
        for (ending, count) in counts { #expect((count > 5) == each.endings.contains(ending), "\(ending): \(count)") }
        #expect(session.simulation.world.ledger.missing == 0)
        let ordered = session.simulation.journal.latest(1_000) { $0.what == .ordered }
        #expect(ordered.count > 5 && ordered.allSatisfy { $0.why == .command(2) })
    }

    @Test("an undo that fails for good is kept for the operator: tried again it is done, and the money adds up")
    func retryUndo() throws {
        let broken = "at 1s inject error on orders.confirm for 4s\nat 1s inject error on payment.refund for 9s\n"
        let failed = try run(shop(broken))
        #expect(failed.simulation.world.sagaTallies[0].compensationFailed > 10)
        #expect(failed.simulation.world.ledger.missing > 0)
        let mended = try run(shop(broken + "at 15s saga retry-undo order failed because \"payment is back\""))
        let tally = mended.simulation.world.sagaTallies[0]
        #expect(mended.simulation.world.ledger.missing == 0 && mended.simulation.world.isIdle)
        #expect(tally.compensated == tally.compensationFailed)
        let resolved = try run(shop(broken + "at 15s saga resolve order failed because \"paid back by hand\""))
        #expect(resolved.simulation.world.ledger.missing == failed.simulation.world.ledger.missing)
        #expect(resolved.simulation.world.sagaTallies[0].compensated > 10 && resolved.simulation.world.isIdle)
    }

    @Test("an order that nobody can obey is refused with the reason, and changes nothing")
    func refused() throws {
        var session = Session(
            scenario: try Scenario(parsing: shop("at 1s pause"), file: "shop.yaml"), options: .headless)
        session.runToEnd()
        for (order, reason) in [
            ("cancel order#9999", "no such saga as #9999"), ("cancel order running", "no saga is on the way forward"),
            ("resume order all", "no saga is under way"),
        ] {
            let error = #expect(throws: SyntaxProblem.self) { try perform("saga \(order)", on: &session) }
            #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
        }
    }

    private func perform(_ line: String, on session: inout Session) throws {
        try session.perform(text: line)
    }
}

@Suite("The monitor of sagas in a scenario")
struct SagaMonitorScenarioTests {
    @Test("an operator is called once for each saga that gets no further, and no more when it has gone on (S19)")
    func stuck() throws {
        let text = shop("at 2s inject hang on inventory.reserve for 9s")
            .replacing("compensation: {", with: "monitor: {stuck: 5s}\n    compensation: {")
            .replacing("rate: 10/s", with: "rate: 5/s")
        var options = Session.Options.headless
        options.simulation.journalEntries = 100_000
        var session = Session(scenario: try Scenario(parsing: text, file: "shop.yaml"), options: options)
        session.run(upTo: .after(.seconds(10)))
        let tally = session.simulation.world.sagaTallies[0]
        // Those that came in the first three seconds of the fault.
        #expect((12...18).contains(tally.stuck) && tally.alarms == tally.stuck)
        session.runToEnd()
        let end = session.simulation.world.sagaTallies[0]
        #expect(end.stuck == 0 && end.completed == end.started)
        let calls = session.simulation.journal.latest(1_000) { $0.what == .operatorCalled }
        #expect(UInt64(calls.count) == end.alarms && Set(calls.map(\.request)).count == calls.count)
        #expect(calls.allSatisfy { $0.why == .alarms(.stuck) })
    }
}
