import Resilience
import Timeline

/// The chapter of trying again, and of the budgets that bound it. A call that succeeds at once costs next to nothing
/// here.
struct RetryHost: Sendable {
    private struct Guard {
        var policy: RetryPolicy
        var draws: RandomStream
        var totals = RetryTotals()
        /// The budget of its edge; -1 for none.
        var budget: Int
    }

    private var guards: [Guard] = []
    private var budgets: [RetryBudget] = []
    /// What failed calls remember between their attempts.
    private var memories = Memories<Memory>()

    private struct Memory {
        var state: RetryState
        var permit: RetryBudget.Permit?
    }

    /// What becomes of a call whose attempt has ended.
    enum Decision {
        case outward
        case again(after: Duration)
        case givesUp(RetryPolicy.Reason)
    }

    /// A budget for all retries and hedges of an edge.
    mutating func addBudget(_ settings: RetryBudget.Settings) -> Int {
        budgets.append(RetryBudget(settings))
        return budgets.count - 1
    }

    mutating func add(_ policy: RetryPolicy, seed: UInt64, name: String, budget: Int?) -> UInt16 {
        guards.append(
            Guard(
                policy: policy, draws: RandomStream(seed: seed, name: name, purpose: "jitter"), budget: budget ?? -1))
        return UInt16(guards.count - 1)
    }

    mutating func change(_ index: Int, to policy: RetryPolicy) {
        guards[index].policy = policy
    }

    /// Lets a retry go by another budget from now on, or by none; permits of the one before are forgotten with it.
    mutating func use(budget: Int?, in index: Int) { guards[index].budget = budget ?? -1 }

    mutating func changeBudget(_ index: Int, to settings: RetryBudget.Settings) {
        if budgets[index].settings != settings { budgets[index].changeSettings(settings) }
    }

    /// A call makes its first attempt.
    mutating func begin(_ index: Int, at now: Instant) {
        let budget = guards[index].budget
        if budget >= 0 { budgets[budget].callBegan(at: now) }
    }

    /// An attempt has ended. `token` is 0 while the call has not failed yet, and is updated.
    /// - Parameter began: when the first attempt began, if this was it.
    mutating func tell(
        _ index: Int, _ outcome: Outcome, retryAfter: Duration, began: Instant, token: inout UInt32, at now: Instant
    ) -> Decision {
        var memory = token == 0 ? Memory(state: RetryState(startedAt: began)) : memories[token]
        guard case .failed(let failure) = outcome else {
            guards[index].totals.countSuccess(memory.state)
            end(index, .success, memory)
            forget(&token)
            return .outward
        }
        let decision = decide(index, failure.kind, retryAfter > .zero ? retryAfter : nil, &memory, now)
        guards[index].totals.count(decision)
        switch decision {
        case .retry(let delay):
            remember(&token, memory)
            return .again(after: delay)
        case .giveUp(let reason):
            endCall(guards[index].budget)
            forget(&token)
            return .givesUp(reason)
        }
    }

    /// A call is given up from outside, whatever it was doing.
    mutating func abandon(_ index: Int, token: inout UInt32) {
        let memory = token == 0 ? nil : memories[token]
        end(index, .ignored, memory ?? Memory(state: RetryState(startedAt: .zero)))
        forget(&token)
    }

    private mutating func decide(
        _ index: Int, _ failure: FailureKind, _ retryAfter: Duration?, _ memory: inout Memory, _ now: Instant
    ) -> RetryPolicy.Decision {
        let budget = guards[index].budget
        guard budget >= 0 else {
            return guards[index].policy.next(
                after: failure, state: &memory.state, retryAfter: retryAfter, at: now, using: &guards[index].draws)
        }
        return guards[index].policy.next(
            after: failure, state: &memory.state, retryAfter: retryAfter, at: now, budget: &budgets[budget],
            permit: &memory.permit, using: &guards[index].draws)
    }

    private mutating func end(_ index: Int, _ outcome: CircuitBreaker.Outcome, _ memory: Memory) {
        let budget = guards[index].budget
        guard budget >= 0 else { return }
        budgets[budget].attemptEnded(outcome, permit: memory.permit)
        budgets[budget].callEnded()
    }

    private mutating func endCall(_ budget: Int) {
        if budget >= 0 { budgets[budget].callEnded() }
    }

    func policy(_ index: Int) -> RetryPolicy { guards[index].policy }

    func totals(_ index: Int) -> RetryTotals { guards[index].totals }

    func budget(_ index: Int) -> RetryBudget { budgets[index] }

    private mutating func remember(_ token: inout UInt32, _ memory: Memory) {
        if token == 0 { token = memories.keep(memory) } else { memories[token] = memory }
    }

    private mutating func forget(_ token: inout UInt32) {
        _ = memories.take(token)
        token = 0
    }
}

extension RetryHost {
    // The permits of hedges, which share the budget of their edge.

    /// A permit for one hedge; nil if there is no budget for it.
    mutating func permitHedge(_ budget: Int, at now: Instant) -> RetryBudget.Permit? {
        budgets[budget].withdraw(at: now)
    }

    /// A hedge has ended, or a call's first attempt if there is no permit.
    mutating func hedgeEnded(_ budget: Int, _ outcome: CircuitBreaker.Outcome, permit: RetryBudget.Permit?) {
        budgets[budget].attemptEnded(outcome, permit: permit)
    }

    /// A hedged call has begun or ended.
    mutating func hedgedCallBegan(_ budget: Int, at now: Instant) { budgets[budget].callBegan(at: now) }

    mutating func hedgedCallEnded(_ budget: Int) { budgets[budget].callEnded() }
}

extension RetryHost {
    func mix(into digest: inout Digest) {
        for var each in guards { digest.mix(each.draws.next(), UInt64(each.totals.retries)) }
        for token in memories.tokens {
            let state = memories[token].state
            digest.mix(UInt64(state.attempt), UInt64(bitPattern: state.startedAt.nanoseconds))
        }
        for budget in budgets { digest.mix(UInt64(budget.callsInFlight), UInt64(budget.totals.granted)) }
    }
}
