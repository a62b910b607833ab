import Bulkheads
import Testing
import Timeline

@Suite("Whatever happens to a pool")
struct ThreadPoolPropertyTests {
    @Test("sizes stay in bounds, tasks run once and in order, in equals out")
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
            guard pool.finish(at: .zero)?.task == task else {
                Issue.record("task \(task) is not the next")
                return
            }
        }
        #expect(pool.finish(at: .zero) == nil)
    }
}

/// Random tasks, endings, cancellations, resizes and clocks beside a plain list of who waits.
private struct RandomWork {
    private var random: RandomStream
    private var pool: ThreadPool
    private var now = Instant.zero
    private var nextTask: UInt64 = 0
    /// Who ought to wait, in order.
    private var waiting: [UInt64] = []
    private var running = 0
    private var ran: Set<UInt64> = []
    private var withdrawn = 0
    private var rejected = 0

    init(seed: UInt64) throws {
        random = RandomStream(seed: seed, name: "pool", purpose: "work")
        pool = ThreadPool(try Self.settings(&random))
    }

    /// The first rule that is broken, in words; nil if none is.
    mutating func run(steps: Int) throws -> String? {
        for _ in 0..<steps {
            moveClock()
            let before = pool
            let violation = try step() ?? checkBounds(after: before) ?? check()
            if let violation { return "\(violation) at \(now.nanoseconds) ns: \(pool.settings), \(pool.totals)" }
        }
        return nil
    }

    private mutating func step() throws -> String? {
        switch random.below(100) {
        case ..<50: return submit()
        case ..<90: return finish()
        case ..<94: return cancel()
        case ..<96: return drain()
        case ..<98:
            pool.advance(to: now)
            return nil
        default:
            return try resize()
        }
    }

    private mutating func submit() -> String? {
        let task = nextTask
        nextTask += 1
        let (sizeBefore, settings) = (pool.size, pool.settings)
        switch pool.submit(task, at: now) {
        case .run:
            return start(task)
        case .queued(let position):
            waiting.append(task)
            if position != waiting.count { return "position \(position) of \(waiting.count)" }
            return sizeBefore >= settings.core ? nil : "queued below the core size"
        case .rejected:
            rejected += 1
            let full = running >= settings.maximum && waiting.count >= settings.queue
            return full ? nil : "rejected with room left"
        }
    }

    private mutating func finish() -> String? {
        let someRan = running > 0
        running -= someRan ? 1 : 0
        guard let next = pool.finish(at: now) else {
            let mayRest = !someRan || waiting.isEmpty || running >= pool.settings.maximum
            return mayRest ? nil : "a thread rests although tasks wait"
        }
        if !someRan { return "a task started although none ended" }
        return startWaiting(next)
    }

    private mutating func cancel() -> String? {
        let task = random.below(nextTask + 1)
        let waited = waiting.contains(task)
        guard pool.cancel(task) == waited else { return "cancelled what did not wait, or not what did" }
        waiting.removeAll { $0 == task }
        withdrawn += waited ? 1 : 0
        return nil
    }

    private mutating func drain() -> String? {
        let drained = pool.drain()
        withdrawn += drained.count
        guard drained == waiting else { return "drained \(drained), not \(waiting)" }
        waiting = []
        return nil
    }

    private mutating func resize() throws -> String? {
        for start in pool.resize(to: try Self.settings(&random), at: now) {
            if let violation = startWaiting(start) { return violation }
        }
        return nil
    }

    private mutating func startWaiting(_ next: ThreadPool.Start) -> String? {
        guard next.task == waiting.first else { return "\(next.task) started before \(waiting)" }
        guard next.waited >= .zero else { return "waited \(next.waited)" }
        waiting.removeFirst()
        return start(next.task)
    }

    private mutating func start(_ task: UInt64) -> String? {
        running += 1
        return ran.insert(task).inserted ? nil : "\(task) ran twice"
    }

    /// A resize may leave more behind than there may be; then it only gets less.
    private func checkBounds(after before: ThreadPool) -> String? {
        if pool.size > max(pool.settings.maximum, before.size) { return "\(pool.size) threads" }
        if pool.queued > max(pool.settings.queue, before.queued) { return "\(pool.queued) in the queue" }
        return nil
    }

    private func check() -> String? {
        if pool.active != running { return "\(pool.active) active, not \(running)" }
        if pool.queued != waiting.count { return "\(pool.queued) queued, not \(waiting.count)" }
        if pool.active + pool.idle != pool.size { return "size" }
        if pool.idle > 0 && pool.queued > 0 { return "threads idle although tasks wait" }
        if pool.size == 0 && pool.queued > 0 { return "tasks wait for no thread" }
        let totals = pool.totals
        let inside = totals.started + totals.rejected + totals.withdrawn + waiting.count
        if totals.submitted != Int(nextTask) || inside != Int(nextTask) { return "in is not out" }
        let counted = totals.started == ran.count && totals.started == totals.completed + running
        return counted && totals.rejected == rejected && totals.withdrawn == withdrawn ? nil : "totals"
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
        return try ThreadPool.Settings(
            core: core, maximum: random.chance(0.1) ? .max : max(1, core + Int(random.below(4))), queue: queue,
            keepAlive: keepAlive)
    }
}
