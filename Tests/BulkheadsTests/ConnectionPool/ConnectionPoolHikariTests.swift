import Bulkheads
import Testing
import Timeline

/// HikariCP's own tests in virtual time; each names its test class and method.
@Suite("Connection pool, by HikariCP's tests")
struct ConnectionPoolHikariTests {
    @Test("RampUpDown: 5 at the start, 60 when 60 are in use, 5 again in the quiet after")
    func rampUpDown() throws {
        var database = VirtualDatabase(
            try .init(
                maximum: 60, minimumIdle: 5, idleTimeout: .seconds(1), housekeeping: .milliseconds(250)),
            openTime: .milliseconds(10))
        database.run(for: .milliseconds(500))
        #expect(database.pool.total == 5)
        for request in UInt64(0)..<60 { database.call(request) }
        database.run(for: .seconds(1))
        #expect(database.pool.total == 60)
        #expect(database.pool.active == 60)
        database.giveBackAll()
        #expect(database.pool.idle == 60)
        database.run(for: .milliseconds(1_250))
        #expect(database.pool.total == 5)
        #expect(database.pool.idle == 5)
        #expect(database.pool.totals.closed[.idle] == 55)
    }

    @Test("TestConnections.testCreate: one connection goes out and comes back")
    func create() throws {
        var database = VirtualDatabase(try .init(maximum: 1, connectionTimeout: .milliseconds(2_500)))
        database.run(for: .zero)
        #expect((database.open, database.pool.idle) == (1, 1))
        database.call(1)
        database.run(for: .zero)
        #expect((database.open, database.pool.idle) == (1, 0))
        database.giveBack(1)
        #expect((database.open, database.pool.idle) == (1, 1))
    }

    @Test(
        "TestConnections.testMaxLifetime, testMaxLifetime2: reused at once, replaced after its life",
        arguments: [800, 2_000])
    func maxLifetime(pause: Int64) throws {
        var database = VirtualDatabase(
            try .init(
                maximum: 1, minimumIdle: 0, connectionTimeout: .milliseconds(2_500), maxLifetime: .milliseconds(700),
                housekeeping: .milliseconds(100)))
        database.run(for: .zero)
        #expect(database.pool.total == 0)
        for request in UInt64(1)...2 {
            database.call(request)
            database.run(for: .zero)
            #expect((database.open, database.pool.idle) == (1, 0))
            database.giveBack(request)
            #expect(database.pool.idle == 1)
        }
        database.run(for: .milliseconds(pause))
        database.call(3)
        database.run(for: .zero)
        database.giveBack(3)
        let used = database.grants.map(\.connection)
        #expect(used[0] == used[1])
        #expect(used[2] != used[1])
        #expect(database.closed.map(\.reason) == [.lifetime])
        #expect(database.closed.map(\.at) == [.after(.milliseconds(700))])
        #expect((database.open, database.pool.idle) == (1, 1))
    }

    @Test("README: a connection in use outlives its life, and is closed when it is returned")
    func inUseIsNeverRetired() throws {
        var database = VirtualDatabase(try .init(maximum: 1, minimumIdle: 0, maxLifetime: .milliseconds(700)))
        database.call(1)
        database.run(for: .seconds(100))
        #expect(database.pool.active == 1)
        #expect(database.closed.isEmpty)
        database.giveBack(1)
        #expect(database.closed.map(\.reason) == [.lifetime])
        #expect(database.pool.total == 0)
    }

