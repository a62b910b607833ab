import Scenarios
import Testing
import Timeline

/// A rule of a gateway, as a small scenario that shows it.
struct GatewayRule: CustomTestStringConvertible, Sendable {
    let rule: String
    /// What is set of the gateway, its routes apart.
    var gateway = ""
    /// What is set of its route `read`, for `GET /products/{id}`, and of its route `order`, for `POST /orders`.
    var read = "call: shop.read"
    var order = "start: place-order"
    var replicas = 1
    var shop = ""
    /// What comes, and from whom.
    var routes = "read: 100%"
    var sender = ""
    var rate = "rate: 50/s"
    var edge = ""
    var timeline: [String] = []
    let expect: [String]

    var testDescription: String { rule }

    var text: String {
        let timeline = SmallScenario.block("timeline", ["at 0s caption \"\(rule.prefix(60))\""] + timeline)
        return """
            sagascope: 1
            name: rule
            seed: 5
            duration: 6s
            services:
              front:
                replicas: \(replicas)
                workers: 100
                queue: 100
                latency: constant 1ms
                gateway:
                  \(gateway.replacing("\n", with: "\n      "))
                  routes:
                    read:  {method: GET, path: "/products/{id}", \(read)}
                    order: {method: POST, path: /orders, \(order)}
              shop: {workers: 100, queue: 100, latency: constant 4ms, operations: {read: {}, take: {}, give: {}}\(shop)}
            \(edge)
            sagas:
              place-order:
                runs in: shop
                steps: [{name: take, call: shop.take, undo: shop.give}]
            load:
              people: {to: front, routes: {\(routes)}, arrivals: even, keys: uniform over 20, \(rate)\(sender)}
            \(timeline)\(SmallScenario.block("expect", expect))
            """
    }
}

@Suite("Gateways in simulations")
struct GatewayRuleTests {
    @Test("rules of gateways", arguments: GatewayRule.ways + GatewayRule.limits + GatewayRule.identities)
    func holds(rule: GatewayRule) throws {
        let unmet = try SmallScenario.unmet(in: rule.text)
        #expect(unmet.isEmpty, "\(unmet.joined(separator: "\n"))")
    }

    @Test("two runs with a gateway are the same, and so is one that was turned back")
    func sameAgain() throws {
        let rule = try #require(GatewayRule.identities.first { $0.rule.contains("rotates") })
        var first = try Self.session(rule)
        first.runToEnd()
        var second = try Self.session(rule)
        second.run(upTo: .after(.seconds(4)))
        try second.perform(text: "rewind to 2s")
        second.runToEnd()
        #expect(first.fingerprint == second.fingerprint)
    }

    private static func session(_ rule: GatewayRule) throws -> Session {
        Session(scenario: try Scenario(parsing: rule.text, file: "rule.yaml"), options: Session.Options())
    }
}
