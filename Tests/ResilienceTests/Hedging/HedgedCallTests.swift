import Resilience
import Testing
import Timeline

/// Vectors: failsafe-go hedgepolicy_test and budget_test (FG), Polly HedgingResilienceStrategyTests (PO), resilience4j
/// HedgeImplFutureBehaviorsTest (R4J).
@Suite("Hedged calls")
struct HedgedCallTests {
    private func policy(
        _ delay: HedgePolicy.Delay, _ maxHedges: Int = 1, settling: FailureKinds = .final
    ) throws -> HedgePolicy {
        try HedgePolicy(delay: delay, maxHedges: maxHedges, settling: settling)
    }

    private let tenMilliseconds = HedgePolicy.Delay.fixed(.milliseconds(10))

    @Test("FG: no hedge before the delay is over")
    func fast() throws {
        let script = HedgeScript(try policy(.fixed(.seconds(1))), .success(5))
        #expect(script.launched == [0])
        #expect(script.winner == 0 && script.failure == nil && script.settledAt == 5)
    }

    @Test("FG: a slow first attempt brings two hedges, and may still win")
    func slow() throws {
        let policy = try policy(tenMilliseconds, 2)
        let script = HedgeScript(policy, .success(100))
        #expect(script.launched == [0, 10, 20])
        #expect(script.winner == 0 && script.settledAt == 100)
        #expect(script.calledOff == [1, 2])
        let hedged = HedgeScript(policy, .success(100), .success(5))
        #expect(hedged.launched == [0, 10])
        #expect(hedged.winner == 1 && hedged.settledAt == 15 && hedged.calledOff == [0])
    }

    @Test("FG, PO: a delay of zero makes all attempts at once")
    func zero() throws {
        let script = HedgeScript(try policy(.fixed(.zero), 2), .success(9), .success(9), .success(3))
        #expect(script.launched == [0, 0, 0])
        #expect(script.winner == 2 && script.calledOff == [0, 1])
    }

    @Test("FG: without hedging the first attempt's result counts, whatever it is")
    func never() throws {
        for attempt in [HedgeScript.Attempt.success(50), .failure(50)] {
            let script = HedgeScript(try policy(.never, 2), attempt)
            #expect(script.launched == [0])
            #expect(script.winner == 0 && script.settledAt == 50)
        }
    }

    @Test("FG: no hedges before enough is known of the usual time")
    func warmUp() throws {
        let policy = try policy(.observed(), 2)
        for attempt in [HedgeScript.Attempt.success(500), .failure(500)] {
            #expect(HedgeScript(policy, observed: nil, attempt).launched == [0])
        }
        let script = HedgeScript(policy, observed: .milliseconds(5), .success(200), .success(0))
        #expect(script.launched == [0, 5])
        #expect(script.winner == 1)
    }

    @Test("FG: the third and fourth hedge may fail while the first attempt's success is waited for")
    func laterHedgesFail() throws {
        let script = HedgeScript(
            try policy(tenMilliseconds, 4), .success(100), .success(100), .success(100), .failure(0))
        #expect(script.launched.count == 5)
        #expect(script.winner == 0 && script.settledAt == 100)
        #expect(script.calledOff == [1, 2])
    }

    @Test("PO: a negative delay never has two attempts at the same time")
    func sequential() throws {
        let script = HedgeScript(try policy(.afterFailure, 3), .failure(50), .failure(50), .success(50))
        #expect(script.launched == [0, 50, 100])
        #expect(script.mostRunning == 1)
        #expect(script.winner == 2 && script.settledAt == 150)
    }

    @Test("PO: a failure brings the next attempt forward, and the delay begins anew")
    func failureBringsForward() throws {
        let script = HedgeScript(try policy(tenMilliseconds, 3), .failure(4), .success(100))
        #expect(script.launched == [0, 4, 14, 24])
        #expect(script.winner == 1 && script.settledAt == 104)
    }

    @Test("PO: when all attempts fail the call fails like its first")
    func allFail() throws {
        let script = HedgeScript(
            try policy(tenMilliseconds, 3), .failure(1, .network), .failure(1, .timeout), .failure(1, .server))
        #expect(script.launched.count == 4)
        #expect(script.winner == 0 && script.failure == .network)
        let late = HedgeScript(try policy(tenMilliseconds), .failure(50, .timeout), .failure(1, .server))
        #expect(late.winner == 0 && late.failure == .timeout && late.settledAt == 50)
    }

