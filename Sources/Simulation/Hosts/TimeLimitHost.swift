import Resilience
import Timeline

/// The chapter of the limits on how long a call may take.
struct TimeLimitHost: Sendable {
    private var limits: [TimeLimit] = []
    private var expirations: [UInt64] = []

    mutating func add(_ limit: TimeLimit) -> UInt16 {
        limits.append(limit)
        expirations.append(0)
        return UInt16(limits.count - 1)
    }

    mutating func change(_ index: Int, to limit: TimeLimit) {
        limits[index] = limit
    }

    /// When a call that starts now must be over; nil if its caller has stopped waiting already.
    func deadline(_ index: Int, callersDeadline: Instant, at now: Instant) -> Instant? {
        switch limits[index].start(at: now, callersDeadline: callersDeadline) {
        case .run(let until, _): until
        case .expired: nil
        }
    }

    mutating func expired(_ index: Int) -> Duration {
        expirations[index] += 1
        return limits[index].limit
    }

    func expirations(_ index: Int) -> UInt64 { expirations[index] }
}

extension TimeLimitHost {
    func mix(into digest: inout Digest) {
        for (limit, count) in zip(limits, expirations) {
            digest.mix(UInt64(bitPattern: limit.limit.nanoseconds), count)
        }
    }
}
