import Scenarios
import Testing

@Suite("Demos of gateways")
struct GatewayDemoTests {
    @Test(
        "one breaker for all that a gateway calls closes the shop, one for each backend does not",
        arguments: ["one-breaker-uncured", "one-breaker"])
    func breakers(name: String) throws {
        var session = Session(scenario: try Demo.scenario(name), options: .headless)
        session.runToEnd()
        #expect(session.unmet == [])
    }
}
