import Resilience
import Timeline

/// The chapter of the limits on how long a call may take.
struct TimeLimitHost: Sendable {
    private var timeouts: [Timeout] = []

    mutating func add(_ rule: Timeout.Rule) -> UInt16 {
        timeouts.append(Timeout(rule))
        return UInt16(timeouts.count - 1)
    }

    mutating func change(_ index: Int, to rule: Timeout.Rule, at now: Instant) {
        if rule != timeouts[index].rule { timeouts[index].changeRule(rule, at: now) }
    }

    /// When a call that starts now must be over; nil if its caller has stopped waiting already.
    mutating func deadline(_ index: Int, callersDeadline: Instant, at now: Instant) -> Instant? {
        let deadline = Deadline(callersDeadline)
        switch timeouts[index].start(at: now, callersDeadline: deadline) {
        case .run(let until, _): return until
        case .expired: return nil
        }
    }

    /// A call has come back in time. What its caller refused itself was fast and would draw a learned limit down.
    mutating func tell(_ index: Int, _ outcome: Outcome, took: Duration, at now: Instant) {
        let isLocal = if case .failed(let failure) = outcome { failure.isLocal } else { false }
        timeouts[index].record(took: took, outcome: isLocal ? .ignored : .answered, at: now)
    }

    /// A call was cut off after so long.
    mutating func expired(_ index: Int, after length: Duration, at now: Instant) {
        timeouts[index].record(took: length, outcome: .timedOut, at: now)
    }

    func timeout(_ index: Int) -> Timeout { timeouts[index] }

    func expirations(_ index: Int) -> UInt64 { UInt64(timeouts[index].totals.timedOut) }
}

extension TimeLimitHost {
    func mix(into digest: inout Digest) {
        for each in timeouts {
            digest.mix(UInt64(bitPattern: each.currentLimit.nanoseconds), UInt64(each.totals.timedOut))
        }
    }
}
