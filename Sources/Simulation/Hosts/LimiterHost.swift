import Resilience
import Timeline

/// The chapter of the rate limiters. A guard is one limiter, or one for each tenant.
struct LimiterHost: Sendable {
    private struct Guard {
        var plan: LimiterPlan
        /// Its limiters stand from here on.
        var first: Int
        var count: Int
    }

    private var guards: [Guard] = []
    private var limiters: [RateLimiter] = []
    /// When the permits of calls under way are or were due, as far as they may come back.
    private var permits = Memories<Instant>()

    /// A guard of so many limiters.
    mutating func add(_ plan: LimiterPlan, parts: Int) -> UInt16 {
        guards.append(Guard(plan: plan, first: limiters.count, count: parts))
        limiters += repeatElement(RateLimiter(plan.settings), count: parts)
        return UInt16(guards.count - 1)
    }

    /// For what a guard has one limiter each.
    func scope(_ index: Int) -> LimiterPlan.Scope { guards[index].plan.scope }

    /// How many limiters a guard has.
    func parts(_ index: Int) -> Int { guards[index].count }

    /// One of a guard's limiters.
    func limiter(_ index: Int, part: Int) -> RateLimiter { limiters[guards[index].first + part] }

    /// The calls that all limiters of a guard refused.
    func rejected(_ index: Int) -> Int {
        let guarded = guards[index]
        return limiters[guarded.first..<(guarded.first + guarded.count)].reduce(0) { $0 + $1.totals.rejected }
    }

    /// May this call pass? It reserves no permit that is due when its caller has stopped waiting.
    mutating func ask(_ index: Int, part: Int, deadline: Instant, at now: Instant) -> Verdict {
        let plan = guards[index].plan
        let patience = min(plan.wait, deadline - now)
        switch limiters[guards[index].first + part].acquire(at: now, maxWait: patience) {
        case .granted(after: .zero):
            return .pass(token: plan.givesBack ? permits.keep(now) : 0)
        case .granted(let wait):
            return .delay(wait, token: permits.keep(now + wait))
        case .rejected(let retryAfter):
            return .reject(.rateLimited, retryAfter: retryAfter == .maximum ? .zero : retryAfter)
        }
    }

    /// How a call that passed has ended. The limiter takes a permit back only as long as it is not past due.
    mutating func tell(_ index: Int, part: Int, _ outcome: Outcome, token: UInt32, at now: Instant) {
        guard let due = permits.take(token), guards[index].plan.givesBack, case .failed(let failure) = outcome,
            failure.isLocal
        else { return }
        limiters[guards[index].first + part].giveBack(due: due, at: now)
    }

    /// A call that waits for its permit to be due waits no longer.
    mutating func withdraw(_ index: Int, part: Int, token: UInt32, at now: Instant) {
        guard let due = permits.take(token) else { return }
        limiters[guards[index].first + part].giveBack(due: due, at: now)
    }

    mutating func change(_ index: Int, to plan: LimiterPlan, at now: Instant) {
        guard plan != guards[index].plan else { return }
        let settingsChange = plan.settings != guards[index].plan.settings
        guards[index].plan = plan
        guard settingsChange else { return }
        for place in guards[index].first..<(guards[index].first + guards[index].count) {
            limiters[place].changeSettings(plan.settings, at: now)
        }
    }
}

extension LimiterHost {
    func mix(into digest: inout Digest) {
        for limiter in limiters {
            digest.mix(UInt64(limiter.totals.permits), UInt64(limiter.totals.rejected))
            digest.mix(UInt64(limiter.totals.givenBack), UInt64(permits.count))
        }
    }
}