    @Test("PO: a failure that another attempt cannot help ends the call, and calls the others off")
    func settlingFailure() throws {
        let first = HedgeScript(try policy(tenMilliseconds, 3), .failure(1, .client))
        #expect(first.launched == [0])
        #expect(first.winner == 0 && first.failure == .client)
        let third = HedgeScript(
            try policy(tenMilliseconds, 3), .failure(1), .failure(1), .failure(1, .client))
        #expect(third.launched.count == 3)
        #expect(third.winner == 2 && third.failure == .client)
    }

    @Test(
        "R4J: with a delay of 50 ms the first result counts, whatever it is",
        arguments: [
            (.success(200), .success(10), 1, nil), (.success(200), .failure(10, .network), 1, .network),
            (.failure(200), .success(10), 1, nil), (.failure(200), .failure(10, .network), 1, .network),
            (.success(200), .success(200), 0, nil), (.success(200), .failure(200), 0, nil),
            (.failure(200), .success(200), 0, .server), (.failure(200), .failure(200), 0, .server),
            (.failure(10), .success(10), 0, .server), (.success(10), .success(10), 0, nil),
        ] as [(HedgeScript.Attempt, HedgeScript.Attempt, Int, FailureKind?)])
    func firstResult(
        _ primary: HedgeScript.Attempt, _ hedge: HedgeScript.Attempt, _ winner: Int, _ failure: FailureKind?
    ) throws {
        let script = HedgeScript(try policy(.fixed(.milliseconds(50)), settling: .all), primary, hedge)
        #expect(script.winner == winner)
        #expect(script.failure == failure)
    }

    @Test("FG budget_test: when the budget is exceeded there are no more hedges, and the first attempt counts")
    func noBudget() throws {
        let none = HedgeScript(try policy(tenMilliseconds, 3), refusing: 0, .success(100), .success(0))
        #expect(none.launched == [0])
        #expect(none.winner == 0 && none.settledAt == 100)
        #expect(none.totals.refused == 1 && none.totals.hedges == 0)
        let one = HedgeScript(try policy(tenMilliseconds, 3), refusing: 1, .failure(1), .failure(1))
        #expect(one.launched == [0, 1])
        #expect(one.winner == 0 && one.failure == .server)
        let atOnce = HedgeScript(try policy(.fixed(.zero), 3), refusing: 1, .success(9), .success(9))
        #expect(atOnce.launched == [0, 0])
        #expect(atOnce.totals.refused == 2)
    }

    @Test("a timer that fires before the next hedge is due launches none")
    func staleTimer() throws {
        let policy = try policy(tenMilliseconds, 2)
        var call = HedgedCall()
        let due = Instant.after(.milliseconds(10))
        #expect(call.begin(policy, at: .zero) == .launch(0..<1, nextHedge: due))
        #expect(call.timer(policy, at: .after(.milliseconds(9))) == .wait(nextHedge: due))
        #expect(call.timer(policy, at: .after(.seconds(-9))) == .wait(nextHedge: due))
        #expect(call.timer(policy, at: due) == .launch(1..<2, nextHedge: .after(.milliseconds(20))))
    }

    @Test("what is reported twice, or after the end, or was never launched is late")
    func late() throws {
        let policy = try policy(tenMilliseconds, 2)
        var call = HedgedCall()
        #expect(call.ended(0, failure: nil, policy, at: .zero) == .late)
        _ = call.begin(policy, at: .zero)
        #expect(call.begin(policy, at: .zero) == .late)
        #expect(call.refused(0) == .late)
        #expect(call.ended(5, failure: nil, policy, at: .zero) == .late)
        #expect(call.ended(-1, failure: nil, policy, at: .zero) == .late)
        #expect(call.ended(0, failure: nil, policy, at: .zero) == .settle(winner: 0, failure: nil))
        #expect(call.ended(0, failure: nil, policy, at: .zero) == .late)
        #expect(call.timer(policy, at: .after(.seconds(9))) == .late)
    }

    @Test("totals tell who won and what it took")
    func totals() throws {
        let policy = try policy(tenMilliseconds, 2)
        #expect(HedgeScript(policy, .success(1)).totals.wonByPrimary == 1)
        let hedged = HedgeScript(policy, .success(100), .success(1)).totals
        #expect(hedged.calls == 1 && hedged.hedges == 1 && hedged.wonByHedge == 1)
        let failed = HedgeScript(policy, .failure(1)).totals
        #expect(failed.hedges == 2 && failed.failed == 1)
    }

    @Test("a call is 16 bytes")
    func size() {
        #expect(MemoryLayout<HedgedCall>.stride == 16)
    }
}