    @Test("TestConnections.testKeepalive, testKeepalive2: pings in time keep a connection, late ones find it gone")
    func keepalive() throws {
        for (keepalive, waitTimeout, survives) in [(500, 700, true), (700, 500, false)] {
            var database = VirtualDatabase(
                try .init(
                    maximum: 1, minimumIdle: 0, maxLifetime: nil, keepalive: .milliseconds(Int64(keepalive)),
                    housekeeping: .milliseconds(100)))
            database.hangsUpAfter = .milliseconds(Int64(waitTimeout))
            database.call(1)
            database.run(for: .zero)
            database.giveBack(1)
            database.run(for: .milliseconds(1_200))
            #expect(database.closed.isEmpty == survives)
            #expect(database.pool.total == (survives ? 1 : 0))
            database.call(2)
            database.run(for: .zero)
            #expect((database.grants[0].connection == database.grants[1].connection) == survives)
        }
    }

    @Test("TestConnections.testCloseMarkEvicted, testEviction: evicted in use is closed on return, at once if broken")
    func eviction() throws {
        var database = VirtualDatabase(try .init(maximum: 5, minimumIdle: 0))
        database.call(1)
        database.call(2)
        database.run(for: .zero)
        #expect(database.open == 2)
        database.giveBack(2, broken: true)
        #expect(database.open == 1)
        database.operate { $0.evictAll(at: $1) }
        #expect(database.open == 1)
        database.giveBack(1)
        #expect(database.open == 0)
        #expect(database.closed.map(\.reason) == [.broken, .evicted])
    }

    @Test("TestConnections.testEvictAllRefill: 5 idle are back after all were evicted")
    func evictAllRefill() throws {
        var database = VirtualDatabase(
            try .init(maximum: 10, minimumIdle: 5, housekeeping: .milliseconds(100)), openTime: .milliseconds(20))
        database.run(for: .seconds(1))
        #expect(database.pool.idle == 5)
        for request in UInt64(0)..<5 {
            database.call(request)
            database.run(for: .zero)
            database.giveBack(request, broken: true)
        }
        #expect(database.pool.idle < 5)
        database.run(for: .seconds(2))
        #expect(database.pool.idle == 5)
        #expect(database.pool.total == 5)
    }

    @Test("TestConnections.testBackfill: a broken connection is replaced")
    func backfill() throws {
        var database = VirtualDatabase(
            try .init(maximum: 4, minimumIdle: 1, connectionTimeout: .seconds(1)), openTime: .seconds(1))
        database.run(for: .milliseconds(1_250))
        #expect((database.open, database.pool.idle) == (1, 1))
        database.call(1)
        database.run(for: .zero)
        #expect((database.open, database.pool.idle) == (1, 0))
        database.giveBack(1, broken: true)
        #expect(database.open == 0)
        database.run(for: .milliseconds(1_250))
        #expect((database.open, database.pool.idle) == (1, 1))
    }

    @Test("TestConnections.testMaximumPoolLimit: 20 callers never get more than 4 connections made")
    func maximumPoolLimit() throws {
        var database = VirtualDatabase(
            try .init(maximum: 4, minimumIdle: 1, connectionTimeout: .seconds(20)))
        for request in UInt64(0)..<20 { database.call(request, work: .milliseconds(500)) }
        database.run(for: .seconds(20))
        #expect(database.grants.count == 20)
        #expect(database.grants.map(\.request) == Array(0..<20))
        #expect(database.timeouts.isEmpty)
        #expect(database.pool.totals.created == 4)
    }

    @Test("TestConnectionTimeoutRetry.testConnectionRetries: with the database down the wait lasts the whole timeout")
    func retriesUntilTimeout() throws {
        var database = VirtualDatabase(
            try .init(maximum: 1, minimumIdle: 0, connectionTimeout: .milliseconds(2_800)))
        database.isDown = true
        database.call(1)
        database.run(for: .seconds(10))
        #expect(database.timeouts.map(\.at) == [.after(.milliseconds(2_800))])
        #expect(database.timeouts.map(\.waited) == [.milliseconds(2_800)])
        // 10 ms, doubling; the attempt at 5 110 ms finds that nobody needs it any more.
        let times = [0, 10, 30, 70, 150, 310, 630, 1_270, 2_550].map { Instant.after(.milliseconds($0)) }
        #expect(database.creationTimes == times)
        #expect(database.pool.backoff == .zero)
    }

