import Resilience
import Testing
import Timeline

@Suite("Retry budgets")
struct RetryBudgetTests {
    private func budget(_ kind: RetryBudget.Kind) throws -> RetryBudget {
        RetryBudget(try RetryBudget.Settings(kind))
    }

    /// Reports a failed first attempt and asks for a retry.
    private func failAndAsk(_ budget: inout RetryBudget) -> Bool {
        budget.attemptEnded(.failure, permit: nil)
        return budget.withdraw(after: .server, at: .zero) != nil
    }

    @Test("gRPC retry_throttle_test, Basic: more than half of the tokens must be there")
    func throttle() throws {
        var budget = try budget(.throttle(maxTokens: 4, tokenRatio: 1.6))
        let steps: [(success: Bool, tokens: Double, retries: Bool)] = [
            (false, 3, true), (true, 4, false), (false, 3, true), (false, 2, false), (false, 1, false),
            (false, 0, false), (false, 0, false), (true, 1.6, false), (true, 3.2, false), (false, 2.2, true),
            (false, 1.2, false), (true, 2.8, false), (false, 1.8, false), (true, 3.4, false), (false, 2.4, true),
        ]
        for (step, expected) in steps.enumerated() {
            if expected.success {
                budget.attemptEnded(.success, permit: nil)
            } else {
                #expect(failAndAsk(&budget) == expected.retries, "step \(step)")
            }
            #expect(budget.balance(at: .zero) == expected.tokens, "step \(step)")
        }
    }

    @Test("gRPC retry_throttle_test, Replacement: new settings keep the share of tokens that is there")
    func throttleReplacement() throws {
        var budget = try budget(.throttle(maxTokens: 4, tokenRatio: 1))
        #expect(failAndAsk(&budget))
        budget.changeSettings(try .init(.throttle(maxTokens: 10, tokenRatio: 3)))
        #expect(budget.balance(at: .zero) == 7.5)
        #expect(failAndAsk(&budget))
        #expect(failAndAsk(&budget))
        #expect(!failAndAsk(&budget))
        #expect(!failAndAsk(&budget))
        budget.attemptEnded(.success, permit: nil)
        #expect(budget.balance(at: .zero) == 6.5)
        #expect(failAndAsk(&budget))
        #expect(!failAndAsk(&budget))
    }

    @Test("botocore test_standard, TestRetryQuotaChecker: what a retry costs comes back when it succeeds")
    func quota() throws {
        // The costs of the present SDK: 14, and 5 after throttling.
        let costs = RetryBudget.Costs(14, after: .rateLimit, 5)
        let settings = try RetryBudget.Settings(.quota(costs: costs))
        for (kind, left) in [(FailureKind.rateLimit, 495.0), (.server, 486), (.timeout, 486)] {
            var budget = RetryBudget(settings)
            let permit = budget.withdraw(after: kind, at: .zero)
            #expect(permit != nil)
            #expect(budget.balance(at: .zero) == left)
            budget.attemptEnded(.success, permit: permit)
            #expect(budget.balance(at: .zero) == 500)
        }
        var budget = RetryBudget(settings)
        let permit = budget.withdraw(after: .server, at: .zero)
        budget.attemptEnded(.failure, permit: permit)
        #expect(budget.balance(at: .zero) == 486)
        // A success without a retry brings one; a failure without a retry nothing.
        budget.attemptEnded(.success, permit: nil)
        #expect(budget.balance(at: .zero) == 487)
        budget.attemptEnded(.failure, permit: nil)
        #expect(budget.balance(at: .zero) == 487)
    }

    @Test("botocore test_standard: without enough units there is no retry")
    func quotaEnds() throws {
        var budget = try budget(.quota(capacity: 14, costs: .init(14)))
        #expect(budget.withdraw(after: .server, at: .zero) != nil)
        #expect(budget.withdraw(after: .server, at: .zero) == nil)
        var empty = try self.budget(.quota(capacity: 0))
        #expect(empty.withdraw(after: .server, at: .zero) == nil)
    }

    @Test("the older costs: 5, and 10 after a timeout; a hedge costs the usual")
    func olderCosts() throws {
        var budget = try budget(.quota())
        _ = budget.withdraw(after: .server, at: .zero)
        #expect(budget.balance(at: .zero) == 495)
        _ = budget.withdraw(after: .timeout, at: .zero)
        #expect(budget.balance(at: .zero) == 485)
        _ = budget.withdraw(at: .zero)
        #expect(budget.balance(at: .zero) == 480)
    }

    @Test("FG budget_test: acquire and release")
    func inFlight() throws {
        var budget = try budget(.inFlight(maxRate: 0.5, minConcurrency: 1))
        #expect(budget.extraShare == 0)
        // One call and one retry are under way: two attempts, half of them a retry.
        budget.callBegan(at: .zero)
        _ = budget.withdraw(at: .zero)
        let permit = budget.withdraw(at: .zero)
        #expect(permit != nil)
        #expect(budget.withdraw(at: .zero) == nil)
        budget.attemptEnded(.success, permit: permit)
        #expect(budget.withdraw(at: .zero) != nil)
        #expect(budget.withdraw(at: .zero) == nil)
    }

