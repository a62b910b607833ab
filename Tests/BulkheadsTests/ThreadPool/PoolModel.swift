import Bulkheads
import Timeline

/// A thread pool written a second time, as a list of tasks that is searched from end to end, after the text of the
/// JDK's documentation of `ThreadPoolExecutor` (core and maximum pool sizes, queuing, keep-alive, rejected tasks,
/// `shutdown`), and after this module's for what the JDK does not have.
struct PoolModel {
    struct Task {
        let number: UInt64
        let lane: Int
        let since: Instant
        let deadline: Instant
    }

    var settings: ThreadPool.Settings
    var queue: [Task] = []
    var running = 0
    var telling = 0
    var idle: [Instant] = []
    var isShutDown = false
    var counts: [String: Int] = [:]
    var ran: Set<UInt64> = []

    var size: Int { running + telling + idle.count }

    private mutating func count(_ name: String) { counts[name, default: 0] += 1 }

    private var kept: Int { settings.coreTimesOut ? 0 : settings.core }

    var nextExpiry: Instant? { size > kept ? idle.first.map { $0 + settings.keepAlive } : nil }

    mutating func advance(to now: Instant) {
        while let end = nextExpiry, end <= now { idle.removeFirst() }
    }

    mutating func submit(
        _ number: UInt64, _ priority: ThreadPool.Priority, deadline: Instant, at now: Instant
    ) -> String {
        advance(to: now)
        count("submitted")
        if isShutDown { return reject("shutDown") }
        if settings.expired == .drop && isOver(deadline, at: now) { return reject("expired") }
        let handOff = settings.queue == 0
        if size >= settings.core && !idle.isEmpty {
            _ = handOff ? idle.removeLast() : idle.removeFirst()
            return run(number)
        }
        if size < settings.core || size == 0 { return run(number) }
        var lane = Int(ThreadPool.Priority.normal.rawValue)
        if case .priority = settings.order { lane = Int(priority.rawValue) }
        let task = Task(number: number, lane: lane, since: now, deadline: deadline)
        if queue.count < settings.queue {
            queue.append(task)
            return "queued \(position(of: task))"
        }
        if size < settings.maximum { return run(number) }
        switch settings.whenFull {
        case .abort: return reject("full")
        case .discard: return reject("discarded")
        case .callerRuns:
            count("ranByCaller")
            return "callerRuns"
        case .discardOldest:
            guard !handOff, let victim = victim(for: priority) else { return reject("full") }
            queue.removeAll { $0.number == victim.number }
            count("discarded")
            queue.append(task)
            return "displaced \(victim.number), \(position(of: task))"
        }
    }

    mutating func finish(at now: Instant) -> String {
        guard running > 0 else { return "rest" }
        advance(to: now)
        running -= 1
        count("completed")
        return free(at: now)
    }

    mutating func nextAfterExpired(at now: Instant) -> String {
        guard telling > 0 else { return "rest" }
        advance(to: now)
        telling -= 1
        return free(at: now)
    }

    mutating func cancel(_ number: UInt64) -> Bool {
        guard queue.contains(where: { $0.number == number }) else { return false }
        queue.removeAll { $0.number == number }
        count("withdrawn")
        return true
    }

    mutating func drain(at now: Instant) -> [UInt64] {
        var drained: [UInt64] = []
        while let task = next(at: now) {
            queue.removeAll { $0.number == task.number }
            drained.append(task.number)
            count("withdrawn")
        }
        return drained
    }

    mutating func resize(to new: ThreadPool.Settings, at now: Instant) -> [String] {
        advance(to: now)
        let added = new.core - settings.core
        settings = new
        while size > new.maximum && !idle.isEmpty { idle.removeFirst() }
        advance(to: now)
        var taken: [String] = []
        while taken.count < added && size < new.core && !queue.isEmpty { taken.append(takeNext(at: now)) }
        return taken
    }

    mutating func prestart(at now: Instant) -> Int {
        guard !isShutDown else { return 0 }
        advance(to: now)
        let missing = max(0, settings.core - size)
        idle += Array(repeating: now, count: missing)
        return missing
    }

    mutating func shutDown(at now: Instant) {
        advance(to: now)
        isShutDown = true
        idle = []
    }

    private mutating func run(_ number: UInt64) -> String {
        count("started")
        running += 1
        ran.insert(number)
        return "run"
    }

    private mutating func reject(_ reason: String) -> String {
        count(reason)
        return "rejected \(reason)"
    }

    private mutating func free(at now: Instant) -> String {
        if size >= settings.maximum { return "rest" }
        if !queue.isEmpty { return takeNext(at: now) }
        if !isShutDown {
            idle.append(now)
            advance(to: now)
        }
        return "rest"
    }

    private mutating func takeNext(at now: Instant) -> String {
        guard let task = next(at: now) else { return "rest" }
        queue.removeAll { $0.number == task.number }
        let waited = max(.zero, now - task.since)
        let isLate = settings.expired == .drop && isOver(task.deadline, at: now)
        if isLate || waited > settings.maximumWait {
            telling += 1
            count("expired")
            return "expired \(task.number) after \(waited.nanoseconds)"
        }
        _ = run(task.number)
        return "run \(task.number) after \(waited.nanoseconds)"
    }

    /// The first of each lane, and the last.
    private var heads: [Task] { (0..<4).compactMap { lane in queue.first { $0.lane == lane } } }
    private var tails: [Task] { (0..<4).compactMap { lane in queue.last { $0.lane == lane } } }

    private func next(at now: Instant) -> Task? {
        switch settings.order {
        case .fifo: return oldest
        case .lifo:
            return tails.reduce(nil) { best, task in best.map { $0.since >= task.since } ?? false ? best : task }
        case .priority(let ageing):
            return heads.min { one, other in
                let (left, right) = (level(one, ageing, now), level(other, ageing, now))
                return (left, one.since.nanoseconds, one.lane) < (right, other.since.nanoseconds, other.lane)
            }
        }
    }

    private var oldest: Task? {
        heads.min { ($0.since.nanoseconds, $0.lane) < ($1.since.nanoseconds, $1.lane) }
    }

    private func level(_ task: Task, _ ageing: Duration?, _ now: Instant) -> Int64 {
        guard let ageing else { return Int64(task.lane) }
        return max(0, Int64(task.lane) - max(.zero, now - task.since).nanoseconds / ageing.nanoseconds)
    }

    private func victim(for priority: ThreadPool.Priority) -> Task? {
        guard case .priority = settings.order else { return oldest }
        guard let least = queue.map(\.lane).max(), least >= priority.rawValue else { return nil }
        return queue.first { $0.lane == least }
    }

    private func position(of task: Task) -> Int {
        switch settings.order {
        case .fifo: queue.count
        case .lifo: 1
        case .priority: queue.count { $0.lane <= task.lane }
        }
    }

    private func isOver(_ deadline: Instant, at now: Instant) -> Bool {
        deadline != .distantFuture && deadline <= now
    }
}
