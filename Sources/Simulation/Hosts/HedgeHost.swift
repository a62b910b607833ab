import Resilience
import Timeline

/// The chapter of further attempts that are made while the first still runs.
struct HedgeHost: Sendable {
    private struct Guard {
        var plan: HedgePlan
        var window: WindowedQuantile
        var average: RecentAverage
        var totals = HedgeTotals()

        /// What a call usually takes; nil while too few are known.
        var observed: Duration? {
            switch plan.observes {
            case .quantile(let share): window.count >= HedgePlan.leastSamples ? window.quantile(share) : nil
            case .mean: average.mean(ofAtLeast: HedgePlan.leastSamples)
            }
        }

        mutating func observe(_ took: Duration, at now: Instant) {
            switch plan.observes {
            case .quantile: window.record(took, at: now)
            case .mean: average.record(took)
            }
        }
    }

    private var guards: [Guard] = []
    private var calls = Memories<HedgedCall>()
    /// The permits of each call's hedges, in ``attempts`` places each; empty as long as no edge has a budget.
    private var permits: [RetryBudget.Permit?] = []

    /// How many attempts a call can have.
    private static var attempts: Int { 1 + HedgePolicy.mostHedges }

    mutating func add(_ plan: HedgePlan) -> UInt16 {
        guards.append(Guard(plan: plan, window: plan.window, average: plan.average))
        return UInt16(guards.count - 1)
    }

    mutating func change(_ index: Int, to plan: HedgePlan) {
        guards[index].plan = plan
    }

    func totals(_ index: Int) -> HedgeTotals { guards[index].totals }

    func plan(_ index: Int) -> HedgePlan { guards[index].plan }

    /// How long a call waits before it is hedged; nil if no length of time leads to a hedge.
    func delay(_ index: Int) -> Duration? { guards[index].plan.policy.delay(observed: guards[index].observed) }

    /// A call begins; the token stands for it until it has ended.
    mutating func begin(_ index: Int, at now: Instant) -> (token: UInt32, HedgedCall.Decision) {
        let token = calls.keep(HedgedCall())
        return (token, decide(index, token) { $0.begin($1, observed: $2, at: now) })
    }

    /// The next hedge of a call is due.
    mutating func timer(_ index: Int, token: UInt32, at now: Instant) -> HedgedCall.Decision {
        decide(index, token) { $0.timer($1, observed: $2, at: now) }
    }

    /// An attempt of a call has ended.
    mutating func ended(
        _ index: Int, token: UInt32, attempt: Int, _ outcome: Outcome, took: Duration, at now: Instant
    ) -> HedgedCall.Decision {
        let failure = outcome.failureKind
        if attempt == 0, failure == nil { guards[index].observe(took, at: now) }
        return decide(index, token) { $0.ended(attempt, failure: failure, $1, observed: $2, at: now) }
    }

    /// A hedge could not be made for want of a budget.
    mutating func refused(_ index: Int, token: UInt32, attempt: Int) -> HedgedCall.Decision {
        guards[index].totals.countRefusal()
        return decide(index, token) { call, _, _ in call.refused(attempt) }
    }

    /// Keeps the permit of an attempt.
    mutating func keep(_ permit: RetryBudget.Permit, token: UInt32, attempt: Int) {
        let missing = calls.tokens.count * Self.attempts - permits.count
        if missing > 0 { permits += repeatElement(nil, count: missing) }
        permits[Int(token - 1) * Self.attempts + attempt] = permit
    }

    /// Takes the permit of an attempt, if it has one.
    mutating func takePermit(token: UInt32, attempt: Int) -> RetryBudget.Permit? {
        let place = Int(token - 1) * Self.attempts + attempt
        guard place < permits.count else { return nil }
        defer { permits[place] = nil }
        return permits[place]
    }

    /// A call has ended.
    mutating func close(token: UInt32) {
        _ = calls.take(token)
    }

    private mutating func decide(
        _ index: Int, _ token: UInt32, _ ask: (inout HedgedCall, HedgePolicy, Duration?) -> HedgedCall.Decision
    ) -> HedgedCall.Decision {
        let decision = ask(&calls[token], guards[index].plan.policy, guards[index].observed)
        guards[index].totals.count(decision)
        return decision
    }
}

extension HedgeHost {
    func mix(into digest: inout Digest) {
        for each in guards { digest.mix(UInt64(each.totals.hedges), UInt64(each.totals.wonByHedge)) }
    }
}
