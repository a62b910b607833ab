import Resilience
import Timeline

/// The chapter of the callers who hold calls back themselves while many of them are turned away.
struct ThrottleHost: Sendable {
    private struct Guard {
        var throttle: AdaptiveThrottle
        var draws: RandomStream

        mutating func ask(at now: Instant) -> AdaptiveThrottle.Answer { throttle.ask(at: now, using: &draws) }
    }

    private var guards: [Guard] = []

    mutating func add(_ settings: AdaptiveThrottle.Settings, seed: UInt64, name: String) -> UInt16 {
        guards.append(
            Guard(
                throttle: AdaptiveThrottle(settings), draws: RandomStream(seed: seed, name: name, purpose: "throttle")))
        return UInt16(guards.count - 1)
    }

    func throttle(_ index: Int) -> AdaptiveThrottle { guards[index].throttle }

    /// Why calls are held back now.
    func why(_ index: Int, at now: Instant) -> Why {
        let throttle = guards[index].throttle
        let counts = throttle.counts(at: now)
        return .rate(
            .refusals, bad: UInt32(clamping: counts.requests - counts.accepted), of: UInt32(clamping: counts.requests),
            threshold: Float(1 - throttle.settings.threshold))
    }

    /// May this call pass?
    mutating func ask(_ index: Int, at now: Instant) -> Verdict {
        switch guards[index].ask(at: now) {
        case .allowed: .pass(token: 0)
        case .rejected: .reject(.throttled, retryAfter: .zero)
        }
    }

    /// How a call that passed has ended.
    mutating func tell(_ index: Int, _ outcome: Outcome, at now: Instant) {
        guard let accepted = outcome.wasAccepted else { return }
        guards[index].throttle.record(accepted: accepted, at: now)
    }

    mutating func change(_ index: Int, to settings: AdaptiveThrottle.Settings) {
        if settings != guards[index].throttle.settings { guards[index].throttle.changeSettings(settings) }
    }
}

extension Outcome {
    /// Whether whoever was called had room for the call, as *Site Reliability Engineering* counts: an error is an
    /// answer, a silence is none. Nil for what its caller refused itself and what nobody waited for.
    fileprivate var wasAccepted: Bool? {
        guard case .failed(let failure) = self else { return true }
        switch failure {
        case .timedOut, .queueFull, .refused, .dropped, .deadlineExceeded, .rateLimited, .limitReached, .overLimit:
            return false
        case .error, .connectionLost, .voided, .dependency, .compensated, .leftUndone, .invalid, .conflict,
            .soldOut, .unauthorized, .notFound:
            return true
        case .breakerOpen, .bulkheadFull, .outOfRoom, .throttled, .noConnection, .outOfMemory, .noReplica, .cancelled:
            return nil
        }
    }
}

extension ThrottleHost {
    func mix(into digest: inout Digest) {
        for each in guards {
            digest.mix(UInt64(each.throttle.totals.allowed), UInt64(each.throttle.totals.rejected))
            digest.mix(UInt64(each.throttle.totals.accepted), UInt64(each.throttle.totals.refused))
        }
    }
}
