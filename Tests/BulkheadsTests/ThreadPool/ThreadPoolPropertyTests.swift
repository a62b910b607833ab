import Bulkheads
import Testing
import Timeline

@Suite("Whatever happens to a pool")
struct ThreadPoolPropertyTests {
    @Test("it does what the list that is searched does; sizes stay in bounds, in equals out, nobody is lost")
    func randomWork() throws {
        for seed in UInt64(0)..<300 {
            var work = try RandomWork(seed: seed)
            if let violation = try work.run(steps: 400) {
                Issue.record("seed \(seed): \(violation)")
                return
            }
        }
    }

    @Test("a long queue is served in order with the memory that it needs")
    func longQueue() throws {
        var pool = ThreadPool(try .init(core: 1, queue: 10_000_000))
        for task in UInt64(0)...100_000 { _ = pool.submit(task, at: .zero) }
        #expect(pool.queued == 100_000)
        for task in UInt64(1)...100_000 {
            guard pool.finish(at: .zero).start?.task == task else {
                Issue.record("task \(task) is not the next")
                return
            }
        }
        #expect(pool.finish(at: .zero) == .rest)
    }

    @Test("with their tickets, tasks leave a long queue in any order and cost")
    func cancelAnywhere() throws {
        var pool = ThreadPool(try .init(core: 1, queue: .max))
        _ = pool.submit(0, at: .zero)
        let count: UInt64 = 9_999
        let tickets = (1...count).compactMap { pool.submit($0, at: .zero).place?.ticket }
        // A step that has no divisor in common with the count meets each once.
        for step in 0..<count where step * 7919 % count % 3 != 0 {
            let index = step * 7919 % count
            guard pool.cancel(index + 1, ticket: tickets[Int(index)]) else {
                Issue.record("\(index + 1) does not wait")
                return
            }
        }
        #expect(pool.runAll() == stride(from: 1, to: count + 1, by: 3).map { $0 })
    }
}

/// Random tasks, endings, cancellations, resizes, shutdowns and clocks beside the model.
private struct RandomWork {
    private var random: RandomStream
    private var pool: ThreadPool
    private var model: PoolModel
    private var now = Instant.zero
    private var nextTask: UInt64 = 0
    private var tickets: [UInt64: UInt32] = [:]
    /// Who was told that it will not run.
    private var told: Set<UInt64> = []
    private var isStopped = false

    init(seed: UInt64) throws {
        random = RandomStream(seed: seed, name: "pool", purpose: "work")
        let settings = try Self.settings(&random)
        pool = ThreadPool(settings)
        model = PoolModel(settings: settings)
    }

    /// The first rule that is broken, in words; nil if none is.
    mutating func run(steps: Int) throws -> String? {
        for _ in 0..<steps {
            moveClock()
            let before = pool
            let violation = try step() ?? checkBounds(after: before) ?? check()
            if let violation { return "\(violation) at \(now.nanoseconds) ns: \(pool.settings), \(pool.totals)" }
        }
        return model.ran.isDisjoint(with: told) ? nil : "one ran and was told that it will not"
    }

    private mutating func step() throws -> String? {
        switch random.below(1000) {
        case ..<480: return submit()
        case ..<850: return finish()
        case ..<900: return compare(inWords(pool.nextAfterExpired(at: now)), model.nextAfterExpired(at: now))
        case ..<950: return cancel()
        case ..<958: return drained(pool.drain(), clockOfDrain: clock)
        case ..<970:
            pool.advance(to: now)
            model.advance(to: now)
            clock = now
            return nil
        case ..<980:
            clock = now
            return compare("\(pool.prestart(at: now))", "\(model.prestart(at: now))")
        case 998:
            pool.shutDown(at: now)
            model.shutDown(at: now)
            clock = now
            return nil
        case 999:
            model.shutDown(at: now)
            isStopped = true
            clock = now
            return drained(pool.shutDownNow(at: now), clockOfDrain: now)
        default: return try resize()
        }
    }

    /// The time of the latest call that told one: by it a drained queue is aged.
    private var clock = Instant.zero

    private mutating func submit() -> String? {
        let task = nextTask
        nextTask += 1
        let priority = ThreadPool.Priority.allCases[Int(random.below(4))]
        let deadline = random.chance(0.3) ? .distantFuture : now + .milliseconds(Int64(random.below(4000)) - 100)
        clock = now
        let admission = pool.submit(task, priority: priority, deadline: deadline, at: now)
        tickets[task] = admission.place?.ticket
        if admission.reason != nil && !told.insert(task).inserted { return "told twice" }
        if let displaced = admission.displaced, !told.insert(displaced).inserted { return "told twice" }
        if isStopped && admission.reason != .shutDown { return "\(admission) after the end" }
        return compare(inWords(admission), model.submit(task, priority, deadline: deadline, at: now))
    }

    private mutating func finish() -> String? {
        let outcome = ThreadPool.Outcome.allCases[Int(random.below(3))]
        let startedAt = random.chance(0.5) ? now - .milliseconds(Int64(random.below(100))) : nil
        if pool.active > model.telling { clock = now }
        let next = pool.finish(outcome, startedAt: startedAt, at: now)
        if isStopped && next != .rest { return "\(next) after the end" }
        return compare(inWords(next), model.finish(at: now))
    }

    private mutating func cancel() -> String? {
        let task = random.below(nextTask + 1)
        let ticket = [nil, tickets[task], tickets[random.below(nextTask + 1)], UInt32(random.below(50)), .max]
        let cancelled = pool.cancel(task, ticket: ticket[Int(random.below(5))])
        if cancelled && !told.insert(task).inserted { return "\(task) was cancelled after it was told" }
        return compare("\(cancelled)", "\(model.cancel(task))")
    }

