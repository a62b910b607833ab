import Caching
import Foundation

/// What a policy came to at one size.
struct TraceRow: Hashable {
    let policy: PolicyName
    let size: Int
    let tally: TraceTally
    /// The processor time that its replay took, without the reading of the trace.
    let seconds: Double

    var hitRatio: Double { tally.hitRatio ?? 0 }
}

/// One trace, run through every policy at every size as it comes in.
struct TraceComparison {
    private struct Run {
        let policy: PolicyName
        let size: Int
        /// Nil for a policy that is offline.
        let replay: TraceReplay?
        var seconds = 0.0
    }

    let plan: TracePlan
    private(set) var requests = 0
    /// Whether the requests are kept, for policies that are offline.
    private(set) var keepsTrace: Bool
    private let mostKept: Int
    private var runs: [Run]
    private var keys: [UInt32] = []
    private var sizes: [UInt32] = []

    /// How many requests are kept: more would take gigabytes.
    static let mostKept = 100_000_000

    init(_ plan: TracePlan, mostKept: Int = Self.mostKept) {
        self.plan = plan
        self.mostKept = mostKept
        keepsTrace = plan.policies.contains(where: \.isOffline)
        runs = plan.sizes.flatMap { size in
            plan.policies.map { Run(policy: $0, size: size, replay: $0.replay(capacity: size)) }
        }
    }

    mutating func replay(_ batch: TraceBatch) {
        requests += batch.count
        keep(batch)
        let weight = plan.unit == .bytes ? TraceWeight.bytes : .entry
        for index in runs.indices {
            guard let replay = runs[index].replay else { continue }
            runs[index].seconds += secondsTaken {
                replay.request(batch.keys[...], sizes: batch.sizes[...], weight: weight)
            }
        }
    }

    private mutating func keep(_ batch: TraceBatch) {
        guard keepsTrace else { return }
        if requests > mostKept {
            keepsTrace = false
            (keys, sizes) = ([], [])
        } else {
            keys += batch.keys
            sizes += batch.sizes
        }
    }

    /// The outcome so far, by size and then in the plan's order; without policies that are offline if the trace was too
    /// long to be kept.
    func rows() -> [TraceRow] {
        runs.compactMap { run in
            if let replay = run.replay {
                return TraceRow(policy: run.policy, size: run.size, tally: replay.tally, seconds: run.seconds)
            }
            guard keepsTrace else { return nil }
            var tally = TraceTally()
            let seconds = secondsTaken {
                tally = OptimalReplacement.tally(
                    of: keys, sizes: sizes, capacity: run.size, bypasses: run.policy == .optBypass)
            }
            return TraceRow(policy: run.policy, size: run.size, tally: tally, seconds: seconds)
        }
    }
}

/// The processor time of this thread that some work takes.
private func secondsTaken(by work: () -> Void) -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let start = now()
    work()
    return now() - start
}
