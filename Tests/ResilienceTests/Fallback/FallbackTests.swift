import Resilience
import Testing
import Timeline

/// Vectors: Hystrix HystrixCommandTest (HY), failsafe-go fallback_test (FG).
@Suite("Fallback")
struct FallbackTests {
    private func fallback(
        _ source: Fallback.Source? = .value, limit: Int = 10, isEnabled: Bool = true
    ) throws -> Fallback {
        Fallback(try Fallback.Settings(source: source, limit: limit, isEnabled: isEnabled))
    }

    private func permit(_ decision: Fallback.Decision) -> Fallback.Permit? {
        guard case .answer(_, let permit) = decision else { return nil }
        return permit
    }

    /// Takes an answer that there must be.
    private func take(_ fallback: inout Fallback, _ failure: FailureKind = .server) throws -> Fallback.Permit {
        let decision = fallback.ask(for: failure)
        return try #require(permit(decision))
    }

    @Test(
        "FG with result, HY testExecutionFailureWithFallback: a failure is answered",
        arguments: Fallback.Source.allCases)
    func answers(_ source: Fallback.Source) throws {
        var fallback = try fallback(source)
        guard case .answer(source, let permit) = fallback.ask(for: .server) else {
            Issue.record("no answer")
            return
        }
        #expect(fallback.inFlight == 1)
        fallback.ended(.success, permit: permit)
        #expect(fallback.inFlight == 0 && fallback.totals.succeeded == 1)
    }

    @Test("HY testExecutionFailureWithFallbackFailure: an answer may fail in its turn")
    func fails() throws {
        var fallback = try fallback()
        for outcome in [CircuitBreaker.Outcome.failure, .ignored] {
            let permit = try take(&fallback, .timeout)
            fallback.ended(outcome, permit: permit)
        }
        #expect(fallback.totals.failed == 1 && fallback.totals.ignored == 1 && fallback.totals.succeeded == 0)
    }

    @Test("HY testFallbackSemaphore: the second answer at the same time finds a bulkhead of one full")
    func rejects() throws {
        var fallback = try fallback(limit: 1)
        let first = try take(&fallback)
        fallback.ended(.success, permit: first)
        let second = try take(&fallback)
        #expect(fallback.ask(for: .server) == .rejected)
        fallback.ended(.success, permit: second)
        #expect(fallback.totals.succeeded == 2 && fallback.totals.rejected == 1)
    }

    @Test("HY testExecutionFailureWithNoFallback, ...WithFallbackImplementedButDisabled: missing and disabled")
    func missingAndDisabled() throws {
        var missing = try fallback(nil)
        #expect(missing.ask(for: .server) == .missing)
        #expect(missing.totals.missing == 1)
        var disabled = try fallback(isEnabled: false)
        #expect(disabled.ask(for: .server) == .disabled)
        #expect(disabled.totals.disabled == 1)
    }

    @Test("HY testNotWrappedBadRequestWithFallback: a wrong request keeps its error; so do calls nobody waits for")
    func kinds() throws {
        var fallback = try fallback()
        for kind in FailureKind.allCases {
            let decision = fallback.ask(for: kind)
            if [.client, .cancelled, .expired].contains(kind) {
                #expect(decision == .notFor(kind))
            } else {
                #expect(permit(decision) != nil)
            }
        }
        #expect(fallback.totals.notFor == 3)
    }

    @Test("by default ten answers at the same time")
    func defaultLimit() throws {
        var fallback = Fallback(try Fallback.Settings(source: .cache))
        for _ in 0..<10 { _ = try take(&fallback) }
        #expect(fallback.ask(for: .server) == .rejected)
        var none = try self.fallback(limit: 0)
        #expect(none.ask(for: .server) == .rejected)
    }

    @Test("a lower limit lets what is under way end, and begins nothing before that")
    func lowerLimit() throws {
        var fallback = try fallback(limit: 3)
        let permits = (0..<3).compactMap { _ in permit(fallback.ask(for: .server)) }
        fallback.changeSettings(try Fallback.Settings(source: .value, limit: 1))
        for permit in permits {
            #expect(fallback.ask(for: .server) == .rejected)
            fallback.ended(.success, permit: permit)
        }
        _ = try take(&fallback)
    }

    @Test("never more answers than allowed, and each permit comes back once", .tags(.property))
    func randomTraffic() throws {
        for seed in UInt64(0)..<50 {
            var random = RandomStream(seed: seed, name: "fallback", purpose: "traffic")
            let limit = Int(random.below(5))
            var fallback = try fallback(limit: limit)
            var (out, spent): ([Fallback.Permit], [Fallback.Permit]) = ([], [])
            for _ in 0..<200 {
                if random.chance(0.5) {
                    let decision = fallback.ask(for: .server)
                    #expect((permit(decision) != nil) == (out.count < limit))
                    if let permit = permit(decision) { out.append(permit) }
                } else if let old = spent.last, random.chance(0.3) {
                    #expect(fallback.ended(.success, permit: old) == false)
                } else if !out.isEmpty {
                    let permit = out.remove(at: Int(random.below(UInt64(out.count))))
                    #expect(fallback.ended(.failure, permit: permit) == true)
                    spent.append(permit)
                }
                #expect(fallback.inFlight == out.count && fallback.inFlight <= limit)
                #expect(fallback.totals.failed == spent.count)
            }
        }
    }

    @Test("a negative limit is refused by name")
    func refusal() {
        let error = #expect(throws: SettingError.self) { try Fallback.Settings(source: .value, limit: -1) }
        #expect(error?.description == "limit: -1 is out of range; allowed: 0 or more")
    }
}