    private mutating func drained(_ tasks: [UInt64], clockOfDrain: Instant) -> String? {
        for task in tasks where !told.insert(task).inserted { return "\(task) told twice" }
        return compare("\(tasks)", "\(model.drain(at: clockOfDrain))")
    }

    private mutating func resize() throws -> String? {
        clock = now
        let settings = try Self.settings(&random)
        let taken = pool.resize(to: settings, at: now).map { inWords($0) }
        return compare("\(taken)", "\(model.resize(to: settings, at: now))")
    }

    private mutating func inWords(_ next: ThreadPool.Next) -> String {
        switch next {
        case .rest: return "rest"
        case .run(let start): return "run \(start.task) after \(start.waited.nanoseconds)"
        case .expired(let start):
            let isNew = told.insert(start.task).inserted
            return isNew ? "expired \(start.task) after \(start.waited.nanoseconds)" : "\(start.task) told twice"
        }
    }

    private func inWords(_ admission: ThreadPool.Admission) -> String {
        switch admission {
        case .run: "run"
        case .queued(let place): "queued \(place.position)"
        case .displaced(let task, let place): "displaced \(task), \(place.position)"
        case .callerRuns: "callerRuns"
        case .rejected(let rejection): "rejected \(rejection.reason)"
        }
    }

    private func compare(_ real: String, _ expected: String) -> String? {
        real == expected ? nil : "\(real), not \(expected)"
    }

    /// A resize may leave more behind than there may be; then it only gets less.
    private func checkBounds(after before: ThreadPool) -> String? {
        if pool.size > max(pool.settings.maximum, before.size) { return "\(pool.size) threads" }
        if pool.queued > max(pool.settings.queue, before.queued) { return "\(pool.queued) in the queue" }
        return nil
    }

    private func check() -> String? {
        if pool.active != model.running + model.telling { return "\(pool.active) active" }
        if pool.idle != model.idle.count || pool.size != model.size { return "\(pool.idle) idle, \(pool.size) threads" }
        if pool.nextExpiry != model.nextExpiry { return "next expiry" }
        if pool.idle > 0 && pool.queued > 0 { return "threads idle although tasks wait" }
        if pool.size == 0 && pool.queued > 0 { return "tasks wait for no thread" }
        if pool.isTerminated != (model.isShutDown && model.size == 0 && model.queue.isEmpty) { return "terminated" }
        if pool.oldestWaiterSince.map({ since in model.queue.contains { $0.since == since } }) == false {
            return "oldest waiter"
        }
        return checkQueue() ?? checkTotals()
    }

    private func checkQueue() -> String? {
        if pool.queued != model.queue.count { return "\(pool.queued) queued, not \(model.queue.count)" }
        for priority in ThreadPool.Priority.allCases {
            let tasks = model.queue.filter { $0.lane == priority.rawValue }
            if pool.queued(priority) != tasks.count { return "\(pool.queued(priority)) \(priority) queued" }
            if pool.oldestWaiterSince(priority) != tasks.first?.since { return "oldest \(priority)" }
        }
        return nil
    }

    private func checkTotals() -> String? {
        let totals = pool.totals
        let inside = totals.started + totals.ranByCaller + totals.rejected + totals.withdrawn + pool.queued
        if totals.submitted != Int(nextTask) || inside != Int(nextTask) { return "in is not out" }
        if totals.started != totals.completed + model.running { return "started is not ended" }
        // Everybody ran, runs, waits, was run by its caller, or was told.
        let known = model.ran.count + totals.ranByCaller + told.count + pool.queued
        if known != Int(nextTask) { return "somebody is lost" }
        let real = [
            "submitted": totals.submitted, "started": totals.started, "completed": totals.completed,
            "full": totals.full, "shutDown": totals.shutDown, "discarded": totals.discarded,
            "expired": totals.expired, "withdrawn": totals.withdrawn, "ranByCaller": totals.ranByCaller,
        ].filter { $0.value != 0 }
        if real != model.counts { return "\(real), not \(model.counts)" }
        if totals.failed + totals.forNobody > totals.completed { return "outcomes" }
        let times = [totals.waited, totals.ran, totals.busy, totals.idle]
        return times.allSatisfy { $0 >= .zero } ? nil : "time below zero"
    }

    private mutating func moveClock() {
        switch random.below(40) {
        case 0: now = Instant(nanoseconds: Int64(bitPattern: random.next()))
        case 1: now = random.chance(0.5) ? .distantFuture : Instant(nanoseconds: .min)
        case 2: now = .zero
        default: now = now + .milliseconds(Int64(random.below(500)))
        }
    }

    private static func settings(_ random: inout RandomStream) throws -> ThreadPool.Settings {
        let core = Int(random.below(5))
        let queue = [0, 1, 3, 8, ThreadPool.Settings.unbounded][Int(random.below(5))]
        let keepAlive: Duration = [.zero, .milliseconds(700), .seconds(5), .maximum][Int(random.below(4))]
        let orders: [ThreadPool.Order] = [
            .fifo, .lifo, .priority(), .priority(ageing: .milliseconds(400)), .priority(ageing: .maximum),
        ]
        return try ThreadPool.Settings(
            core: core, maximum: random.chance(0.1) ? .max : max(1, core + Int(random.below(4))), queue: queue,
            keepAlive: keepAlive, coreTimesOut: keepAlive > .zero && random.chance(0.2),
            whenFull: ThreadPool.RejectionPolicy.allCases[Int(random.below(4))], order: orders[Int(random.below(5))],
            expired: random.chance(0.5) ? .run : .drop,
            maximumWait: [.maximum, .maximum, .zero, .seconds(1)][Int(random.below(4))])
    }
}
