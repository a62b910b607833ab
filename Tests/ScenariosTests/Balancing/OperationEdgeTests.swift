import Scenarios
import Simulation
import Testing

@Suite("Ways of single operations")
struct OperationEdgeTests {
    private static func text(edges: String, timeline: [String] = [], expect: [String] = []) -> String {
        """
        sagascope: 1
        name: ways
        seed: 5
        duration: 6s
        services:
          front: {workers: 50, latency: constant 1ms, operations: {browse: [call shop.read], order: [call shop.write]}}
          shop: {workers: 50, latency: constant 1ms, operations: {read: {}, write: {}}}
        edges:
          \(edges.replacing("\n", with: "\n  "))
        load:
          readers: {call: front.browse, rate: 50/s, arrivals: even}
          writers: {call: front.order, rate: 50/s, arrivals: even}
        \(SmallScenario.block("timeline", timeline))\(SmallScenario.block("expect", expect))
        """
    }

    private static let own = """
        front.browse -> shop:
          network: constant 2ms
          guards: [timeout]
          timeout: 20ms
        front -> shop: {network: constant 10ms}
        """

    private func problems(_ edges: String) -> [String] {
        do {
            _ = try Scenario(parsing: Self.text(edges: edges), file: "f")
            return []
        } catch {
            return error.all.map(\.message)
        }
    }

    @Test("an operation takes its own way, and the others of its service take the service's")
    func ways() throws {
        let expect = [
            "at end attempts(front.browse -> shop) == 299", "at end attempts(front -> shop) == 299",
            "at end p50(readers) < 8ms", "at end p50(writers) > 20ms", "at end timeouts(front -> shop) == 0",
            "at end timeouts(front.browse -> shop) > 50", "during 4s..6s error share(writers) == 0%",
        ]
        let text = Self.text(
            edges: Self.own, timeline: ["at 1s inject latency on shop.read add 50ms for 2s"], expect: expect)
        let unmet = try SmallScenario.unmet(in: text)
        #expect(unmet == [])
    }

    @Test("settings, faults and guards of such a way have its name")
    func names() throws {
        let text = Self.text(
            edges: Self.own,
            timeline: [
                "at 1s set front.browse -> shop.timeout 3ms", "at 3s set front.browse -> shop.timeout 20ms",
                "at 4s inject error on front.browse -> shop for 1s",
            ],
            expect: [
                "during 1500ms..3s error share(readers) == 100%", "during 4s..5s error share(readers) > 90%",
                "at end failed(writers) == 0",
            ])
        let scenario = try Scenario(parsing: text, file: "f")
        #expect(scenario.settingPaths.contains("edges.front.browse -> shop.network"))
        let unmet = try SmallScenario.unmet(in: text)
        #expect(unmet == [])
        #expect(
            scenario.plan.edges.map(\.name).sorted() == [
                "front -> shop", "front.browse -> shop", "readers -> front", "writers -> front",
            ])
    }

    @Test(
        "a slip is found, and the message says what would be right",
        arguments: [
            ("front.brows -> shop: {}", "no operation is named \"front.brows\"; did you mean \"front.browse\"?"),
            ("shop.read -> front: {}", "shop.read makes no call to front"),
            ("front.browse -> shop: {}\nfront.browse->shop: {}", "this edge is declared more than once; keep one"),
            ("front.browse -> ship: {}", "no service is named \"ship\"; did you mean \"shop\"?"),
        ])
    func slips(edges: String, message: String) {
        #expect(problems(edges) == [message])
    }

    @Test("what an operation's fallback calls takes the operation's own way too")
    func fallbacks() throws {
        let edges = """
            front.browse -> shop: {guards: [fallback], fallback: {answer: call front2.get}}
            front.browse -> front2: {network: constant 1ms}
            """
        let text = Self.text(edges: edges).replacing(
            "  shop:", with: "  front2: {workers: 9, operations: {get: {}}}\n  shop:")
        let plan = try Scenario(parsing: text, file: "f").plan
        guard case .fallback(let fallback)? = plan.edges[0].guards.first else { throw Unexpected() }
        #expect(fallback.call?.edge == 1 && plan.edges[1].caller(in: plan) == 0)
    }
}
