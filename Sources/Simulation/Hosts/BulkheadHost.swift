import Bulkheads
import Timeline

/// The chapter of the thread-pool bulkheads in front of calls.
struct BulkheadHost: Sendable {
    private(set) var pools: [ThreadPool] = []

    /// A call that its caller runs itself has no thread to give back. No place in the queue has this number.
    private static let ranByCaller = UInt32.max

    mutating func add(_ settings: ThreadPool.Settings) -> UInt16 {
        pools.append(ThreadPool(settings))
        return UInt16(pools.count - 1)
    }

    /// May this call pass?
    mutating func ask(
        _ index: Int, frame: UInt32, priority: ThreadPool.Priority, deadline: Instant, _ port: inout Port
    ) -> Verdict {
        port.touched.insert(.queues)
        switch pools[index].submit(UInt64(frame), priority: priority, deadline: deadline, at: port.now) {
        case .run:
            return .pass(token: 0)
        case .callerRuns:
            return .pass(token: Self.ranByCaller)
        case .queued(let place):
            return .wait(token: place.ticket, atMost: nil)
        case .displaced(let task, let place):
            port.turnedAway.append((UInt32(truncatingIfNeeded: task), .bulkheadFull))
            return .wait(token: place.ticket, atMost: nil)
        case .rejected(let rejection):
            return .reject(rejection.reason == .expired ? .deadlineExceeded : .bulkheadFull, retryAfter: .zero)
        }
    }

    /// A call that passed has ended: its thread takes the next one, which may go on.
    mutating func tell(_ index: Int, _ outcome: ThreadPool.Outcome, token: UInt32, _ port: inout Port) {
        guard token != Self.ranByCaller else { return }
        port.touched.insert(.queues)
        follow(pools[index].finish(outcome, at: port.now), index, &port)
    }

    /// A call leaves the line.
    mutating func withdraw(_ index: Int, frame: UInt32, ticket: UInt32, _ port: inout Port) {
        port.touched.insert(.queues)
        _ = pools[index].cancel(UInt64(frame), ticket: ticket)
    }

    mutating func change(_ index: Int, to settings: ThreadPool.Settings, _ port: inout Port) {
        guard settings != pools[index].settings else { return }
        for next in pools[index].resize(to: settings, at: port.now) { follow(next, index, &port) }
    }

    private mutating func follow(_ next: ThreadPool.Next, _ index: Int, _ port: inout Port) {
        var next = next
        while true {
            switch next {
            case .run(let start):
                port.ready.append(UInt32(truncatingIfNeeded: start.task))
                return
            case .expired(let start):
                let failure: Failure = start.isLate ? .deadlineExceeded : .bulkheadFull
                port.turnedAway.append((UInt32(truncatingIfNeeded: start.task), failure))
                next = pools[index].nextAfterExpired(at: port.now)
            case .rest:
                return
            }
        }
    }
}

extension BulkheadHost {
    func mix(into digest: inout Digest) {
        for pool in pools {
            digest.mix(UInt64(pool.active), UInt64(pool.queued))
            digest.mix(UInt64(pool.totals.submitted), UInt64(pool.totals.rejected))
        }
    }
}
