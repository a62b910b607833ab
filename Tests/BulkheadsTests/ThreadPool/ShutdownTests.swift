import Bulkheads
import Testing
import Timeline

/// Vectors: the JDK's ThreadPoolExecutorTest (JSR-166 TCK).
@Suite("Shutting a pool down")
struct ShutdownTests {
    @Test("TCK testIsShutdown, testIsTerminated: an empty pool has ended at once, a busy one after its last task")
    func terminated() throws {
        var empty = ThreadPool(try .init(core: 1, queue: 10))
        #expect(!empty.isShutDown && !empty.isTerminated)
        empty.shutDown(at: .zero)
        #expect(empty.isShutDown && empty.isTerminated)

        var busy = ThreadPool(try .init(core: 1, queue: 10))
        _ = busy.submit(1, at: .zero)
        busy.shutDown(at: .zero)
        #expect(busy.isShutDown && !busy.isTerminated)
        #expect(busy.finish(at: .zero) == .rest)
        #expect(busy.isTerminated)
        #expect(busy.size == 0)
    }

    @Test("what waits still runs, in order, and then the threads end; ten queued callers all get an answer")
    func queuedStillRun() throws {
        var pool = ThreadPool(try .init(core: 2, queue: 10))
        #expect(pool.burst(12) == "rrqqqqqqqqqq")
        pool.shutDown(at: .zero)
        #expect(pool.queued == 10)
        #expect(pool.runAll() == Array(2..<12))
        #expect(!pool.isTerminated)
        #expect(pool.finish(at: .zero) == .rest)
        #expect(pool.isTerminated)
        #expect(pool.totals.completed == 12)
    }

    @Test("TCK testShutdownNow: of five tasks on two threads three are handed back and never run")
    func now() throws {
        var pool = ThreadPool(try .init(core: 2, queue: 10))
        _ = pool.burst(5)
        #expect(pool.shutDownNow(at: .zero) == [2, 3, 4])
        #expect(pool.isShutDown && !pool.isTerminated)
        #expect(pool.queued == 0)
        #expect(pool.runAll() == [])
        #expect(pool.finish(at: .zero) == .rest)
        #expect(pool.isTerminated)
        #expect(pool.totals.completed == 2)
        #expect(pool.totals.withdrawn == 3)
    }

    @Test("those handed back come in the order in which they would have run")
    func order() throws {
        for (order, tasks) in [
            (ThreadPool.Order.fifo, [UInt64(1), 2, 3]), (.lifo, [3, 2, 1]), (.priority(), [3, 2, 1]),
        ] {
            var pool = ThreadPool(try .init(core: 1, queue: 10, order: order))
            for (task, priority) in zip(UInt64(0)..., [ThreadPool.Priority.low, .low, .normal, .high]) {
                _ = pool.submit(task, priority: priority, at: .zero)
            }
            #expect(pool.shutDownNow(at: .zero) == tasks)
        }
    }

    @Test("idle threads end at once, and no new ones are started")
    func idleThreads() throws {
        var pool = ThreadPool(try .init(core: 3, queue: 10))
        #expect(pool.prestart(at: .zero) == 3)
        pool.shutDown(at: .zero)
        #expect(pool.isTerminated)
        #expect(pool.prestart(at: .zero) == 0)
        #expect(pool.submit(1, at: .zero).reason == .shutDown)
    }

    @Test("shutting down twice, or now after in order, is allowed")
    func twice() throws {
        var pool = ThreadPool(try .init(core: 1, queue: 10))
        _ = pool.burst(3)
        pool.shutDown(at: .zero)
        pool.shutDown(at: .zero)
        #expect(pool.queued == 2)
        #expect(pool.shutDownNow(at: .zero) == [1, 2])
        #expect(pool.shutDownNow(at: .zero) == [])
    }

    @Test(
        "a larger core after shutdown still helps those that wait (JDK: threads may start while the queue is not empty)"
    )
    func resize() throws {
        var pool = ThreadPool(try .init(core: 1, queue: 10))
        _ = pool.burst(4)
        pool.shutDown(at: .zero)
        let taken = pool.resize(to: try .init(core: 3, queue: 10), at: .zero)
        #expect(taken.map(\.start?.task) == [1, 2])
        #expect(pool.submit(9, at: .zero).reason == .shutDown)
    }

    @Test("TCK testSubmittedTasksRejectedWhenSaturatedOrShutdown")
    func rejectedThroughout() throws {
        for stopsNow in [false, true] {
            var pool = ThreadPool(try .init(core: 1, queue: 1, keepAlive: .seconds(1)))
            #expect(pool.burst(4) == "rqxx")
            if stopsNow { _ = pool.shutDownNow(at: .zero) } else { pool.shutDown(at: .zero) }
            #expect(pool.burst(2) == "xx")
            #expect(!pool.isTerminated)
            while pool.active > 0 { _ = pool.finish(at: .zero) }
            #expect(pool.isTerminated)
            #expect(pool.burst(2) == "xx")
            #expect(pool.totals.completed == (stopsNow ? 1 : 2))
        }
    }
}
