import Bulkheads
import Testing
import Timeline

@Suite("Connection pool")
struct ConnectionPoolTests {
    @Test(
        "Room is reserved before a connection is created: 50 callers make 10, all at once or one by one",
        arguments: [1, 50])
    func reservesFirst(concurrentCreations: Int) throws {
        var database = VirtualDatabase(
            try .init(minimumIdle: 0, concurrentCreations: concurrentCreations), openTime: .milliseconds(50))
        for request in UInt64(0)..<50 { database.call(request) }
        database.run(for: .seconds(1))
        #expect(database.pool.totals.creationsBegun == 10)
        #expect(database.pool.totals.largestTotal == 10)
        #expect(database.pool.occupancy.description == "total=10, active=10, idle=0, waiting=40")
    }

    @Test("Counts go down as connections go: broken ones are replaced for ever")
    func countsGoDown() throws {
        var database = VirtualDatabase(try .init(maximum: 2, minimumIdle: 0))
        for request in UInt64(0)..<1_000 {
            database.call(request)
            database.run(for: .zero)
            database.giveBack(request, broken: true)
        }
        #expect(database.pool.totals.created == 1_000)
        #expect(database.pool.totals.closed[.broken] == 1_000)
        #expect(database.pool.total == 0)
    }

    @Test("A connection that comes back broken has a new one created for who waits")
    func brokenWakes() throws {
        var database = VirtualDatabase(try .init(maximum: 1), openTime: .milliseconds(5))
        database.call(1)
        database.run(for: .milliseconds(5))
        database.call(2)
        database.run(for: .milliseconds(5))
        #expect(database.pool.waiting == 1)
        database.giveBack(1, broken: true)
        database.run(for: .milliseconds(5))
        #expect(database.grants.map(\.request) == [1, 2])
        #expect(database.grants[0].connection != database.grants[1].connection)
    }

    @Test("Who gave up gets no connection, and none is lost: 100 ms deadlines under load leave all idle after it")
    func noLostHandOver() throws {
        var database = VirtualDatabase(
            try .init(maximum: 4, connectionTimeout: .milliseconds(100)), openTime: .milliseconds(1))
        for request in UInt64(0)..<400 {
            database.call(request, work: .milliseconds(50), after: .milliseconds(5) * Int64(request))
        }
        database.run(for: .seconds(60))
        #expect(database.timeouts.count > 100)
        #expect(database.grants.count + database.timeouts.count == 400)
        #expect(Set(database.grants.map(\.request)).isDisjoint(with: database.timeouts.map(\.request)))
        #expect((database.pool.idle, database.pool.active) == (4, 0))
    }

    @Test("A waiter leaves at its deadline even if a connection comes back at that moment")
    func deadlineFirst() throws {
        var database = VirtualDatabase(try .init(maximum: 1))
        database.call(1)
        database.run(for: .zero)
        database.call(2, deadline: .after(.milliseconds(10)))
        database.call(3, deadline: .after(.milliseconds(11)))
        database.run(for: .milliseconds(10))
        database.giveBack(1)
        #expect(database.timeouts.map(\.request) == [2])
        #expect(database.grants.map(\.request) == [1, 3])
    }

    @Test("Deadlines end waits in their own order, whatever the order of the line")
    func deadlinesInOrder() throws {
        var database = VirtualDatabase(try .init(maximum: 1))
        database.call(1)
        for (request, end) in [(2, 50), (3, 10), (4, 30), (5, 10), (6, 20)] {
            database.call(UInt64(request), deadline: .after(.milliseconds(Int64(end))))
        }
        database.run(for: .seconds(1))
        #expect(database.timeouts.map(\.request) == [3, 5, 6, 4, 2])
        #expect(database.timeouts.map(\.at) == [10, 10, 20, 30, 50].map { .after(.milliseconds($0)) })
        #expect(database.timeouts.map(\.occupancy.waiting) == [4, 3, 2, 1, 0])
    }

