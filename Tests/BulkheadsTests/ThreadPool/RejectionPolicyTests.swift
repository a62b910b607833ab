import Bulkheads
import Testing
import Timeline

/// Vectors: the JDK's four handlers on a pool of one thread and one place, and its ThreadPoolExecutorTest (TCK).
@Suite("When a pool is full")
struct RejectionPolicyTests {
    typealias Policy = ThreadPool.RejectionPolicy

    private func pool(_ policy: Policy, order: ThreadPool.Order = .fifo, queue: Int = 1) throws -> ThreadPool {
        ThreadPool(try .init(core: 1, queue: queue, whenFull: policy, order: order))
    }

    @Test(
        "of three tasks at once, each policy loses or runs another one, and tells",
        arguments: [
            (Policy.abort, "rqx", [UInt64(1)]),
            (.callerRuns, "rqc", [1]),
            (.discard, "rqx", [1]),
            // TCK: testSaturatedExecute_DiscardOldestPolicy.
            (.discardOldest, "rqd", [2]),
        ])
    func threeTasks(policy: Policy, answers: String, laterRun: [UInt64]) throws {
        var pool = try pool(policy)
        #expect(pool.burst(3) == answers)
        #expect(pool.runAll() == laterRun)
    }

    @Test("a discarded task is told as such, whether it is the new one or the oldest")
    func told() throws {
        var discard = try pool(.discard)
        _ = discard.burst(2)
        #expect(discard.submit(2, at: .zero).reason == .discarded)
        #expect(discard.totals.discarded == 1)

        var oldest = try pool(.discardOldest)
        _ = oldest.burst(2)
        #expect(oldest.submit(2, at: .zero).displaced == 1)
        #expect(oldest.totals.discarded == 1)
        #expect(oldest.totals.rejected == 1)
    }

    @Test("the caller's thread is not one of the pool's: it is counted, and never finished")
    func callerRuns() throws {
        var pool = try pool(.callerRuns)
        _ = pool.burst(2)
        for task in UInt64(2)..<5 { #expect(pool.submit(task, at: .zero) == .callerRuns) }
        #expect(pool.active == 1)
        #expect(pool.totals.ranByCaller == 3)
        #expect(pool.totals.started == 1)
        #expect(pool.totals.rejected == 0)
    }

    @Test("TCK: after shutdown every policy turns every task away, also those that would drop it without a word")
    func afterShutdown() throws {
        for policy in Policy.allCases {
            for stopsNow in [false, true] {
                var pool = try pool(policy)
                _ = pool.burst(2)
                if stopsNow { #expect(pool.shutDownNow(at: .zero) == [1]) } else { pool.shutDown(at: .zero) }
                #expect(pool.submit(9, at: .zero).reason == .shutDown)
                #expect(pool.runAll() == (stopsNow ? [] : [1]))
                #expect(pool.submit(9, at: .zero).reason == .shutDown)
                #expect(pool.totals.shutDown == 2)
            }
        }
    }

    @Test("the oldest is the one that has waited longest in any order, and of the least important by priority")
    func whoIsOldest() throws {
        for (order, displaced) in [(ThreadPool.Order.fifo, UInt64(1)), (.lifo, 1), (.priority(), 2)] {
            var pool = try pool(.discardOldest, order: order, queue: 3)
            _ = pool.submit(0, at: .zero)
            let priorities: [ThreadPool.Priority] = [.high, .low, .low]
            for (task, priority) in zip(UInt64(1)..., priorities) {
                _ = pool.submit(task, priority: priority, at: .zero)
            }
            #expect(pool.submit(4, priority: .normal, at: .zero).displaced == displaced)
            #expect(pool.queued == 3)
        }
    }

    @Test("a task displaces none that is more important")
    func moreImportant() throws {
        var pool = try pool(.discardOldest, order: .priority())
        _ = pool.submit(0, at: .zero)
        _ = pool.submit(1, priority: .high, at: .zero)
        #expect(pool.submit(2, priority: .normal, at: .zero).reason == .full)
        #expect(pool.submit(3, priority: .high, at: .zero).displaced == 1)
        #expect(pool.submit(4, priority: .critical, at: .zero).displaced == 3)
    }

    @Test("a direct hand-off has nobody to displace: the new task is turned away, where the JDK would not return")
    func handOff() throws {
        var pool = try pool(.discardOldest, queue: 0)
        #expect(pool.burst(2) == "rx")
        #expect(pool.totals.full == 1)
    }

    @Test("after a resize to fewer places they are displaced one for one")
    func afterResize() throws {
        var pool = try pool(.discardOldest, queue: 4)
        _ = pool.burst(5)
        _ = pool.resize(to: try .init(core: 1, queue: 2, whenFull: .discardOldest), at: .zero)
        #expect(pool.submit(5, at: .zero).displaced == 1)
        #expect(pool.queued == 4)
        #expect(pool.runAll() == [2, 3, 4, 5])
    }
}
