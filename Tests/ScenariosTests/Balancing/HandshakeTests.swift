import Scenarios
import Simulation
import Testing

@Suite("Handshakes of TLS")
struct HandshakeTests {
    private func text(_ tls: String, timeline: [String] = [], expect: [String] = ["at end failed(users) == 0"])
        -> String
    {
        """
        sagascope: 1
        name: handshakes
        seed: 5
        duration: 6s
        services:
          api: {workers: 50, latency: constant 1ms}
        edges:
          users -> api:
            network: constant 10ms
            guards: [connections]
            connections: {max: 50, min idle: 0, connect: constant 5ms\(tls)}
        load:
          users: {call: api.get, arrivals: even, rate: 10/s}
        \(SmallScenario.block("timeline", timeline))\(SmallScenario.block("expect", expect))
        """
    }

    private func report(_ text: String) throws -> Report {
        var session = Session(scenario: try Scenario(parsing: text, file: "f"), options: .headless)
        session.runToEnd()
        return Report(on: session, wallSeconds: nil)
    }

    @Test(
        "a round trip of the network more by TLS 1.3, and two by 1.2, before the first call of a connection",
        arguments: [("", 26, 0), (", tls: none", 26, 0), (", tls: 1.3", 46, 1), (", tls: 1.2", 66, 1)])
    func roundTrips(tls: String, longest: Int, handshakes: Int64) throws {
        let unmet = try SmallScenario.unmet(
            in: text(
                tls,
                expect: [
                    "at end max(users) >= \(longest)ms", "at end max(users) < \(longest + 1)ms",
                    "at end p50(users) < 22ms",
                ]))
        #expect(unmet == [])
        let pool = try report(text(tls)).json["connections"]?["users -> api"]
        #expect(pool?["handshakes"] == .unsigned(UInt64(handshakes)) && pool?["created"] == .integer(1))
    }

    @Test("a network that changes while the system runs is that of later handshakes")
    func network() throws {
        let slower = text(
            ", tls: 1.2",
            timeline: [
                "at 1s set edges.users -> api.network constant 50ms", "at 2s inject crash on api for 300ms",
            ],
            expect: ["during 2s..3s max(users) >= 305ms"])
        let unmet = try SmallScenario.unmet(in: slower)
        #expect(unmet == [])
    }

    @Test("other versions are refused")
    func slips() {
        #expect(
            Slip.problems(in: text(", tls: 1.1")) == [
                "f:11:69: tls: \"1.1\" is not one of the choices; did you mean \"1.2\"?"
            ])
    }
}
