import Bulkheads
import Testing
import Timeline

@Suite("Keep-alive")
struct ThreadPoolKeepAliveTests {
    /// Three threads on a core of one; they become idle at 0, 1 and 2 s.
    private func idlePool(queue: Int) throws -> ThreadPool {
        var pool = ThreadPool(try .init(core: 1, maximum: 3, queue: queue, keepAlive: .seconds(10)))
        for task in 0..<UInt64(3 + queue) { _ = pool.submit(task, at: .zero) }
        for _ in 0..<queue { _ = pool.finish(at: .zero) }
        for second in Int64(0)..<3 { _ = pool.finish(at: .after(.seconds(second))) }
        return pool
    }

    @Test("idle threads above the core end one by one, each after its own keep-alive")
    func endsOneByOne() throws {
        var pool = try idlePool(queue: 1)
        #expect(pool.nextExpiry == .after(.seconds(10)))
        pool.advance(to: .after(.nanoseconds(9_999_999_999)))
        #expect(pool.size == 3)
        pool.advance(to: .after(.seconds(10)))
        #expect(pool.size == 2)
        pool.advance(to: .after(.seconds(11)))
        #expect(pool.size == 1)
        #expect(pool.nextExpiry == nil)
        pool.advance(to: .distantFuture)
        #expect(pool.size == 1)
    }

    @Test("JDK: a queue wakes the thread that was idle longest, a hand-off the one that was idle last")
    func whoTakesTheTask() throws {
        for (queue, expiry) in [(1, 11), (0, 10)] {
            var pool = try idlePool(queue: queue)
            #expect(pool.submit(9, at: .after(.seconds(3))) == .run)
            #expect(pool.nextExpiry == .after(.seconds(Int64(expiry))))
        }
    }

    @Test("keep-alive of zero ends a thread above the core as soon as nothing waits")
    func zero() throws {
        var pool = ThreadPool(try .init(core: 0, maximum: 2, queue: 1, keepAlive: .zero))
        for task in UInt64(0)..<3 { _ = pool.submit(task, at: .zero) }
        #expect(pool.finish(at: .zero).start?.task == 1)
        #expect(pool.finish(at: .zero) == .rest)
        #expect(pool.size == 1)
        #expect(pool.finish(at: .zero) == .rest)
        #expect(pool.size == 0)
    }

    @Test("expired threads are gone before the next task is placed")
    func expiresBeforeSubmit() throws {
        var pool = try idlePool(queue: 1)
        #expect(pool.submit(9, at: .after(.seconds(60))) == .run)
        #expect(pool.size == 1)
        #expect(pool.submit(10, at: .after(.seconds(60))).place?.position == 1)
    }
}

@Suite("Resizing a pool at work")
struct ThreadPoolResizeTests {
    @Test("JDK: a larger core starts threads for the tasks that wait, a larger maximum alone does not")
    func grows() throws {
        var pool = ThreadPool(try .init(core: 1, queue: 10))
        for task in UInt64(0)..<6 { _ = pool.submit(task, at: .zero) }
        #expect(pool.resize(to: try .init(core: 1, maximum: 5, queue: 10), at: .zero).isEmpty)
        let starts = pool.resize(to: try .init(core: 3, maximum: 5, queue: 10), at: .after(.seconds(2)))
        #expect(starts.map(\.start?.task) == [1, 2])
        #expect(starts.map(\.start?.waited) == [.seconds(2), .seconds(2)])
        #expect(pool.active == 3)
        #expect(pool.totals.largestSize == 3)
    }

    @Test("JDK: a smaller maximum ends idle threads at once and busy ones after their task")
    func shrinks() throws {
        var pool = ThreadPool(try .init(core: 4, queue: 10))
        for task in UInt64(0)..<6 { _ = pool.submit(task, at: .zero) }
        #expect(pool.resize(to: try .init(core: 2, queue: 10), at: .zero).isEmpty)
        #expect(pool.size == 4)
        #expect(pool.finish(at: .zero) == .rest)
        #expect(pool.finish(at: .zero) == .rest)
        #expect(pool.size == 2)
        #expect(pool.finish(at: .zero).start?.task == 4)

        var idle = ThreadPool(try .init(core: 4, queue: 10))
        for task in UInt64(0)..<4 { _ = idle.submit(task, at: .zero) }
        for _ in 0..<3 { _ = idle.finish(at: .zero) }
        _ = idle.resize(to: try .init(core: 2, queue: 10), at: .zero)
        #expect(idle.size == 2)
        #expect(idle.active == 1)
    }

    @Test("a smaller queue keeps what waits and takes no more until there is room")
    func smallerQueue() throws {
        var pool = ThreadPool(try .init(core: 1, queue: 5))
        for task in UInt64(0)..<5 { _ = pool.submit(task, at: .zero) }
        _ = pool.resize(to: try .init(core: 1, queue: 4), at: .zero)
        guard case .rejected = pool.submit(9, at: .zero) else {
            Issue.record("not rejected")
            return
        }
        #expect(pool.finish(at: .zero).start?.task == 1)
        #expect(pool.submit(10, at: .zero).place?.position == 4)
    }
}

@Suite("Pool settings")
struct ThreadPoolSettingsTests {
    typealias Settings = ThreadPool.Settings

    @Test("a value out of range is refused by name, with the range")
    func refusals() {
        let refused: [(String, () throws -> Settings)] = [
            ("core: -1 is out of range; allowed: 0 or more", { try .init(core: -1, queue: 0) }),
            (
                "maximum: 2 is out of range; allowed: 3 or more (core is 3)",
                { try .init(core: 3, maximum: 2, queue: 0) }
            ),
            (
                "maximum: 0 is out of range; allowed: 1 or more (core is 0)",
                { try .init(core: 0, maximum: 0, queue: 0) }
            ),
            ("queue: -1 is out of range; allowed: 0 or more", { try .init(core: 1, queue: -1) }),
            (
                "keepAlive: -1s is out of range; allowed: 0s or more",
                { try .init(core: 1, queue: 0, keepAlive: .seconds(-1)) }
            ),
            (
                "keepAlive: 0s is out of range; allowed: more than 0s (core threads time out)",
                { try .init(core: 1, queue: 0, keepAlive: .zero, coreTimesOut: true) }
            ),
            (
                "ageing: 0s is out of range; allowed: more than 0s",
                { try .init(core: 1, queue: 0, order: .priority(ageing: .zero)) }
            ),
            (
                "maximumWait: -1s is out of range; allowed: 0s or more",
                { try .init(core: 1, queue: 0, maximumWait: .seconds(-1)) }
            ),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
        }
    }

    @Test("the maximum defaults to the core size, but to at least one thread")
    func maximum() throws {
        #expect(try Settings(core: 4, queue: 0).maximum == 4)
        #expect(try Settings(core: 0, queue: 0).maximum == 1)
    }
}
