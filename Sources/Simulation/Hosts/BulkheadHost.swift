import Bulkheads
import Timeline

/// The chapter of the thread-pool bulkheads in front of calls.
struct BulkheadHost: Sendable {
    private(set) var pools: [ThreadPool] = []

    mutating func add(_ settings: ThreadPool.Settings) -> UInt16 {
        pools.append(ThreadPool(settings))
        return UInt16(pools.count - 1)
    }

    /// May this call pass?
    mutating func ask(_ index: Int, frame: UInt32, _ port: inout Port) -> Verdict {
        port.touched.insert(.queues)
        switch pools[index].submit(UInt64(frame), at: port.now) {
        case .run: return .pass(token: 0)
        case .queued: return .wait(atMost: nil)
        case .rejected: return .reject(.bulkheadFull, retryAfter: .zero)
        }
    }

    /// A call that passed has ended: its thread takes the next one, which may go on.
    mutating func tell(_ index: Int, _ port: inout Port) {
        port.touched.insert(.queues)
        if let start = pools[index].finish(at: port.now) {
            port.ready.append(UInt32(truncatingIfNeeded: start.task))
        }
    }

    /// A call leaves the line.
    mutating func withdraw(_ index: Int, frame: UInt32, _ port: inout Port) {
        port.touched.insert(.queues)
        _ = pools[index].cancel(UInt64(frame))
    }

    mutating func change(_ index: Int, to settings: ThreadPool.Settings, _ port: inout Port) {
        guard settings != pools[index].settings else { return }
        for start in pools[index].resize(to: settings, at: port.now) {
            port.ready.append(UInt32(truncatingIfNeeded: start.task))
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
