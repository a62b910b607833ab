import Bulkheads
import Testing
import Timeline

/// Vectors: resilience4j ThreadPoolBulkheadTest (R4J) and the JDK's ThreadPoolExecutor (JDK).
@Suite("Thread pool")
struct ThreadPoolTests {
    @Test(
        "core, maximum and queue decide what happens to tasks that come at once and stay",
        arguments: [
            // R4J: core 1, maximum 2, hand-off.
            Burst(core: 1, maximum: 2, queue: 0, answers: "rrx", size: 2),
            // R4J: core = maximum = 1, one place; JDK: its AbortPolicy on the same pool.
            Burst(core: 1, maximum: 1, queue: 1, answers: "rqx", size: 1),
            // JDK: core first, then the queue, then up to the maximum, then nothing.
            Burst(core: 2, maximum: 4, queue: 3, answers: "rrqqqrrx", size: 4),
            // JDK: a core of 0 starts one thread, and fills the queue before the next.
            Burst(core: 0, maximum: 2, queue: 2, answers: "rqqrx", size: 2),
            Burst(core: 0, maximum: 1, queue: 0, answers: "rx", size: 1),
            Burst(core: 1, maximum: 9, queue: ThreadPool.Settings.unbounded, answers: "rqqqqqqqqqqqqq", size: 1),
        ])
    func burst(_ burst: Burst) throws {
        var pool = ThreadPool(try .init(core: burst.core, maximum: burst.maximum, queue: burst.queue))
        let answers = pool.burst(burst.answers.count)
        #expect(answers == burst.answers)
        #expect(pool.size == burst.size)
        #expect(pool.active == burst.size)
        #expect(pool.queued == answers.count { $0 == "q" })
        #expect(pool.totals.rejected == answers.count { $0 == "x" })
    }

    struct Burst: Sendable, CustomTestStringConvertible {
        let core: Int
        let maximum: Int
        let queue: Int
        /// What each task is told: r run, q queued, x rejected.
        let answers: String
        let size: Int

        var testDescription: String { "\(core)..\(maximum), queue \(queue): \(answers)" }
    }

    @Test("JDK: below the core size a new thread starts although others are idle")
    func growsToCore() throws {
        var pool = ThreadPool(try .init(core: 3, queue: 10))
        for size in 1...3 {
            #expect(pool.submit(UInt64(size), at: .zero) == .run)
            #expect(pool.size == size)
            #expect(pool.finish(at: .zero) == .rest)
        }
        #expect(pool.submit(4, at: .zero) == .run)
        #expect(pool.size == 3)
        #expect(pool.idle == 2)
    }

    @Test("JDK: the task that makes the pool grow runs before those that wait; these run in order")
    func overtakesQueue() throws {
        var pool = ThreadPool(try .init(core: 1, maximum: 2, queue: 2))
        #expect(pool.submit(1, at: .zero) == .run)
        #expect(pool.submit(2, at: .after(.seconds(1))).place?.position == 1)
        #expect(pool.submit(3, at: .after(.seconds(2))).place?.position == 2)
        #expect(pool.submit(4, at: .after(.seconds(3))) == .run)
        #expect(pool.oldestWaiterSince == .after(.seconds(1)))
        let second = pool.finish(at: .after(.seconds(5))).start
        #expect(second?.task == 2)
        #expect(second?.waited == .seconds(4))
        #expect(pool.finish(at: .after(.seconds(6))).start?.task == 3)
        #expect(pool.finish(at: .after(.seconds(7))) == .rest)
        #expect(pool.oldestWaiterSince == nil)
    }

    @Test("a rejection says how full the pool is")
    func rejectionInNumbers() throws {
        var pool = ThreadPool(try .init(core: 1, maximum: 2, queue: 3))
        for task in UInt64(0)..<5 { _ = pool.submit(task, at: .zero) }
        guard case .rejected(let rejection) = pool.submit(5, at: .zero) else {
            Issue.record("not rejected")
            return
        }
        #expect(rejection.reason == .full)
        #expect([rejection.size, rejection.maximum, rejection.queued, rejection.queue] == [2, 2, 3, 3])
    }

    @Test("R4J: a direct hand-off goes to an idle thread, else a new one, else nowhere")
    func handOff() throws {
        var pool = ThreadPool(try .init(core: 1, maximum: 2, queue: 0))
        _ = pool.submit(1, at: .zero)
        _ = pool.submit(2, at: .zero)
        #expect(pool.finish(at: .zero) == .rest)
        #expect(pool.submit(3, at: .zero) == .run)
        #expect(pool.size == 2)
        guard case .rejected = pool.submit(4, at: .zero) else {
            Issue.record("not rejected")
            return
        }
    }

    @Test("a task taken out of the queue never runs; the others keep their order")
    func cancel() throws {
        var pool = ThreadPool(try .init(core: 1, queue: 10))
        for task in UInt64(0)..<6 { _ = pool.submit(task, at: .zero) }
        #expect(pool.cancel(3) == true)
        #expect(pool.cancel(3) == false)
        #expect(pool.cancel(0) == false, "it runs already")
        #expect(pool.totals.withdrawn == 1)
        #expect(pool.runAll() == [1, 2, 4, 5])
    }

    @Test("draining hands back all that wait, oldest first; what runs goes on")
    func drain() throws {
        var pool = ThreadPool(try .init(core: 2, queue: 10))
        for task in UInt64(0)..<6 { _ = pool.submit(task, at: .zero) }
        #expect(pool.drain() == [2, 3, 4, 5])
        #expect(pool.queued == 0)
        #expect(pool.active == 2)
        #expect(pool.finish(at: .zero) == .rest)
        #expect(pool.drain() == [])
    }

    @Test("finishing when nothing runs changes nothing")
    func finishNothing() throws {
        var pool = ThreadPool(try .init(core: 2, queue: 10))
        let untouched = pool
        #expect(pool.finish(at: .zero) == .rest)
        #expect(pool == untouched)
        #expect(pool.size == 0)
    }
}