    @Test("PoolEntryCreator: the back-off doubles from 10 ms to 5 s, and starts anew after a success")
    func backoffLimit() throws {
        var database = VirtualDatabase(try .init(maximum: 1, connectionTimeout: .minutes(10)))
        database.isDown = true
        database.call(1)
        database.run(for: .seconds(30))
        let waits = zip(database.creationTimes.dropFirst(), database.creationTimes).map { $0 - $1 }
        let expected = [10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_000, 5_000, 5_000, 5_000]
        #expect(waits.prefix(13).elementsEqual(expected.map { Duration.milliseconds(Int64($0)) }))
        database.isDown = false
        database.run(for: .seconds(5))
        #expect(database.grants.count == 1)
        #expect(database.pool.backoff == .zero)
    }

    @Test("TestConnectionTimeoutRetry.testConnectionRetries2: a database that is back after 300 ms serves the waiter")
    func retriesSucceed() throws {
        var database = VirtualDatabase(
            try .init(maximum: 1, minimumIdle: 0, connectionTimeout: .milliseconds(2_800)))
        database.isDown = true
        database.call(1)
        database.run(for: .milliseconds(300))
        database.isDown = false
        database.run(for: .seconds(3))
        #expect(database.grants.map(\.at) == [.after(.milliseconds(310))])
        #expect(database.timeouts.isEmpty)
    }

    @Test("TestConnectionTimeoutRetry.testConnectionRetries3: at the maximum the next returned connection serves")
    func returnedServes() throws {
        var database = VirtualDatabase(
            try .init(maximum: 2, minimumIdle: 0, connectionTimeout: .milliseconds(2_800)))
        database.call(1, work: .milliseconds(800))
        database.call(2)
        database.call(3)
        database.run(for: .seconds(2))
        #expect(database.grants.last?.request == 3)
        #expect(database.grants.last?.at == .after(.milliseconds(800)))
    }

    @Test("TestConnectionTimeoutRetry.testConnectionRetries5: a returned connection serves although creation fails")
    func returnedServesWhileDown() throws {
        var database = VirtualDatabase(try .init(maximum: 2, minimumIdle: 0, connectionTimeout: .seconds(1)))
        database.call(1, work: .milliseconds(250))
        database.run(for: .zero)
        database.isDown = true
        database.call(2)
        database.run(for: .seconds(2))
        #expect(database.grants.map(\.at) == [.zero, .after(.milliseconds(250))])
        #expect(database.timeouts.isEmpty)
    }

    @Test("TestConnectionTimeoutRetry.testConnectionIdleFill: 7 of 10 in use and 5 to be idle makes 10 and 3")
    func idleFill() throws {
        var database = VirtualDatabase(
            try .init(
                maximum: 10, minimumIdle: 5, connectionTimeout: .seconds(2), housekeeping: .milliseconds(400)))
        for request in UInt64(0)..<7 { database.call(request) }
        database.run(for: .milliseconds(1_300))
        #expect((database.open, database.pool.idle) == (10, 3))
        database.giveBackAll()
        #expect((database.open, database.pool.idle) == (10, 10))
    }

    @Test("BasicPoolTest.testIdleTimeout: one above the minimum goes, the minimum stays")
    func idleTimeout() throws {
        var database = VirtualDatabase(
            try .init(maximum: 10, minimumIdle: 5, idleTimeout: .seconds(3), housekeeping: .seconds(1)))
        database.run(for: .seconds(1))
        #expect((database.open, database.pool.idle) == (5, 5))
        database.call(1)
        database.run(for: .milliseconds(1_500))
        #expect((database.open, database.pool.idle) == (6, 5))
        database.giveBack(1)
        #expect(database.pool.idle == 6)
        database.run(for: .seconds(3))
        #expect((database.open, database.pool.idle) == (5, 5))
    }

