import Bulkheads
import Testing
import Timeline

/// Vectors: the JDK's ThreadPoolExecutorTest (TCK), resilience4j's ThreadPoolBulkheadTest, FixedThreadPoolBulkheadTest
/// and ThreadPoolBulkheadConfigTest (R4J), Hystrix's HystrixThreadPoolProperties (HY).
@Suite("Thread pools as others know them")
struct ThreadPoolConformanceTests {
    @Test("TCK testPrestartCoreThread: one idle thread at a time up to the core size, also after it grew")
    func prestartOne() throws {
        var pool = ThreadPool(try .init(core: 2, maximum: 6, queue: 10))
        #expect(pool.size == 0)
        #expect((0..<3).map { _ in pool.prestart(atMost: 1, at: .zero) } == [1, 1, 0])
        #expect(pool.size == 2)
        _ = pool.resize(to: try .init(core: 4, maximum: 6, queue: 10), at: .zero)
        #expect((0..<3).map { _ in pool.prestart(atMost: 1, at: .zero) } == [1, 1, 0])
        #expect(pool.size == 4)
    }

    @Test("TCK testPrestartAllCoreThreads")
    func prestartAll() throws {
        var pool = ThreadPool(try .init(core: 2, maximum: 6, queue: 10))
        #expect(pool.prestart(at: .zero) == 2)
        #expect(pool.prestart(at: .zero) == 0)
        _ = pool.resize(to: try .init(core: 4, maximum: 6, queue: 10), at: .zero)
        #expect(pool.prestart(at: .zero) == 2)
        #expect(pool.size == 4)
        #expect(pool.idle == 4)
        #expect(pool.totals.largestSize == 4)
    }

    @Test("prestarted threads take tasks at once, and end only above the core size")
    func prestarted() throws {
        var pool = ThreadPool(try .init(core: 2, queue: 1))
        _ = pool.prestart(at: .zero)
        #expect(pool.nextExpiry == nil)
        #expect(pool.burst(4) == "rrqx")
        #expect(pool.size == 2)
        #expect(pool.prestart(atMost: -1, at: .zero) == 0)
    }

    @Test("TCK testGetActiveCount, testGetTaskCount, testGetCompletedTaskCount, testGetLargestPoolSize")
    func counts() throws {
        var pool = ThreadPool(try .init(core: 3, queue: 10))
        #expect(pool.active == 0)
        _ = pool.burst(5)
        #expect(pool.active == 3)
        #expect(pool.totals.submitted == 5)
        #expect(pool.totals.completed == 0)
        #expect(pool.totals.largestSize == 3)
        #expect(pool.runAll() == [3, 4])
        while pool.active > 0 { _ = pool.finish(at: .zero) }
        #expect(pool.totals.completed == 5)
        #expect(pool.totals.largestSize == 3)
    }

    @Test("TCK testGetQueue, testRemove: what runs is not in the queue; what is removed is so once")
    func remove() throws {
        var pool = ThreadPool(try .init(core: 1, queue: 10))
        _ = pool.burst(6)
        #expect(pool.queued == 5)
        #expect([0, 4, 4, 3, 3].map { pool.cancel($0) } == [false, true, false, true, false])
        #expect(pool.runAll() == [1, 2, 5])
    }

    @Test("TCK testPurge: of five tasks two are cancelled while they wait, and two are left")
    func purge() throws {
        var pool = ThreadPool(try .init(core: 1, queue: 10))
        _ = pool.burst(5)
        #expect([4, 3].map { pool.cancel($0) } == [true, true])
        #expect(pool.queued == 2)
        #expect(pool.totals.submitted - pool.totals.withdrawn == 3)
    }

