import Testing

@Suite("Problems of gateways in scenario files")
struct GatewayProblemTests {
    @Test("A slip in a gateway is one clear line at its place, and makes no other", arguments: Slip.gateways)
    func gateways(slip: Slip) throws {
        try slip.check(in: Slip.checkout())
    }

    @Test("A slip in a route is one clear line at its place", arguments: Slip.gatewayRoutes)
    func routes(slip: Slip) throws {
        try slip.check(in: Slip.checkout())
    }

    @Test("A slip in who calls a gateway, or beside it, is one clear line at its place", arguments: Slip.gatewayCallers)
    func callers(slip: Slip) throws {
        try slip.check(in: Slip.checkout())
    }

    @Test("A slip in a line about a gateway has the line and column of the file", arguments: Slip.gatewayLines)
    func lines(slip: Slip) throws {
        try slip.check(in: Slip.checkout())
    }
}
