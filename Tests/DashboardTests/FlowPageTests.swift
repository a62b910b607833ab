import Scenarios
import Screen
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("The screen of flows without an orchestrator")
struct FlowPageTests {
    /// Orders by events alone, and beside them a saga; shipping can lose its subscription.
    private static let text = """
        sagascope: 1
        name: flows
        seed: 42
        duration: 5m
        services:
          broker:   {workers: 64, queue: 256}
          payment:  {workers: 16, queue: 64, latency: constant 20ms, operations: {charge: {books: charged}, refund: {books: refunded}}}
          shipping: {workers: 16, queue: 64, latency: constant 30ms}
          orders:   {workers: 8, queue: 32, latency: constant 3ms, operations: {confirm: {books: confirmed}, greet: {}}}
        sagas:
          sign-up: {runs in: broker, steps: [{name: greet, call: orders.greet}]}
        choreographies:
          place-order:
            broker: broker
            delivery: exponential mean 4ms
            twice: 5%
            starts with: ordered
            ends well: done
            ends badly: cancelled
            policies:
              - {name: charge,  on: ordered,     call: payment.charge, then: charged, else: cancelled}
              - {name: ship,    on: charged,     call: shipping.pack,  then: shipped}
              - {name: confirm, on: shipped,     call: orders.confirm, then: done}
              - {name: refund,  on: not-shipped, call: payment.refund, undoes: charge, then: cancelled}
            timeouts:
              - {after: charged, within: 5s, awaits: shipped, then: not-shipped}
        load:
          shoppers: {start: place-order, rate: 10/s, arrivals: poisson}
          visitors: {start: sign-up, rate: 1/s, arrivals: even}
        """

    /// The flows after shipping has lost its subscription for a while.
    private func deaf(_ width: Int = 120, _ height: Int = 40, glyphs: Glyphs = .unicode, after: Duration = .seconds(6))
        throws
        -> Flight
    {
        var flight = try Flight(width: width, height: height, glyphs: glyphs, of: Self.text)
        flight.fly(.seconds(2))
        flight.press(":inject lose on place-order.ship for 3s{Enter}6{Tab}")
        flight.fly(after)
        return flight
    }

    @Test("the list, and who told whom what, at every size, and in all its detail")
    func screens() throws {
        var flight = try deaf()
        flight.check("flows", sizes: Array(Flight.sizes.prefix(3)))
        flight.press("{Enter}")
        Golden.check(flight.screen, "flows-detail-120x40")
        var ascii = try deaf(80, 24, glyphs: .ascii)
        Golden.check(ascii.screen, "flows-ascii-80x24")
        ascii.press("{Enter}G")
        #expect(ascii.screen.text.unicodeScalars.allSatisfy { $0.isASCII })
    }

    @Test("Tab goes from the sagas to the flows and back; what is selected on the overview is selected there")
    func panes() throws {
        var flight = try deaf()
        #expect(flight.dashboard.focus == .flowList)
        flight.press("{Tab}")
        #expect(flight.dashboard.focus == .sagaList && flight.screen.text.contains("[Sagas]Flows"))
        flight.press("1")
        flight.dashboard.focus = .sagas
        let flow = try #require(flight.dashboard.sample.flows.first)
        flight.dashboard.selections[.sagas] = .flow(request: flow.request)
        flight.press("6")
        #expect(flight.dashboard.focus == .flowList)
        #expect(flight.dashboard.selections[.flowList] == .flow(request: flow.request))
    }

    @Test("an act is proposed as a line: what was lost is sent again, for one or for all, with a count and a reason")
    func acts() throws {
        var flight = try deaf(after: .seconds(3))
        let lost = try #require(
            flight.dashboard.flows.rows.first { flight.session.simulation.world.flow($0)?.lapses == 1 })
        flight.dashboard.selections[.flowList] = .flow(request: lost.request)
        flight.press("a")
        #expect(flight.screen.text.contains(":flow resend place-order#\(lost.request) because \""))
        flight.press("{Esc}A")
        #expect(flight.screen.text.contains("can obey: Enter orders it"))
        flight.press("a test\"{Enter}")
        let ordered = flight.session.simulation.journal.latest(1_000) { $0.what == .ordered }
        #expect(ordered.count > 5)
        flight.press("w")
        #expect(flight.screen.text.contains("NOT DELIVERED, ship") || flight.screen.text.contains("an operator acts"))
    }

    @Test("the list is filtered as one types, by number, name and state")
    func filter() throws {
        var flight = try deaf()
        let all = flight.dashboard.flows.rows
        flight.press("/undone")
        #expect(flight.dashboard.flows.rows == all.filter { $0.standing == .compensated })
        #expect(!flight.dashboard.flows.rows.isEmpty)
        flight.press("{Esc}/-undone -done{Enter}")
        #expect(flight.dashboard.flows.rows == all.filter { !$0.standing.isOver })
    }
}