    @Test("TCK testPoolSizeInvariants, testConstructor1-5: no core above the maximum, whichever is changed")
    func sizes() {
        for size in 1..<5 {
            #expect(throws: Never.self) { try ThreadPool.Settings(core: size, maximum: size, queue: 10) }
            #expect(throws: SettingError.self) { try ThreadPool.Settings(core: size, maximum: size - 1, queue: 10) }
            #expect(throws: SettingError.self) { try ThreadPool.Settings(core: size + 1, maximum: size, queue: 10) }
        }
        for (core, maximum, keepAlive) in [(-1, 1, Int64(1)), (1, -1, 1), (1, 0, 1), (1, 2, -1), (2, 1, 1)] {
            #expect(throws: SettingError.self) {
                try ThreadPool.Settings(core: core, maximum: maximum, queue: 10, keepAlive: .seconds(keepAlive))
            }
        }
    }

    @Test("TCK testAllowsCoreThreadTimeOut: off by default; on, an idle core thread ends too; off, it stays")
    func coreTimesOut() throws {
        #expect(try !ThreadPool.Settings(core: 2, queue: 10).coreTimesOut)
        for (timesOut, size) in [(true, 0), (false, 1)] {
            var pool = ThreadPool(
                try .init(core: 2, maximum: 10, queue: 10, keepAlive: .seconds(1), coreTimesOut: timesOut))
            _ = pool.submit(1, at: .zero)
            #expect(pool.size == 1)
            _ = pool.finish(at: .zero)
            pool.advance(to: .after(.seconds(2)))
            #expect(pool.size == size)
            #expect(pool.submit(2, at: .after(.seconds(2))) == .run)
        }
    }

    @Test("TCK testRejectedRecycledTask: the same task may come again, also after it was turned away")
    func recycled() throws {
        var pool = ThreadPool(try .init(core: 1, maximum: 30, queue: 30))
        var accepted = 0
        while accepted < 1000 {
            if pool.submit(7, at: .zero).reason == nil { accepted += 1 } else { _ = pool.finish(at: .zero) }
        }
        while pool.active > 0 { _ = pool.finish(at: .zero) }
        #expect(pool.totals.completed == 1000)
        #expect(pool.totals.largestSize == 30)
    }

    @Test("the guide never starts a thread with a core of 0, and lets all idle ones leave; the JDK does neither")
    func guide() throws {
        for queue in [0, 5] {
            var pool = ThreadPool(try .init(core: 0, maximum: 2, queue: queue))
            #expect(pool.submit(1, at: .zero) == .run)
        }
        var pool = ThreadPool(try .init(core: 2, maximum: 6, queue: 0, keepAlive: .seconds(1)))
        _ = pool.burst(6)
        for _ in 0..<6 { _ = pool.finish(at: .zero) }
        pool.advance(to: .after(.seconds(60)))
        #expect(pool.size == 2)
    }

    @Test("R4J: core 1, maximum 2, queue 10, keep-alive 10 ms: the queue fills before the second thread starts")
    func fixedThreadPool() throws {
        var pool = ThreadPool(try .init(core: 1, maximum: 2, queue: 10, keepAlive: .milliseconds(10)))
        #expect(pool.burst(13) == "rqqqqqqqqqqrx")
        #expect(pool.runAll() == Array(1...10))
        while pool.active > 0 { _ = pool.finish(at: .zero) }
        pool.advance(to: .after(.milliseconds(10)))
        #expect(pool.size == 1)
    }

    @Test("R4J ThreadPoolBulkheadConfigTest: sizes below 1, a queue below 0 and core above maximum are refused")
    func r4jSettings() {
        #expect(throws: SettingError.self) { try ThreadPool.Settings(core: 1, maximum: -1, queue: 1) }
        #expect(throws: SettingError.self) { try ThreadPool.Settings(core: -1, queue: 1) }
        #expect(throws: SettingError.self) { try ThreadPool.Settings(core: 1, queue: -1) }
        #expect(throws: SettingError.self) { try ThreadPool.Settings(core: 4, maximum: 2, queue: 1) }
    }

    @Test("HY: core = maximum = 10 and a hand-off; with a queue, its rejection threshold is changed at work")
    func hystrix() throws {
        var handOff = ThreadPool(try .init(core: 10, queue: 0, keepAlive: .seconds(60)))
        #expect(handOff.burst(11) == "rrrrrrrrrrx")

        var pool = ThreadPool(try .init(core: 1, queue: 5))
        #expect(pool.burst(7) == "rqqqqqx")
        _ = pool.resize(to: try .init(core: 1, queue: 7), at: .zero)
        #expect(pool.burst(3) == "qqx")
        _ = pool.resize(to: try .init(core: 1, queue: 2), at: .zero)
        #expect(pool.submit(9, at: .zero).reason == .full)
        #expect(pool.queued == 7)
    }
}