    @Test("FG budget_test: below the minimum the share does not matter")
    func minimum() throws {
        var budget = try budget(.inFlight(maxRate: 0.5, minConcurrency: 2))
        #expect(budget.withdraw(at: .zero) != nil)
        #expect(budget.extraShare == 1)
        #expect(budget.withdraw(at: .zero) != nil)
        #expect(budget.withdraw(at: .zero) == nil)
    }

    @Test("FG budget_test: retries or hedges not exceeded, and exceeded by those of other calls")
    func exceeded() throws {
        var budget = try budget(.inFlight(maxRate: 0.5, minConcurrency: 1))
        budget.callBegan(at: .zero)
        _ = budget.withdraw(at: .zero)
        budget.callBegan(at: .zero)
        #expect(budget.withdraw(at: .zero) != nil)
        budget.callEnded()
        #expect(budget.extraShare > 0.5)
        #expect(budget.withdraw(at: .zero) == nil)
        #expect(budget.totals.calls == 2)
        #expect(budget.totals.granted == 2)
        #expect(budget.totals.refused == 1)
    }

    @Test("Envoy: a rate of zero is a plain limit, by default of three")
    func plainLimit() throws {
        var budget = try budget(.inFlight(maxRate: 0))
        for _ in 0..<100 { budget.callBegan(at: .zero) }
        #expect((0..<5).map { _ in budget.withdraw(at: .zero) != nil } == [true, true, true, false, false])
    }

