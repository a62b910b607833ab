import Screen
import Testing
import Timeline

@testable import Dashboard

@Suite("Replicas on the screen")
struct ReplicaScreenTests {
    private static let text = """
        sagascope: 1
        name: many
        seed: 7
        duration: 3m
        services:
          stock: {replicas: 3, running: 2, workers: 4, queue: 12, latency: constant 5ms}
        edges:
          people -> stock: {guards: [balancer], balancer: {by: hash ring, weights: [3, 1, 1]}}
        load:
          people: {call: stock.find, rate: 80/s, keys: uniform over 100}
        """

    @Test("a service says how many of its replicas run, and who does not is off")
    func running() throws {
        var flight = try Flight(width: 120, height: 40, of: Self.text, for: .seconds(3))
        #expect(flight.screen.text.contains("stock 2 of 3") && flight.screen.text.contains("OFF"))
        flight.press(":set stock.running 3{Enter}")
        flight.fly(.seconds(2))
        #expect(!flight.screen.text.contains("stock 2 of 3") && !flight.screen.text.contains("OFF"))
        #expect(flight.screen.text.contains("SCALED, 2 to 3"))
    }

    @Test("the detail of a balancer tells the weight and the share of the keys of each replica")
    func balancer() throws {
        let flight = try Flight(width: 120, height: 40, of: Self.text, for: .seconds(3))
        let scene = flight.dashboard.scene(flight.session)
        let lines = DetailText.balancer(GuardPlace(edge: 0, stage: 0), scene, .unicode).map(\.text)
        #expect(lines.contains { $0.contains("weight") && $0.contains("keys") })
        #expect(lines.contains { $0.contains("stock#1") && $0.contains("%") })
        #expect(lines.contains { $0.contains("stock#3") && $0.contains("OFF") })
    }
}
