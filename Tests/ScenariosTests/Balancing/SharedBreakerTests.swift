import Resilience
import Scenarios
import Simulation
import Testing
import Timeline

@Suite("One breaker for all that a caller calls")
struct SharedBreakerTests {
    private static let settings = "window: 10 calls, failures: 50%, open: 1s, probes: 1"

    private func text(
        _ first: String = "{each: caller, \(settings)}", _ second: String = "{each: caller}",
        guards: String = "[breaker]", timeline: [String] = [], expect: [String] = []
    ) -> String {
        """
        sagascope: 1
        name: shared
        seed: 5
        duration: 6s
        services:
          front: {workers: 50, latency: constant 1ms, operations: {pay: [call bank.pay], mail: [call post.send], both: {}}}
          bank: {workers: 50, latency: constant 1ms, operations: {pay: {}}}
          post: {workers: 50, latency: constant 1ms, operations: {send: {}}}
        edges:
          front -> bank: {guards: \(guards), breaker: \(first)}
          front.mail -> post: {guards: [breaker], breaker: \(second)}
        load:
          payers: {call: front.pay, rate: 50/s, arrivals: even}
          mailers: {call: front.mail, rate: 50/s, arrivals: even}
        \(SmallScenario.block("timeline", timeline))\(SmallScenario.block("expect", expect))
        """
    }

    private func problems(_ text: String) -> [String] {
        do {
            _ = try Scenario(parsing: text, file: "f")
            return []
        } catch {
            return error.all.map(\.message)
        }
    }

    @Test("one service that fails cuts the caller off from the other too")
    func mistake() throws {
        let fault = ["at 1s inject error on post for 3s"]
        let shared = text(
            timeline: fault,
            expect: [
                "by 2s breaker front -> bank is open", "by 2s breaker front.mail -> post is open",
                "during 2s..4s error share(payers) > 30%", "during 5s..6s error share(payers) == 0%",
            ])
        let own = text(
            "{\(Self.settings)}", "{\(Self.settings)}", timeline: fault,
            expect: ["by 2s breaker front.mail -> post is open", "at end failed(payers) == 0"])
        let unmet = try SmallScenario.unmet(in: shared) + SmallScenario.unmet(in: own)
        #expect(unmet == [])
    }

    @Test("the first gives the settings, also of one that is changed while the system runs")
    func settings() throws {
        let scenario = try Scenario(parsing: text(), file: "f")
        let changed = try scenario.changing("front -> bank.breaker.open", to: "9s").plan
        for plan in [scenario.plan, changed] {
            #expect(plan.edges[0].guards.first?.breaker == plan.edges[1].guards.first?.breaker)
        }
        #expect(changed.edges[1].guards.first?.breaker?.settings.openTime == .seconds(9))
        let same = "{each: caller, \(Self.settings)}"
        #expect(problems(text(same, same)) == [])
    }

    @Test("held open, it is held open everywhere")
    func forced() throws {
        let forced = text(
            timeline: ["at 1s force front.mail -> post open"], expect: ["during 2s..6s error share(payers) == 100%"])
        let unmet = try SmallScenario.unmet(in: forced)
        #expect(unmet == [])
    }

    @Test("others must be the same, and an edge has one at most")
    func slips() {
        #expect(
            problems(text("{each: caller}", "{each: caller, open: 9s}")) == [
                "this breaker is that of front -> bank too; set it there, and say nothing here but each: caller"
            ])
        #expect(
            problems(text("{each: caller}, breaker 2: {each: caller}", guards: "[breaker, breaker 2]")) == [
                "an edge can have one breaker with each: caller"
            ])
    }
}

extension GuardPlan {
    fileprivate var breaker: BreakerPlan? { if case .breaker(let plan) = self { plan } else { nil } }
}