    @Test("BasicPoolTest.testIdleTimeout2: a pool of fixed size keeps all")
    func idleTimeoutFixed() throws {
        var database = VirtualDatabase(
            try .init(maximum: 50, idleTimeout: .seconds(3), housekeeping: .seconds(1)))
        database.run(for: .seconds(3))
        #expect((database.open, database.pool.idle) == (50, 50))
        database.call(1)
        database.run(for: .milliseconds(1_500))
        #expect((database.open, database.pool.idle) == (50, 49))
        database.giveBack(1)
        database.run(for: .seconds(3))
        #expect((database.open, database.pool.idle) == (50, 50))
    }

    @Test("TestConnections.testPopulationSlowAcquisition: 20 that take 1 s each are made one by one, and stay")
    func slowPopulation() throws {
        var database = VirtualDatabase(
            try .init(maximum: 20, idleTimeout: .seconds(3), housekeeping: .seconds(1)), openTime: .seconds(1))
        database.run(for: .seconds(2))
        #expect((database.open, database.pool.idle) == (2, 2))
        database.call(1)
        database.run(for: .seconds(20))
        #expect((database.open, database.pool.idle) == (20, 19))
        database.giveBack(1)
        #expect(database.pool.idle == 20)
        database.run(for: .seconds(5))
        #expect((database.open, database.pool.idle) == (20, 20))
    }

    @Test("TestMBean.testMBeanConnectionTimeoutChange: a shorter timeout holds for who asks after the change")
    func timeoutChange() throws {
        func settings(_ timeout: Int64) throws -> ConnectionPool.Settings {
            try .init(
                maximum: 2, minimumIdle: 1, connectionTimeout: .milliseconds(timeout), housekeeping: .milliseconds(250))
        }
        var database = VirtualDatabase(try settings(2_800))
        database.run(for: .zero)
        database.openTime = .milliseconds(1_200)
        let shorter = try settings(1_000)
        database.operate { $0.changeSettings(shorter, at: $1) }
        database.run(for: .milliseconds(500))
        database.call(1)
        database.call(2)
        database.run(for: .seconds(2))
        #expect(database.grants.map(\.at) == [.after(.milliseconds(500))])
        #expect(database.timeouts.map(\.request) == [2])
        #expect(database.timeouts.map(\.at) == [.after(.milliseconds(1_500))])
        #expect((database.open, database.pool.idle) == (2, 1))
    }

    @Test("TestConcurrentBag: a report about a connection that is in another state, or gone, changes nothing")
    func wrongReports() throws {
        var database = VirtualDatabase(try .init(maximum: 3, concurrentCreations: 3))
        database.pingTime = .seconds(1)
        database.run(for: .seconds(1))
        database.call(1)
        database.run(for: .seconds(1))
        database.call(2)
        database.run(for: .zero)
        let (inUse, reserved, idle) = try (
            #require(database.leases[1]), connection(.validating, of: database), connection(.idle, of: database)
        )
        var pool = database.pool
        let before = pool
        var random = database.random
        #expect(pool.validated(idle, alive: true, at: database.now) == false)
        #expect(pool.validated(inUse.connection, alive: false, at: database.now) == false)
        for known in [idle, reserved, inUse.connection] {
            #expect(pool.created(known, at: database.now, using: &random) == false)
            #expect(pool.creationFailed(known, at: database.now) == false)
        }
        #expect(pool == before)
        let released = [pool.release(inUse, at: database.now), pool.release(inUse, at: database.now)]
        #expect(released == [true, false])
        pool.close(.abort, at: database.now)
        #expect(pool.validated(reserved, alive: true, at: database.now) == false)
        #expect(pool.lost(idle, at: database.now) == false)
        #expect(pool.total == 0)
    }

