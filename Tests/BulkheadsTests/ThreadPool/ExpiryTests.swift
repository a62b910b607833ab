import Bulkheads
import Testing
import Timeline

@Suite("Tasks that come too late")
struct ExpiryTests {
    /// One thread that is busy, and tasks 1, 2, 3 with deadlines at 1, 2 and 3 s.
    private func pool(
        _ expired: ThreadPool.ExpiredTasks, maximumWait: Duration = .maximum
    ) throws -> ThreadPool {
        var pool = ThreadPool(try .init(core: 1, queue: 10, expired: expired, maximumWait: maximumWait))
        _ = pool.submit(0, at: .zero)
        for second in Int64(1)...3 {
            _ = pool.submit(UInt64(second), deadline: .after(.seconds(second)), at: .zero)
        }
        return pool
    }

    @Test("a pool runs them all the same, unless it is told to drop them")
    func runs() throws {
        var pool = try pool(.run)
        #expect(pool.runAll(at: .after(.seconds(60))) == [1, 2, 3])
        #expect(pool.totals.expired == 0)
    }

    @Test("a dropped task is handed out to be told, and its thread asks for the next")
    func drops() throws {
        var pool = try pool(.drop)
        guard case .expired(let first) = pool.finish(at: .after(.seconds(2))) else {
            Issue.record("not expired")
            return
        }
        #expect(first.task == 1)
        #expect(first.waited == .seconds(2))
        #expect(pool.active == 1, "the thread is busy telling")
        guard case .expired(let second) = pool.nextAfterExpired(at: .after(.seconds(2))) else {
            Issue.record("a deadline that is now is not over")
            return
        }
        #expect(second.task == 2)
        #expect(pool.nextAfterExpired(at: .after(.seconds(2))).start?.task == 3)
        #expect(pool.nextAfterExpired(at: .after(.seconds(2))) == .rest, "nobody is told any more")
        #expect(pool.totals.expired == 2)
        #expect(pool.totals.started == 2)
        #expect(pool.totals.completed == 1)
    }

    @Test("a thread that tells has no task to finish")
    func finishWhileTelling() throws {
        var pool = try pool(.drop)
        _ = pool.finish(at: .after(.seconds(9)))
        #expect(pool.finish(at: .after(.seconds(9))) == .rest)
        #expect(pool.totals.completed == 1)
        #expect(pool.queued == 2)
    }

    @Test("a task whose deadline is over when it comes is turned away if late ones are dropped")
    func onArrival() throws {
        for (expired, letter) in [(ThreadPool.ExpiredTasks.run, Character("r")), (.drop, "x")] {
            var pool = ThreadPool(try .init(core: 1, queue: 0, expired: expired))
            #expect(pool.submit(1, deadline: .after(.seconds(5)), at: .after(.seconds(5))).letter == letter)
        }
    }

    @Test("a task older than the maximum wait is dropped, with or without a deadline; one exactly as old runs")
    func maximumWait() throws {
        var pool = ThreadPool(try .init(core: 1, queue: 10, maximumWait: .seconds(5)))
        _ = pool.submit(0, at: .zero)
        _ = pool.submit(1, at: .zero)
        _ = pool.submit(2, at: .after(.nanoseconds(1)))
        guard case .expired(let old) = pool.finish(at: .after(.nanoseconds(5_000_000_001))) else {
            Issue.record("not expired")
            return
        }
        #expect(old.task == 1)
        #expect(pool.nextAfterExpired(at: .after(.nanoseconds(5_000_000_001))).start?.task == 2)
    }

    @Test("threads that a larger core starts find expired tasks too")
    func resize() throws {
        var pool = try pool(.drop)
        let larger = try ThreadPool.Settings(core: 3, queue: 10, expired: .drop)
        let taken = pool.resize(to: larger, at: .after(.seconds(1)))
        #expect(taken.count == 2)
        #expect(taken.map(\.start?.task) == [nil, 2])
        #expect(pool.active == 3)
        #expect(pool.nextAfterExpired(at: .after(.seconds(1))).start?.task == 3)
    }
}
