import Resilience
import Timeline

/// The chapter of trying again. A call that succeeds at once costs nothing here.
struct RetryHost: Sendable {
    private struct Guard {
        var policy: RetryPolicy
        var draws: RandomStream
        var retries: UInt64 = 0
        var exhausted: UInt64 = 0
    }

    private var guards: [Guard] = []
    /// What failed calls remember: how often they were tried, and how long they last waited.
    private var memories: [Memory] = []
    private var firstFree = UInt32.max

    private struct Memory {
        var attempts: UInt32
        var previous: Duration
        var nextFree: UInt32
    }

    /// What becomes of a call whose attempt has ended.
    enum Decision {
        case outward
        case again(after: Duration)
        case exhausted(attempts: UInt32)
    }

    /// A retry of an edge: its first, second, and so on.
    mutating func add(_ policy: RetryPolicy, seed: UInt64, name: String, ordinal: Int) -> UInt16 {
        let name = ordinal == 1 ? name : "\(name) \(ordinal)"
        guards.append(Guard(policy: policy, draws: RandomStream(seed: seed, name: name, purpose: "jitter")))
        return UInt16(guards.count - 1)
    }

    mutating func change(_ index: Int, to policy: RetryPolicy) {
        guards[index].policy = policy
    }

    /// An attempt has ended. `token` is 0 while the call has not failed yet, and is updated.
    mutating func tell(_ index: Int, _ outcome: Outcome, retryAfter: Duration, token: inout UInt32) -> Decision {
        guard case .failed(let failure) = outcome, failure != .voided, failure != .cancelled else {
            forget(&token)
            return .outward
        }
        let (attempt, previous) = token == 0 ? (1, Duration.zero) : recall(token)
        guard
            let delay = guards[index].policy.next(
                afterAttempt: Int(attempt), previous: previous, retryAfter: retryAfter, using: &guards[index].draws)
        else {
            forget(&token)
            guards[index].exhausted += 1
            return .exhausted(attempts: attempt)
        }
        guards[index].retries += 1
        remember(&token, attempts: attempt + 1, previous: delay)
        return .again(after: delay)
    }

    func policy(_ index: Int) -> RetryPolicy { guards[index].policy }

    func retries(_ index: Int) -> UInt64 { guards[index].retries }

    func exhausted(_ index: Int) -> UInt64 { guards[index].exhausted }

    private func recall(_ token: UInt32) -> (UInt32, Duration) {
        let memory = memories[Int(token) - 1]
        return (memory.attempts, memory.previous)
    }

    private mutating func remember(_ token: inout UInt32, attempts: UInt32, previous: Duration) {
        let memory = Memory(attempts: attempts, previous: previous, nextFree: .max)
        if token != 0 {
            memories[Int(token) - 1] = memory
        } else if firstFree != .max {
            token = firstFree + 1
            firstFree = memories[Int(token) - 1].nextFree
            memories[Int(token) - 1] = memory
        } else {
            memories.append(memory)
            token = UInt32(memories.count)
        }
    }

    private mutating func forget(_ token: inout UInt32) {
        guard token != 0 else { return }
        memories[Int(token) - 1].nextFree = firstFree
        firstFree = token - 1
        token = 0
    }
}

extension RetryHost {
    func mix(into digest: inout Digest) {
        for var each in guards { digest.mix(each.draws.next(), each.retries) }
        for memory in memories { digest.mix(UInt64(memory.attempts), UInt64(bitPattern: memory.previous.nanoseconds)) }
    }
}