    /// The one connection of three that is in that state.
    private func connection(
        _ state: ConnectionPool.ConnectionState, of database: VirtualDatabase
    ) throws -> ConnectionPool.ConnectionID {
        let connections = database.known.filter { database.pool.state(of: $0) == state }
        #expect(connections.count == 1)
        return try #require(connections.first)
    }

    @Test("TestMBean.testMBeanReporting: 3 idle, 4 in all while one is in use, 3 again")
    func reporting() throws {
        var database = VirtualDatabase(
            try .init(
                maximum: 5, minimumIdle: 3, connectionTimeout: .milliseconds(2_800), idleTimeout: .seconds(3),
                housekeeping: .milliseconds(100)))
        database.run(for: .seconds(1))
        #expect((database.pool.active, database.pool.idle) == (0, 3))
        database.call(1)
        database.run(for: .seconds(1))
        #expect((database.pool.active, database.pool.idle, database.open) == (1, 3, 4))
        database.giveBack(1)
        database.run(for: .seconds(3))
        #expect((database.pool.active, database.pool.idle, database.open) == (0, 3, 3))
    }

    @Test("MiscTest.testLeakDetection: a connection held for long is reported once, and can still come back")
    func leakDetection() throws {
        var database = VirtualDatabase(
            try .init(maximum: 4, minimumIdle: 0, maxLifetime: nil, leakThreshold: .seconds(1)))
        database.call(1)
        database.run(for: .seconds(4))
        #expect(
            database.leaks
                == [.init(request: 1, heldFor: .seconds(1), at: .after(.seconds(1)))])
        #expect(database.pool.leaked == 1)
        database.giveBack(1)
        #expect((database.pool.leaked, database.pool.idle, database.pool.totals.leaks) == (0, 1, 1))
        database.call(2)
        database.run(for: .seconds(4))
        #expect(database.leaks.map(\.request) == [1, 2])
    }

    @Test(
        "ShutdownTest: nothing is left when the pool is closed, whatever its connections are doing",
        arguments: [(0, 10), (10, 0), (5, 5), (5, 0)])
    func shutdown(minimumIdle: Int, callers: Int) throws {
        for pause in [Duration.zero, .milliseconds(500), .milliseconds(1_800)] {
            var database = VirtualDatabase(
                try .init(maximum: 10, minimumIdle: minimumIdle), openTime: .milliseconds(400))
            for request in 0..<callers { database.call(UInt64(request)) }
            database.run(for: pause)
            database.operate { $0.close(.abort, at: $1) }
            #expect(
                database.pool.occupancy == .init(total: 0, active: 0, idle: 0, creating: 0, validating: 0, waiting: 0))
            #expect(database.refusals.count + database.grants.count == callers)
            // What was being opened and what is still used finds itself unknown.
            database.run(for: .seconds(10))
            database.giveBackAll()
            #expect(database.pool.total == 0)
            #expect(database.pool.nextTimedAction == nil)
        }
    }

    @Test("ShutdownTest.testAfterShutdown: a closed pool says so")
    func afterShutdown() throws {
        var pool = ConnectionPool(try .init(maximum: 5, minimumIdle: 0), at: .zero)
        pool.close(.abort, at: .zero)
        #expect(pool.lease(1, at: .zero) == .rejected(.closed))
        #expect(pool.popAction() == nil)
    }

    @Test(
        "ConnectionPoolSizeVsThreadsTest: about as many connections as threads, few if connecting is slow, none later",
        arguments: [(20, 1_000, 45...55), (250, 0, 2...4)])
    func sizeVersusThreads(openMilliseconds: Int, workMicroseconds: Int, allowed: ClosedRange<Int>) throws {
        var database = VirtualDatabase(
            try .init(maximum: 100, minimumIdle: 2, connectionTimeout: .milliseconds(2_500)))
        database.run(for: .zero)
        database.openTime = .milliseconds(Int64(openMilliseconds))
        let pieces = workMicroseconds == 0 ? 5_000 : 40_000
        database.loop(callers: 50, pieces: pieces, work: .microseconds(Int64(workMicroseconds)))
        while database.pool.totals.granted < pieces { database.run(for: .milliseconds(10)) }
        #expect(allowed.contains(database.mostOpen))
        #expect(database.pool.totals.mostActive <= 50)
        let open = database.mostOpen
        database.run(for: .seconds(2))
        #expect(database.mostOpen <= open + 1)
        #expect(database.timeouts.isEmpty)
    }

    @Test("TestSaturatedPool830: timeouts subside when the rate comes down to what ten connections do")
    func saturated() throws {
        var database = VirtualDatabase(
            try .init(maximum: 10, minimumIdle: 5, connectionTimeout: .seconds(1), housekeeping: .seconds(5)))
        for request in UInt64(0)..<50 { database.call(request, work: .seconds(1)) }
        for request in UInt64(50)..<150 {
            database.call(request, work: .seconds(1), after: .milliseconds(80) * Int64(request - 49))
        }
        database.run(for: .seconds(8))
        #expect(database.timeouts.count > 40)
        #expect(database.timeouts.allSatisfy { $0.waited == .seconds(1) })
        // Of ten, all in use; so many others waited, as Hikari's message says.
        #expect(database.timeouts.allSatisfy { $0.occupancy.active == 10 && $0.occupancy.idle == 0 })
        let before = database.timeouts.count
        for request in UInt64(200)..<400 {
            database.call(request, work: .seconds(1), after: .milliseconds(100) * Int64(request - 200) + .seconds(2))
        }
        database.run(for: .seconds(30))
        #expect(database.timeouts.count - before <= 10)
        #expect(database.timeouts.filter { $0.request >= 200 }.isEmpty)
    }

    @Test("Welcome To The Jungle: 50 callers at once, 5 idle, 150 ms to connect, 2 ms of work make 6 connections")
    func jungle() throws {
        var database = VirtualDatabase(try .init(maximum: 50, minimumIdle: 5))
        database.run(for: .zero)
        #expect(database.pool.idle == 5)
        database.openTime = .milliseconds(150)
        for request in UInt64(0)..<50 { database.call(request, work: .milliseconds(2)) }
        database.run(for: .milliseconds(149))
        #expect(database.grants.count == 50)
        #expect(database.grants.last?.at == .after(.milliseconds(18)))
        #expect(database.open == 5)
        database.run(for: .seconds(1))
        #expect(database.open == 6)
        #expect(database.pool.totals.creationsBegun == 6)
    }

    @Test("Welcome To The Jungle: a pool that begins all creations at once ends with 50")
    func jungleWithoutElision() throws {
        var database = VirtualDatabase(try .init(maximum: 50, minimumIdle: 5, concurrentCreations: 50))
        database.run(for: .zero)
        database.openTime = .milliseconds(150)
        for request in UInt64(0)..<50 { database.call(request, work: .milliseconds(2)) }
        database.run(for: .seconds(1))
        #expect(database.open == 50)
    }

    @Test(
        "HouseKeeper: a clock that steps back by more than 128 ms evicts all", arguments: [(128, false), (129, true)])
    func backwardClock(milliseconds: Int64, evicts: Bool) throws {
        var database = VirtualDatabase(try .init(maximum: 3))
        database.call(1)
        database.run(for: .seconds(10))
        let back = database.now - .milliseconds(milliseconds)
        database.operate { pool, _ in pool.advance(to: back) }
        #expect(database.closed.map(\.reason) == (evicts ? [.evicted, .evicted] : []))
        #expect(database.pool.active == 1)
        var patient = VirtualDatabase(try .init(maximum: 3, clockTolerance: nil))
        patient.run(for: .seconds(10))
        patient.operate { pool, _ in pool.advance(to: Instant(nanoseconds: .min)) }
        #expect(patient.closed.isEmpty)
    }
}
