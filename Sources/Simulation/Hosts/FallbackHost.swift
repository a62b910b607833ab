import Resilience
import Timeline

/// The chapter of what is answered instead of a failure.
struct FallbackHost: Sendable {
    private struct Guard {
        var fallback: Fallback
        var plan: FallbackPlan
        var kept: KeptAnswers
    }

    private var guards: [Guard] = []
    /// Those of the calls whose answer another service makes.
    private var permits = Memories<Fallback.Permit>()

    mutating func add(_ plan: FallbackPlan) -> UInt16 {
        guards.append(
            Guard(
                fallback: Fallback(plan.settings), plan: plan,
                kept: KeptAnswers(areUsed: plan.settings.source == .cache)))
        return UInt16(guards.count - 1)
    }

    mutating func change(_ index: Int, to plan: FallbackPlan) {
        guards[index].plan = plan
        guards[index].fallback.changeSettings(plan.settings)
    }

    /// A result has come back; `token` is set if another service is asked.
    mutating func tell(_ index: Int, _ outcome: Outcome, key: UInt64?, token: inout UInt32, at now: Instant)
        -> FallbackDecision
    {
        guard case .failed(let failure) = outcome else {
            if guards[index].plan.settings.source == .cache { guards[index].kept.keep(key, at: now) }
            return .stands
        }
        guard case .answer(let source, let permit) = guards[index].fallback.ask(for: failure.kind) else {
            return .stands
        }
        switch source {
        case .value:
            guards[index].fallback.ended(.success, permit: permit)
            return .answered
        case .cache:
            let isKept = guards[index].kept.answer(key, at: now)
            guards[index].fallback.ended(isKept ? .success : .failure, permit: permit)
            return isKept ? .answered : .stands
        case .service:
            guard let call = guards[index].plan.call else {
                guards[index].fallback.ended(.failure, permit: permit)
                return .stands
            }
            token = permits.keep(permit)
            return .asks(call)
        }
    }

    /// The other service has answered, or with `ignored` nobody waits for its answer any more.
    mutating func ended(_ index: Int, _ outcome: CircuitBreaker.Outcome, token: inout UInt32) {
        guard let permit = permits.take(token) else { return }
        guards[index].fallback.ended(outcome, permit: permit)
        token = 0
    }

    func fallback(_ index: Int) -> Fallback { guards[index].fallback }
}

extension FallbackHost {
    func mix(into digest: inout Digest) {
        for each in guards {
            digest.mix(UInt64(each.fallback.inFlight), UInt64(each.fallback.totals.succeeded))
            digest.mix(UInt64(each.kept.count))
        }
    }
}