    @Test("Who cannot wait gets an idle connection or nothing, and is a sign of need all the same")
    func noWaiting() throws {
        var database = VirtualDatabase(
            try .init(maximum: 2, minimumIdle: 0, connectionTimeout: .zero), openTime: .milliseconds(5))
        database.call(1)
        database.run(for: .milliseconds(5))
        #expect(database.timeouts.map(\.request) == [1])
        #expect(database.pool.idle == 1)
        database.call(2)
        database.run(for: .zero)
        #expect(database.grants.map(\.request) == [2])
    }

    @Test("Above the limit of waiters requests are turned away")
    func fullLine() throws {
        var pool = ConnectionPool(try .init(maximum: 1, waiters: 2), at: .zero)
        #expect(pool.lease(1, at: .zero) == .waiting(position: 1))
        #expect(pool.lease(2, at: .zero) == .waiting(position: 2))
        guard case .rejected(.full(let occupancy)) = pool.lease(3, at: .zero) else {
            Issue.record("not turned away")
            return
        }
        #expect(occupancy == .init(total: 1, active: 0, idle: 0, creating: 1, validating: 0, waiting: 2))
        #expect(pool.totals.rejected == 1)
    }

    @Test("With no place to wait a rested connection is still validated and given")
    func fullLineValidates() throws {
        var database = VirtualDatabase(try .init(maximum: 1, waiters: 0))
        database.run(for: .minutes(1))
        database.call(1)
        database.call(2)
        database.run(for: .seconds(1))
        #expect(database.grants.map(\.request) == [1])
        #expect(database.refusals == [2])
    }

    @Test(
        "Within 500 ms of its use a connection goes out unasked, after that it is pinged",
        arguments: [(500, 0), (501, 1)])
    func validation(rest: Int64, pings: Int) throws {
        var database = VirtualDatabase(try .init(maximum: 1))
        database.call(1)
        database.run(for: .zero)
        database.giveBack(1)
        database.pingTime = .milliseconds(3)
        database.run(for: .milliseconds(rest))
        database.call(2)
        database.run(for: .milliseconds(3))
        #expect(database.pool.totals.validations == pings)
        #expect(database.grants.map(\.request) == [1, 2])
        #expect(database.grants[0].connection == database.grants[1].connection)
    }

