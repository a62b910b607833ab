import Bulkheads
import Testing
import Timeline

@Suite("Order of the queue")
struct PriorityTests {
    typealias Priority = ThreadPool.Priority

    private func pool(_ order: ThreadPool.Order) throws -> ThreadPool {
        var pool = ThreadPool(try .init(core: 1, queue: 100, order: order))
        _ = pool.submit(0, at: .zero)
        return pool
    }

    @Test("the more important runs first, and of equals the one that came first")
    func byPriority() throws {
        var pool = try pool(.priority())
        let arrivals: [Priority] = [.low, .normal, .critical, .high, .normal, .critical, .low]
        let positions = zip(UInt64(1)..., arrivals).map { task, priority in
            pool.submit(task, priority: priority, at: .zero).place?.position
        }
        #expect(positions == [1, 1, 1, 2, 4, 2, 7])
        #expect(Priority.allCases.map { pool.queued($0) } == [2, 1, 2, 2])
        #expect(pool.runAll() == [3, 6, 4, 2, 5, 1, 7])
    }

    @Test("with equal priorities the order is that of arrival")
    func allEqual() throws {
        for priority in Priority.allCases {
            var pool = try pool(.priority(ageing: .seconds(1)))
            for task in UInt64(1)...20 { _ = pool.submit(task, priority: priority, at: .after(.seconds(Int64(task)))) }
            #expect(pool.runAll(at: .after(.seconds(30))) == Array(1...20))
        }
    }

    @Test("first in, first out knows no priorities: a critical task waits behind a low one")
    func fifo() throws {
        var pool = try pool(.fifo)
        _ = pool.submit(1, priority: .low, at: .zero)
        #expect(pool.submit(2, priority: .critical, at: .zero).place?.position == 2)
        #expect(pool.queued(.critical) == 0)
        #expect(pool.runAll() == [1, 2])
    }

    @Test("last in, first out: under overload the newest is served, the oldest starves")
    func lifo() throws {
        var pool = try pool(.lifo)
        for second in Int64(1)...4 { _ = pool.submit(UInt64(second), at: .after(.seconds(second))) }
        #expect(pool.oldestWaiterSince == .after(.seconds(1)))
        #expect(pool.finish(at: .after(.seconds(4))).start?.task == 4)
        #expect(pool.submit(5, at: .after(.seconds(5))).place?.position == 1)
        #expect(pool.oldestWaiterSince == .after(.seconds(1)))
        #expect(pool.runAll() == [5, 3, 2, 1])
    }

    /// One thread, one low task, and each second a high one that takes a second: when does the low one start?
    private func startOfLow(ageing: Duration?) throws -> Int64? {
        var pool = try pool(.priority(ageing: ageing))
        _ = pool.submit(1, priority: .low, at: .zero)
        for second in Int64(1)...600 {
            _ = pool.submit(UInt64(second) + 1, priority: .high, at: .after(.seconds(second)))
            if pool.finish(at: .after(.seconds(second))).start?.task == 1 { return second }
            #expect(pool.queued(.low) == 1)
            #expect(pool.oldestWaiterSince(.low) == .zero)
        }
        return nil
    }

    @Test("a low task starves behind a stream of high ones; ageing cures it")
    func starvation() throws {
        #expect(try startOfLow(ageing: nil) == nil)
        // Two levels up it counts as high, and is the oldest of these.
        #expect(try startOfLow(ageing: .seconds(30)) == 60)
        #expect(try startOfLow(ageing: .seconds(5)) == 10)
    }

    @Test("ageing makes a low task as important as a critical one, not more")
    func ageingEnds() throws {
        var pool = try pool(.priority(ageing: .seconds(1)))
        _ = pool.submit(1, priority: .critical, at: .zero)
        _ = pool.submit(2, priority: .low, at: .after(.seconds(1)))
        _ = pool.submit(3, priority: .critical, at: .after(.seconds(2)))
        #expect(pool.runAll(at: .after(.seconds(100))) == [1, 2, 3])
    }

    @Test("another order counts from the change on; those that wait keep their priorities")
    func changeOfOrder() throws {
        var pool = try pool(.priority())
        let arrivals: [Priority] = [.low, .critical, .normal]
        for (task, priority) in zip(UInt64(1)..., arrivals) {
            _ = pool.submit(task, priority: priority, at: .after(.seconds(Int64(task))))
        }
        var last = pool
        _ = last.resize(to: try .init(core: 1, queue: 100, order: .lifo), at: .after(.seconds(9)))
        #expect(last.runAll() == [3, 2, 1])
        var first = pool
        _ = first.resize(to: try .init(core: 1, queue: 100), at: .after(.seconds(9)))
        #expect(first.runAll() == [1, 2, 3])
        #expect(pool.runAll() == [2, 3, 1])
    }
}
