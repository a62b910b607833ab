import Caching
import Resilience
import Timeline

/// The chapter of what is answered instead of a failure.
struct FallbackHost: Sendable {
    private struct Guard {
        var fallback: Fallback
        var plan: FallbackPlan
        /// For which keys a good answer was kept.
        var kept: LRUCache<UInt64, UInt8>
    }

    private var guards: [Guard] = []
    /// What calls remember whose answer another service makes.
    private var memories: [Memory] = []
    private var firstFree = UInt32.max

    private struct Memory {
        var permit: Fallback.Permit?
        var nextFree = UInt32.max
    }

    /// What becomes of a call whose result has come back.
    enum Decision {
        /// The result stands.
        case stands
        /// It is answered at once.
        case answered
        /// Another service is asked.
        case asks(CallPlan)
    }

    mutating func add(_ plan: FallbackPlan) -> UInt16 {
        guards.append(
            Guard(
                fallback: Fallback(plan.settings), plan: plan,
                kept: LRUCache(capacity: plan.settings.source == .cache ? FallbackPlan.keptAnswers : 0)))
        return UInt16(guards.count - 1)
    }

    mutating func change(_ index: Int, to plan: FallbackPlan) {
        guards[index].plan = plan
        guards[index].fallback.changeSettings(plan.settings)
    }

    /// A result has come back; `token` is set if another service is asked.
    mutating func tell(_ index: Int, _ outcome: Outcome, key: UInt64?, token: inout UInt32, at now: Instant) -> Decision
    {
        guard case .failed(let failure) = outcome else {
            if let key, guards[index].plan.settings.source == .cache { guards[index].kept.insert(key, 1, at: now) }
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
            var isKept = false
            if let key, case .hit = guards[index].kept.get(key, at: now) { isKept = true }
            guards[index].fallback.ended(isKept ? .success : .failure, permit: permit)
            return isKept ? .answered : .stands
        case .service:
            guard let call = guards[index].plan.call else { return .stands }
            remember(permit, &token)
            return .asks(call)
        }
    }

    /// The other service has answered, or with `ignored` nobody waits for its answer any more.
    mutating func ended(_ index: Int, _ outcome: CircuitBreaker.Outcome, token: inout UInt32) {
        guard token > 0, let permit = memories[Int(token) - 1].permit else { return }
        guards[index].fallback.ended(outcome, permit: permit)
        memories[Int(token) - 1] = Memory(permit: nil, nextFree: firstFree)
        firstFree = token - 1
        token = 0
    }

    func fallback(_ index: Int) -> Fallback { guards[index].fallback }

    private mutating func remember(_ permit: Fallback.Permit, _ token: inout UInt32) {
        guard firstFree != .max else {
            memories.append(Memory(permit: permit))
            token = UInt32(memories.count)
            return
        }
        token = firstFree + 1
        firstFree = memories[Int(token) - 1].nextFree
        memories[Int(token) - 1] = Memory(permit: permit)
    }
}

extension FallbackHost {
    func mix(into digest: inout Digest) {
        for each in guards {
            digest.mix(UInt64(each.fallback.inFlight), UInt64(each.fallback.totals.succeeded))
            digest.mix(UInt64(each.kept.count))
        }
    }
}