    @Test("While a ping is slow the pool serves others, and the waiter takes what comes first")
    func slowPing() throws {
        var database = VirtualDatabase(try .init(maximum: 2))
        database.call(1, work: .milliseconds(700))
        database.run(for: .milliseconds(600))
        database.pingTime = .seconds(3)
        database.call(2)
        database.run(for: .milliseconds(50))
        #expect((database.pool.validating, database.pool.waiting) == (1, 1))
        database.run(for: .milliseconds(50))
        // The connection that request 1 returned, with the ping still out.
        #expect(
            database.grants.last
                == .init(request: 2, connection: database.grants[0].connection, at: .after(.milliseconds(700))))
        database.giveBack(2)
        database.call(3)
        database.run(for: .zero)
        #expect(database.grants.last?.request == 3)
        database.run(for: .seconds(3))
        #expect((database.pool.validating, database.pool.idle) == (0, 1))
    }

    @Test("A dead connection is replaced and who waits keeps the place")
    func deadConnections() throws {
        var database = VirtualDatabase(try .init(maximum: 3), openTime: .milliseconds(10))
        database.run(for: .minutes(1))
        database.hangsUpAfter = .seconds(30)
        database.pingTime = .milliseconds(1)
        for request in UInt64(1)...5 { database.call(request, work: .milliseconds(100)) }
        database.run(for: .seconds(2))
        #expect(database.grants.map(\.request) == [1, 2, 3, 4, 5])
        #expect(database.pool.totals.closed[.dead] == 3)
        #expect(database.pool.totals.validationsFailed == 3)
        #expect(database.pool.total == 3)
    }

    @Test("A ping without an answer counts as a dead connection after 5 s")
    func lostPing() throws {
        var database = VirtualDatabase(try .init(maximum: 1))
        database.run(for: .seconds(10))
        database.pingTime = .minutes(5)
        database.call(1)
        database.run(for: .seconds(10))
        #expect(database.closed.map(\.at) == [.after(.seconds(15))])
        #expect(database.closed.map(\.reason) == [.dead])
        #expect(database.grants.map(\.at) == [.after(.seconds(15))])
        // The late answer is about a connection that is gone.
        database.run(for: .minutes(6))
        #expect(database.pool.active == 1)
    }

    @Test("Only rest counts as idle: longer in use than the idle timeout closes nothing")
    func inUseIsNotIdle() throws {
        var database = VirtualDatabase(
            try .init(
                maximum: 5, minimumIdle: 0, idleTimeout: .seconds(10), maxLifetime: nil, housekeeping: .seconds(1)))
        for request in UInt64(0)..<20 {
            database.call(request, work: .seconds(60))
            database.run(for: .seconds(65))
        }
        #expect(database.pool.totals.created == 1)
        #expect(database.closed.isEmpty)
        database.run(for: .seconds(10))
        #expect(database.closed.map(\.reason) == [.idle])
    }

    @Test("The connection used last goes out first, so that the others come to rest")
    func lastUsedFirst() throws {
        var database = VirtualDatabase(
            try .init(
                maximum: 5, minimumIdle: 0, idleTimeout: .seconds(10), housekeeping: .seconds(1),
                validateAfter: nil))
        for request in UInt64(0)..<5 { database.call(request, work: .milliseconds(10)) }
        database.run(for: .seconds(1))
        #expect(database.pool.idle == 5)
        for request in UInt64(10)..<40 {
            database.call(request, work: .milliseconds(10), after: .milliseconds(400) * Int64(request))
        }
        database.run(for: .seconds(15))
        #expect(database.pool.total == 1)
        #expect(database.pool.totals.closed[.idle] == 4)
    }

    @Test("A creation that has begun when its caller got another connection ends up idle, one that has not is left")
    func surplusCreations() throws {
        var database = VirtualDatabase(try .init(maximum: 10, minimumIdle: 0))
        database.call(0, work: .milliseconds(10))
        database.run(for: .zero)
        database.openTime = .milliseconds(100)
        for request in UInt64(1)...4 { database.call(request, work: .milliseconds(1)) }
        database.run(for: .milliseconds(20))
        #expect(database.grants.count == 5)
        #expect(database.pool.creating == 1)
        database.run(for: .seconds(1))
        #expect((database.pool.idle, database.pool.creating, database.pool.totals.creationsBegun) == (2, 0, 2))
    }

    @Test("A lease is handed back once; the second time does not touch the next holder")
    func doubleRelease() throws {
        var random = RandomStream(seed: 1, name: "pool", purpose: "lives")
        var pool = ConnectionPool(try .init(maximum: 1), at: .zero)
        guard case .create(let connection) = pool.popAction() else {
            Issue.record("no creation")
            return
        }
        #expect(pool.state(of: connection) == .creating)
        #expect(pool.created(connection, at: .zero, using: &random) == true)
        #expect(pool.created(connection, at: .zero, using: &random) == false)
        #expect(pool.creationFailed(connection, at: .zero) == false)
        #expect(pool.state(of: connection) == .idle)
        guard case .granted(let first) = pool.lease(7, at: .zero) else {
            Issue.record("not granted")
            return
        }
        #expect(pool.state(of: connection) == .inUse)
        #expect(pool.holder(of: connection) == 7)
        #expect(pool.release(first, at: .zero) == true)
        #expect(pool.release(first, at: .zero) == false)
        #expect(pool.holder(of: connection) == nil)
        guard case .granted(let second) = pool.lease(8, at: .zero) else {
            Issue.record("not granted again")
            return
        }
        #expect(second.connection == first.connection)
        #expect(pool.release(first, broken: true, at: .zero) == false)
        #expect(pool.holder(of: connection) == 8)
        #expect(pool.validated(connection, alive: false, at: .zero) == false)
        #expect(pool.release(second, broken: true, at: .zero) == true)
        #expect(pool.state(of: connection) == .removed)
        #expect(pool.release(second, at: .zero) == false)
        #expect(pool.lost(connection, at: .zero) == false)
    }

    @Test("Who withdraws is out of the line, and only then")
    func withdrawal() throws {
        var database = VirtualDatabase(try .init(maximum: 1))
        for request in UInt64(1)...4 { database.call(request) }
        database.run(for: .zero)
        database.operate { pool, now in
            #expect(pool.withdraw(3, at: now) == true)
            #expect(pool.withdraw(3, at: now) == false)
            #expect(pool.withdraw(1, at: now) == false)
            #expect(pool.withdraw(2, at: now) == true)
        }
        #expect(database.pool.oldestWaiterSince == .zero)
        database.giveBack(1)
        #expect(database.grants.map(\.request) == [1, 4])
        #expect(database.pool.totals.withdrawn == 2)
    }

    @Test("A lost connection is replaced; one in use when it is returned")
    func lostConnections() throws {
        var database = VirtualDatabase(try .init(maximum: 2))
        database.call(1)
        database.run(for: .zero)
        let used = database.grants[0].connection
        database.operate { pool, now in #expect(pool.lost(used, at: now) == true) }
        #expect(database.pool.active == 1)
        database.giveBack(1)
        database.run(for: .zero)
        #expect(database.closed.map(\.reason) == [.dead])
        #expect(database.pool.idle == 2)
    }

    @Test("A connection that is never returned is used up, and reclaimed if that is set")
    func reclaiming() throws {
        for reclaim in [nil, Duration.seconds(60)] {
            var database = VirtualDatabase(
                try .init(
                    maximum: 1, connectionTimeout: .minutes(5), leakThreshold: .seconds(10), reclaimAfter: reclaim))
            database.call(1)
            database.run(for: .seconds(1))
            database.call(2, work: .seconds(1))
            database.run(for: .minutes(10))
            #expect(database.leaks.map(\.request) == [1])
            #expect(database.timeouts.count == (reclaim == nil ? 1 : 0))
            #expect(database.grants.last?.at == (reclaim == nil ? .zero : .after(.seconds(60))))
            #expect(database.pool.leaked == (reclaim == nil ? 1 : 0))
            let before = database.pool.occupancy
            database.giveBack(1)
            #expect((database.pool.occupancy == before) == (reclaim != nil))
        }
    }

    @Test("Lives above 10 s are up to 2.5 % shorter by chance, keepalives up to 10 %; shorter lives are exact")
    func variance() throws {
        var ends: Set<Int64> = []
        for seed in UInt64(0)..<50 {
            var database = VirtualDatabase(
                try .init(maximum: 1, minimumIdle: 0, idleTimeout: nil, maxLifetime: .seconds(1_000)), seed: seed)
            database.call(1, work: .zero)
            database.run(for: .seconds(2_000))
            let end = try #require(database.closed.first).at
            #expect(end > .after(.seconds(975)) && end <= .after(.seconds(1_000)))
            ends.insert(end.nanoseconds)
        }
        #expect(ends.count > 40)
        var untouched = RandomStream(seed: 1, name: "pool", purpose: "lives")
        var pool = ConnectionPool(try .init(maximum: 1, maxLifetime: .seconds(10)), at: .zero)
        if case .create(let connection) = pool.popAction() {
            pool.created(connection, at: .zero, using: &untouched)
        }
        #expect(untouched == RandomStream(seed: 1, name: "pool", purpose: "lives"))
    }

    @Test("A keepalive pings what rests, and passes over what was in use meanwhile")
    func keepaliveOnlyIdle() throws {
        var database = VirtualDatabase(
            try .init(maximum: 1, maxLifetime: nil, keepalive: .nanoseconds(9_000_000_000)))
        database.run(for: .seconds(10))
        #expect(database.pool.totals.validations == 1)
        database.call(1, work: .seconds(60))
        database.run(for: .seconds(61))
        #expect(database.pool.totals.validations == 2)
        database.run(for: .seconds(7))
        #expect(database.pool.totals.validations == 2)
        database.run(for: .seconds(2))
        #expect(database.pool.totals.validations == 3)
    }

    @Test("Draining refuses those who wait and lets those who work finish")
    func draining() throws {
        var database = VirtualDatabase(try .init(maximum: 2))
        database.call(1, work: .seconds(1))
        database.call(2)
        database.call(3)
        database.run(for: .zero)
        database.operate { $0.close(.drain, at: $1) }
        #expect(database.refusals == [3])
        #expect(database.pool.active == 2)
        database.run(for: .seconds(2))
        #expect((database.pool.active, database.pool.total) == (1, 1))
        database.operate { $0.close(.abort, at: $1) }
        #expect(database.pool.total == 0)
        #expect(database.closed.map(\.reason) == [.shutDown, .shutDown])
    }

    @Test("A smaller maximum closes idle connections now and others on return; a larger one serves who waits")
    func changes() throws {
        var database = VirtualDatabase(try .init(maximum: 6))
        for request in UInt64(1)...4 { database.call(request) }
        database.run(for: .zero)
        let smaller = try ConnectionPool.Settings(maximum: 2)
        database.operate { $0.changeSettings(smaller, at: $1) }
        #expect((database.pool.active, database.pool.idle) == (4, 0))
        for request in UInt64(1)...4 { database.giveBack(request) }
        #expect((database.pool.idle, database.pool.totals.closed[.surplus]) == (2, 4))
        for request in UInt64(5)...10 { database.call(request) }
        database.run(for: .zero)
        #expect((database.pool.active, database.pool.waiting) == (2, 4))
        let larger = try ConnectionPool.Settings(maximum: 6)
        database.operate { $0.changeSettings(larger, at: $1) }
        database.run(for: .zero)
        #expect((database.pool.active, database.pool.waiting) == (6, 0))
    }

    @Test("After failures one creation is tried at a time until one succeeds")
    func oneProbe() throws {
        var database = VirtualDatabase(
            try .init(maximum: 8, minimumIdle: 0, concurrentCreations: 8), openTime: .milliseconds(1))
        database.isDown = true
        for request in UInt64(0)..<8 { database.call(request) }
        database.run(for: .milliseconds(5))
        #expect(database.pool.totals.creationsFailed == 8)
        #expect(database.pool.backoff == .milliseconds(10))
        #expect(database.pool.retryAt == .after(.milliseconds(11)))
        database.run(for: .milliseconds(6))
        #expect(database.pool.creating == 1)
        database.isDown = false
        database.run(for: .seconds(1))
        #expect(database.pool.active == 8)
    }

    @Test("Times are summed: 40 ms to connect, waits of 40 and 100 ms, uses of 60 and 30 ms")
    func timings() throws {
        var database = VirtualDatabase(try .init(maximum: 1, minimumIdle: 0), openTime: .milliseconds(40))
        database.call(1, work: .milliseconds(60))
        database.call(2, work: .milliseconds(30))
        database.run(for: .seconds(1))
        let totals = database.pool.totals
        #expect((totals.creation.count, totals.creation.sum) == (1, .milliseconds(40)))
        #expect((totals.acquisition.count, totals.acquisition.sum) == (2, .milliseconds(140)))
        #expect(totals.acquisition.longest == .milliseconds(100))
        #expect(
            (totals.usage.sum, totals.usage.longest, totals.usage.mean) == (
                .milliseconds(90), .milliseconds(60), .milliseconds(45)
            ))
    }
}
