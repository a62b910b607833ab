import Bulkheads
import Timeline

extension ThreadPool.Admission {
    /// The answer in one letter: r run, q queued, d queued in place of another, c the caller runs it, x rejected.
    var letter: Character {
        switch self {
        case .run: "r"
        case .queued: "q"
        case .displaced: "d"
        case .callerRuns: "c"
        case .rejected: "x"
        }
    }

    /// Where it waits, if it does.
    var place: QueuePlace? {
        switch self {
        case .queued(let place), .displaced(_, let place): place
        case .run, .callerRuns, .rejected: nil
        }
    }

    /// Why it was turned away, if it was.
    var reason: ThreadPool.RejectionReason? {
        if case .rejected(let rejection) = self { rejection.reason } else { nil }
    }

    /// Which other task was thrown out for it.
    var displaced: UInt64? {
        if case .displaced(let task, _) = self { task } else { nil }
    }
}

extension ThreadPool {
    /// Hands in tasks 0, 1, 2 ... at once and answers in letters.
    mutating func burst(_ count: Int, at now: Instant = .zero) -> String {
        String((0..<UInt64(count)).map { submit($0, at: now).letter })
    }

    /// Ends tasks until no thread takes another; the tasks in the order in which they ran.
    mutating func runAll(at now: Instant = .zero) -> [UInt64] {
        var order: [UInt64] = []
        while let start = finish(at: now).start { order.append(start.task) }
        return order
    }
}
