import Bulkheads
import Resilience
import Simulation
import Testing
import Timeline

@Suite("Fallbacks")
struct FallbackTests {
    /// A load that calls `service.work`, and a second service `other.work` to fall back to.
    private func system(
        _ settings: Fallback.Settings, errors: Double = 0, otherLatency: Duration = .milliseconds(1)
    ) -> SmallSystem {
        var system = SmallSystem(rate: 100, workers: 50)
        system.plan.services[0].errors = errors
        var other = ServicePlan(name: "other")
        (other.workers, other.latency) = (100, .constant(otherLatency))
        system.plan.services.append(other)
        system.plan.operations.append(OperationPlan(name: "other.work", service: 1))
        system.plan.edges.append(EdgePlan(name: "callers -> other", source: .load(0), target: 1))
        let call = settings.source == .service ? CallPlan(edge: 1, operation: 1) : nil
        system.plan.edges[0].guards = [.fallback(FallbackPlan(settings, call: call))]
        return system
    }

    @Test("a value answers failures at once")
    func value() throws {
        let world = system(try .init(source: .value), errors: 0.5).runDry(after: .seconds(10)).world
        #expect(world.loadMeters[0].ok == 1_000)
        let totals = try #require(world.fallback(edge: 0, stage: 0)).totals
        #expect((400...600).contains(totals.succeeded))
        #expect(totals.failed + totals.rejected + totals.missing == 0)
    }

    @Test("a wrong request is not answered: its mistake must be seen")
    func notForInvalid() throws {
        var system = system(try .init(source: .value))
        system.plan.services[0].invalid = 1
        let world = system.runDry(after: .seconds(1)).world
        #expect(world.loadMeters[0].count(.invalid) == 100)
        #expect(world.fallback(edge: 0, stage: 0)?.totals.notFor == 100)
    }

    @Test("another service answers, over its own edge")
    func otherService() throws {
        let world = system(try .init(source: .service), errors: 1).runDry(after: .seconds(5)).world
        #expect(world.loadMeters[0].ok == 500)
        #expect(world.operationMeters[1].ok == 500)
        #expect(world.fallback(edge: 0, stage: 0)?.inFlight == 0)
    }

    @Test("a fallback as slow as what it stands in for fills its own bulkhead, and failures stand")
    func ownBulkhead() throws {
        let world = system(try .init(source: .service, limit: 10), errors: 1, otherLatency: .seconds(1))
            .runDry(after: .seconds(10)).world
        let totals = try #require(world.fallback(edge: 0, stage: 0)).totals
        #expect(totals.rejected > 850)
        #expect(world.loadMeters[0].failed == UInt64(totals.rejected))
        #expect(world.loadMeters[0].ok == UInt64(totals.succeeded))
    }

    @Test("when the fallback fails too, the first failure stands")
    func fallbackFails() throws {
        var system = system(try .init(source: .service), errors: 1)
        system.plan.services[1].invalid = 1
        let world = system.runDry(after: .seconds(1)).world
        #expect(world.loadMeters[0].count(.error) == 100)
        #expect(world.fallback(edge: 0, stage: 0)?.totals.failed == 100)
    }

    @Test("the last good answer stands in for keys that had one")
    func lastGoodAnswer() throws {
        var system = system(try .init(source: .cache))
        system.plan.loads[0].keys = .uniform(5)
        let fault = TimedAction(at: .after(.seconds(5) + .microseconds(1)), .inject(FaultPlan(.error, on: .service(0))))
        let world = system.runDry(after: .seconds(10), [fault]).world
        #expect(world.loadMeters[0].ok == 1_000)
        #expect(world.fallback(edge: 0, stage: 0)?.totals.succeeded == 500)
    }
}
