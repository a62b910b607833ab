import Bulkheads
import Testing
import Timeline

@Suite("What a pool adds up")
struct ThreadTimeTests {
    @Test("busy and idle time of two threads over ten seconds")
    func busyAndIdle() throws {
        var pool = ThreadPool(try .init(core: 2, queue: 10))
        _ = pool.submit(1, at: .after(.seconds(5)))
        _ = pool.submit(2, at: .after(.seconds(6)))
        _ = pool.finish(at: .after(.seconds(8)))
        pool.advance(to: .after(.seconds(10)))
        #expect(pool.totals.busy == .seconds(7))
        #expect(pool.totals.idle == .seconds(2))
        #expect(pool.totals.utilisation == 7.0 / 9.0)
    }

    @Test("a thread that ended counts until its keep-alive had passed, however late that is noticed")
    func endedThreads() throws {
        var pool = ThreadPool(try .init(core: 0, maximum: 1, queue: 1, keepAlive: .seconds(10)))
        _ = pool.submit(1, at: .zero)
        _ = pool.finish(at: .after(.seconds(1)))
        pool.advance(to: .after(.seconds(500)))
        #expect(pool.totals.busy == .seconds(1))
        #expect(pool.totals.idle == .seconds(10))
        #expect(pool.size == 0)
    }

    @Test("before any time has passed there is no utilisation")
    func noTime() throws {
        var pool = ThreadPool(try .init(core: 1, queue: 1))
        #expect(pool.totals.utilisation == nil)
        _ = pool.submit(1, at: .after(.seconds(3)))
        #expect(pool.totals.utilisation == nil)
    }

    @Test("waiting and running are different times (the guide takes one for the other)")
    func waitedAndRan() throws {
        var pool = ThreadPool(try .init(core: 1, queue: 10))
        _ = pool.submit(1, at: .zero)
        _ = pool.submit(2, at: .after(.seconds(1)))
        let start = pool.finish(startedAt: .zero, at: .after(.seconds(4))).start
        #expect(start?.waited == .seconds(3))
        _ = pool.finish(.failure, startedAt: .after(.seconds(4)), at: .after(.seconds(6)))
        #expect(pool.totals.waited == .seconds(3))
        #expect(pool.totals.longestWait == .seconds(3))
        #expect(pool.totals.ran == .seconds(6))
        #expect(pool.totals.longestRun == .seconds(4))
    }

    @Test("errors and work for nobody are counted among what is done")
    func outcomes() throws {
        var pool = ThreadPool(try .init(core: 4, queue: 0))
        _ = pool.burst(4)
        for outcome in [ThreadPool.Outcome.success, .failure, .forNobody, .forNobody] {
            _ = pool.finish(outcome, at: .zero)
        }
        #expect(pool.totals.completed == 4)
        #expect(pool.totals.failed == 1)
        #expect(pool.totals.forNobody == 2)
    }

    @Test("a clock that steps back adds no time, and takes none away")
    func backward() throws {
        var pool = ThreadPool(try .init(core: 1, queue: 1))
        _ = pool.submit(1, at: .after(.seconds(10)))
        pool.advance(to: .after(.seconds(12)))
        pool.advance(to: .zero)
        #expect(pool.totals.busy == .seconds(2))
        pool.advance(to: .after(.seconds(1)))
        #expect(pool.totals.busy == .seconds(3))
    }

    @Test("busy time is that of all tasks, and busy and idle together the integral of the size")
    func integrals() throws {
        for seed in UInt64(0)..<40 {
            var threads = try ThreadTimes(seed: seed)
            if let violation = try threads.run(steps: 300) {
                Issue.record("seed \(seed): \(violation)")
                return
            }
        }
    }
}

/// Random work by a clock that runs forward: the pool's sums beside those of single tasks and of its size, nanosecond
/// steps being moments at which nothing happens unnoticed.
private struct ThreadTimes {
    private var random: RandomStream
    private var pool: ThreadPool
    private var now = Instant.zero
    /// When the running tasks began, in the order in which they will end.
    private var running: [Instant] = []
    private var ran = Duration.zero
    private var threadTime = Duration.zero

    init(seed: UInt64) throws {
        random = RandomStream(seed: seed, name: "pool", purpose: "times")
        pool = ThreadPool(try Self.settings(&random))
    }

    mutating func run(steps: Int) throws -> String? {
        for _ in 0..<steps {
            passTime()
            try step()
            pool.advance(to: now)
            let busy = running.reduce(ran) { $0 + (now - $1) }
            if pool.totals.busy != busy { return "busy for \(pool.totals.busy), not \(busy)" }
            let sum = pool.totals.busy + pool.totals.idle
            if sum != threadTime { return "threads for \(sum), not \(threadTime)" }
        }
        return nil
    }

    /// Ten nanoseconds at most at a time, looking at a copy that is advanced one by one.
    private mutating func passTime() {
        var watched = pool
        for _ in 0..<random.below(10) {
            threadTime = threadTime + .nanoseconds(Int64(watched.size))
            now = now + .nanoseconds(1)
            watched.advance(to: now)
        }
    }

    private mutating func step() throws {
        switch random.below(10) {
        case ..<5:
            if case .run = pool.submit(random.next(), at: now) { running.append(now) }
        case ..<9:
            guard !running.isEmpty else { return }
            let began = running.remove(at: Int(random.below(UInt64(running.count))))
            ran = ran + (now - began)
            if pool.finish(startedAt: began, at: now).start != nil { running.append(now) }
        default:
            let started = pool.resize(to: try Self.settings(&random), at: now)
            running += Array(repeating: now, count: started.count)
        }
    }

    private static func settings(_ random: inout RandomStream) throws -> ThreadPool.Settings {
        let core = Int(random.below(4))
        return try .init(
            core: core, maximum: max(1, core + Int(random.below(3))), queue: Int(random.below(4)),
            keepAlive: .nanoseconds(Int64(random.below(30))))
    }
}