    @Test(
        "Finagle RetryBudgetTest: a share of the calls and a reserve",
        arguments: [
            (60, 0, 0.1), (60, 0, 0.5), (60, 0, 0.25), (60, 0, 0.75), (60, 0, 0.99), (60, 0, 0.999), (60, 0, 0.9999),
            (60, 0, 0.01), (60, 0, 0.001), (60, 0, 0.0001), (1, 10, 0), (2, 5, 0), (1, 10, 0.1), (2, 5, 0.5),
            (60, 0, 0),
        ])
    func window(_ seconds: Int64, _ perSecond: Double, _ share: Double) throws {
        var budget = try budget(.window(.seconds(seconds), share: share, minPerSecond: perSecond))
        let reserve = Double(seconds) * perSecond
        #expect(budget.balance(at: .zero) == reserve)
        if reserve == 0 { #expect(budget.withdraw(at: .zero) == nil) }
        var retried = 0
        for _ in 0..<10_000 {
            budget.callBegan(at: .zero)
            if budget.withdraw(at: .zero) != nil {
                retried += 1
            } else {
                #expect(budget.balance(at: .zero) == 0)
            }
        }
        #expect(retried == Int((10_000 * share).rounded()) + Int(reserve))
    }

    @Test("Finagle RetryBudgetTest: a share above 1 gives several retries a call")
    func generous() throws {
        var budget = try budget(.window(.seconds(60), share: 2, minPerSecond: 0))
        for _ in 0..<10_000 { budget.callBegan(at: .zero) }
        #expect(budget.balance(at: .zero) == 20_000)
    }

    @Test("tower tps_budget: deposits expire in tenths of the window, the reserve does not")
    func expiry() throws {
        func after(_ milliseconds: Int64) -> Instant { .after(.milliseconds(milliseconds)) }
        var leaky = try budget(.window(.seconds(1), share: 1, minPerSecond: 0))
        leaky.callBegan(at: .zero)
        #expect(leaky.withdraw(at: after(3_000)) == nil)

        var slots = try budget(.window(.seconds(1), share: 0.5, minPerSecond: 0))
        slots.callBegan(at: .zero)
        slots.callBegan(at: .zero)
        #expect(slots.withdraw(at: after(901)) != nil)
        slots.callBegan(at: after(2_902))
        slots.callBegan(at: after(3_203))
        slots.callBegan(at: after(4_004))
        // The first has expired; the other two make one retry.
        #expect(slots.withdraw(at: after(4_004)) != nil)
        #expect(slots.withdraw(at: after(4_004)) == nil)

        var reserve = try budget(.window(.seconds(1), share: 1, minPerSecond: 5))
        #expect((0..<6).map { _ in reserve.withdraw(at: .zero) != nil } == [true, true, true, true, true, false])
        #expect(reserve.balance(at: after(1_000)) == 5)
    }

    @Test("a permit comes back once, however often it is handed back")
    func once() throws {
        var budget = try budget(.inFlight(maxRate: 0, minConcurrency: 2))
        let permits = (0..<2).compactMap { _ in budget.withdraw(at: .zero) }
        for _ in 0..<3 { budget.attemptEnded(.success, permit: permits[0]) }
        #expect(budget.extrasInFlight == 1)
        #expect(budget.totals.returned == 1)
        #expect(budget.withdraw(at: .zero) != nil)
        // The place has been taken again; the old permit does not free it.
        budget.attemptEnded(.success, permit: permits[0])
        #expect(budget.extrasInFlight == 2)
        budget.callEnded()
        #expect(budget.callsInFlight == 0)
    }

    @Test("a policy tells the budget of a retryable failure, hands the permit back and takes the next")
    func withPolicy() throws {
        let policy = try RetryPolicy(attempts: 4, backoff: .constant(.seconds(1)), jitter: .none)
        var random = RandomStream(seed: 1, name: "retry", purpose: "jitter")
        var budget = try budget(.throttle(maxTokens: 6, tokenRatio: 1))
        var state = RetryState(startedAt: .zero)
        var permit: RetryBudget.Permit?
        func fail(_ kind: FailureKind) -> RetryPolicy.Decision {
            policy.next(
                after: kind, state: &state, at: .zero, budget: &budget, permit: &permit, using: &random)
        }
        #expect(fail(.server) == .retry(after: .seconds(1)))
        #expect(permit != nil && budget.extrasInFlight == 1)
        #expect(fail(.timeout) == .retry(after: .seconds(1)))
        #expect(budget.extrasInFlight == 1)
        #expect(fail(.server) == .giveUp(.budgetExhausted))
        #expect(permit == nil && budget.extrasInFlight == 0)
        #expect(budget.balance(at: .zero) == 3)

        state = RetryState(startedAt: .zero)
        #expect(fail(.client) == .giveUp(.notRetryable(.client)))
        #expect(budget.balance(at: .zero) == 3)
        #expect(budget.totals.refused == 1)
    }

    @Test("an attempt that the policy refuses takes nothing from the budget")
    func refusedByPolicy() throws {
        let policy = try RetryPolicy(
            attempts: 2, backoff: .constant(.seconds(2)), jitter: .none, maxDuration: .seconds(1), overrun: .givesUp)
        var random = RandomStream(seed: 1, name: "retry", purpose: "jitter")
        var budget = try budget(.quota())
        var state = RetryState(startedAt: .zero)
        var permit: RetryBudget.Permit?
        let decision = policy.next(
            after: .server, state: &state, at: .zero, budget: &budget, permit: &permit, using: &random)
        #expect(decision == .giveUp(.outOfTime(elapsed: .zero)))
        #expect(budget.balance(at: .zero) == 500)
    }

    @Test("another kind starts full, and permits of the old one stay good")
    func otherKind() throws {
        var budget = try budget(.quota(capacity: 10))
        let permit = budget.withdraw(at: .zero)
        budget.changeSettings(try .init(.inFlight(maxRate: 0, minConcurrency: 1)))
        #expect(budget.withdraw(at: .zero) == nil)
        budget.attemptEnded(.success, permit: permit)
        #expect(budget.withdraw(at: .zero) != nil)
        budget.changeSettings(try .init(.quota(capacity: 20)))
        #expect(budget.balance(at: .zero) == 20)
    }

    @Test("settings out of range are refused by name")
    func refusals() {
        let refused: [(String, RetryBudget.Kind)] = [
            ("maxTokens", .throttle(maxTokens: 0)), ("maxTokens", .throttle(maxTokens: 1_001)),
            ("maxTokens", .throttle(maxTokens: .nan)), ("tokenRatio", .throttle(tokenRatio: 0)),
            ("tokenRatio", .throttle(tokenRatio: .infinity)), ("capacity", .quota(capacity: -1)),
            ("capacity", .quota(capacity: .max)), ("costs.usual", .quota(costs: .init(-1))),
            ("costs.special", .quota(costs: .init(1, after: .all, .max))), ("deposit", .quota(deposit: -1)),
            ("maxRate", .inFlight(maxRate: -0.1)), ("maxRate", .inFlight(maxRate: 1.1)),
            ("maxRate", .inFlight(maxRate: .nan)), ("minConcurrency", .inFlight(minConcurrency: -1)),
            ("window", .window(.zero)), ("window", .window(.seconds(61))), ("share", .window(share: -1)),
            ("share", .window(share: 1_001)), ("share", .window(share: .nan)),
            ("minPerSecond", .window(minPerSecond: -1)), ("minPerSecond", .window(minPerSecond: .infinity)),
        ]
        for (setting, kind) in refused {
            let error = #expect(throws: SettingError.self) { try RetryBudget.Settings(kind) }
            #expect(error?.setting == setting)
        }
        let error = #expect(throws: SettingError.self) { try RetryBudget.Settings(.inFlight(maxRate: 2)) }
        #expect(error?.description == "maxRate: 2.0 is out of range; allowed: 0.0 to 1.0")
    }
}
