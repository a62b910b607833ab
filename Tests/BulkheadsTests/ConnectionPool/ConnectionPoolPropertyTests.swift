import Bulkheads
import Testing
import Timeline

@Suite("Whatever happens to a connection pool")
struct ConnectionPoolPropertyTests {
    @Test("every request ends once and in order, counts add up, nobody waits in vain, nothing is created in vain")
    func randomTraffic() throws {
        for seed in UInt64(0)..<150 {
            var traffic = try RandomPoolTraffic(seed: seed)
            if let violation = try traffic.run(steps: 300) {
                Issue.record("seed \(seed): \(violation)")
                return
            }
        }
    }

    @Test("a database that is slow, down and forgetful at random leaves the pool at its minimum in the quiet after")
    func randomDatabase() throws {
        for seed in UInt64(0)..<60 {
            var random = RandomStream(seed: seed, name: "pool", purpose: "database")
            let maximum = 1 + Int(random.below(12))
            let minimumIdle = Int(random.below(UInt64(maximum)))
            var database = VirtualDatabase(
                try .init(
                    maximum: maximum, minimumIdle: minimumIdle, connectionTimeout: .milliseconds(300),
                    idleTimeout: .seconds(2), maxLifetime: .seconds(30), keepalive: .seconds(3),
                    housekeeping: .milliseconds(700), concurrentCreations: 1 + Int(random.below(4))), seed: seed)
            database.hangsUpAfter = .seconds(6)
            for request in UInt64(0)..<200 {
                database.openTime = .milliseconds(Int64(random.below(200)))
                database.pingTime = .milliseconds(Int64(random.below(20)))
                database.isDown = random.chance(0.2)
                database.call(request, work: .milliseconds(Int64(random.below(150))))
                database.run(for: .milliseconds(Int64(random.below(random.chance(0.05) ? 8_000 : 30))))
            }
            database.isDown = false
            database.run(for: .seconds(20))
            let ended = database.grants.map(\.request) + database.timeouts.map(\.request)
            #expect(ended.sorted() == Array(0..<200))
            #expect(database.timeouts.allSatisfy { $0.waited == .milliseconds(300) })
            #expect(database.pool.occupancy.active == 0)
            // A keepalive may be under way.
            #expect(database.pool.idle + database.pool.validating == minimumIdle)
            #expect(database.pool.total <= minimumIdle + 1)
        }
    }

    @Test("waiters with random deadlines leave at them, and of equal ones in the order of arrival")
    func randomDeadlines() throws {
        var random = RandomStream(seed: 3, name: "pool", purpose: "deadlines")
        var pool = ConnectionPool(try .init(maximum: 1), at: .zero)
        _ = pool.popAction()
        var waiting: [(deadline: Int64, request: UInt64)] = []
        for step in UInt64(0)..<3_000 {
            let now = Int64(step)
            let due = waiting.filter { $0.deadline <= now }.sorted { $0 < $1 }.map(\.request)
            waiting.removeAll { $0.deadline <= now }
            pool.advance(to: Instant(nanoseconds: now))
            var left: [UInt64] = []
            while case .timedOut(let request, _, _)? = pool.popAction() { left.append(request) }
            guard left == due else {
                Issue.record("at \(now) \(left) left, not \(due)")
                return
            }
            let deadline = now + 1 + Int64(random.below(200))
            waiting.append((deadline, step))
            _ = pool.lease(step, deadline: Instant(nanoseconds: deadline), at: Instant(nanoseconds: now))
            if random.chance(0.4) {
                let gone = waiting.remove(at: Int(random.below(UInt64(waiting.count))))
                pool.withdraw(gone.request, at: Instant(nanoseconds: now))
            }
        }
        #expect(pool.waiting == waiting.count)
    }

    @Test("a line of 20 000 is served in order, and those that leave are not")
    func longLine() throws {
        var random = RandomStream(seed: 1, name: "pool", purpose: "lives")
        var pool = ConnectionPool(try .init(maximum: 1, validateAfter: nil), at: .zero)
        for request in UInt64(0)..<20_000 {
            _ = pool.lease(request, deadline: .after(.seconds(Int64(request % 7))), at: .zero)
        }
        guard case .create(let connection) = pool.popAction() else {
            Issue.record("no creation")
            return
        }
        pool.advance(to: .after(.seconds(3)))
        while pool.popAction() != nil {}
        pool.created(connection, at: .after(.seconds(3)), using: &random)
        var served: [UInt64] = []
        while case .grant(let request, let lease, _)? = pool.popAction() {
            served.append(request)
            pool.release(lease, at: .after(.seconds(3)))
        }
        #expect(served == (0..<20_000).filter { $0 % 7 > 3 })
    }
}

/// Random calls in any order, right and wrong, beside plain lists of who waits and of what each connection does.
private struct RandomPoolTraffic {
    private typealias Pool = ConnectionPool

    private var random: RandomStream
    private var pool: Pool
    private var now: Instant
    private var nextRequest: UInt64 = 0
    private var waiting: [(request: UInt64, deadline: Instant)] = []
    private var creating: Set<Pool.ConnectionID> = []
    private var validating: Set<Pool.ConnectionID> = []
    private var lastUsed: [Pool.ConnectionID: Instant] = [:]
    private var holders: [Pool.ConnectionID: UInt64] = [:]
    private var leases: [Pool.Lease] = []
    private var oldLeases: [Pool.Lease] = []
    private var ended: Set<UInt64> = []
    private var problem: String?

    init(seed: UInt64) throws {
        random = RandomStream(seed: seed, name: "pool", purpose: "traffic")
        now = seed % 5 == 0 ? Instant(nanoseconds: Int64(bitPattern: random.next())) : .zero
        pool = Pool(try Self.settings(&random), at: now)
        drain()
    }

    /// The first rule that is broken, in words; nil if none is.
    mutating func run(steps: Int) throws -> String? {
        for _ in 0..<steps {
            moveClock()
            var before = pool.occupancy
            pool.advance(to: now)
            drain()
            problem = problem ?? checkTime() ?? check(after: before)
            if let problem {
                return "\(problem) after advance to \(now.nanoseconds) ns: \(pool.occupancy), \(pool.settings)"
            }
            before = pool.occupancy
            let extra = try step()
            drain()
            problem = problem ?? check(after: before, extra: extra)
            if let problem { return "\(problem) at \(now.nanoseconds) ns: \(pool.occupancy), \(pool.settings)" }
        }
        return nil
    }

    /// Does something; the answer is the need that it showed and took back.
    private mutating func step() throws -> Int {
        switch random.below(100) {
        case ..<30: return lease()
        case ..<50: release()
        case ..<55: releaseWrongly()
        case ..<60: withdraw()
        case ..<78: finishCreation()
        case ..<90: finishValidation()
        case ..<93: reportWrongly()
        case ..<94: lose()
        case ..<95: pool.evictAll(at: now)
        case ..<97: pool.changeSettings(try Self.settings(&random), at: now)
        case 97 where random.chance(0.1): close()
        default: break
        }
        return 0
    }

    private mutating func lease() -> Int {
        let request = nextRequest
        nextRequest += 1
        let deadline = deadlineByChance()
        let couldHave = waiting.isEmpty && hasFreshIdle() && !pool.isClosed
        switch pool.lease(request, deadline: deadline, at: now) {
        case .granted(let lease):
            if !waiting.isEmpty { problem = "served before those who wait" }
            take(request, lease)
        case .waiting(let position):
            waiting.append((request, deadline ?? now + pool.settings.connectionTimeout))
            if position != waiting.count { problem = "position \(position) of \(waiting.count)" }
        case .rejected(let rejection):
            end(request)
            checkRejection(rejection, deadline: deadline)
            return 1
        }
        if couldHave, holders.values.contains(request) == false { problem = "an idle connection was not given" }
        return 0
    }

    private mutating func checkRejection(_ rejection: Pool.Rejection, deadline: Instant?) {
        switch rejection {
        case .timedOut:
            if (deadline ?? now + pool.settings.connectionTimeout) > now { problem = "timed out too early" }
        case .full:
            if waiting.count < pool.settings.waiters { problem = "full with room left" }
        case .closed:
            if !pool.isClosed { problem = "closed before it was" }
        }
    }

    private mutating func deadlineByChance() -> Instant? {
        switch random.below(4) {
        case 0: now + .milliseconds(Int64(random.below(3_000)))
        case 1: random.chance(0.1) ? Instant(nanoseconds: .min) : .distantFuture
        default: nil
        }
    }

    private mutating func release() {
        guard !leases.isEmpty else { return }
        let lease = leases.remove(at: Int(random.below(UInt64(leases.count))))
        oldLeases.append(lease)
        let held = holders.removeValue(forKey: lease.connection) != nil
        if held { lastUsed[lease.connection] = now }
        if pool.release(lease, broken: random.chance(0.1), at: now) != held { problem = "release of \(lease)" }
    }

    private mutating func releaseWrongly() {
        guard !oldLeases.isEmpty else { return }
        let lease = oldLeases[Int(random.below(UInt64(oldLeases.count)))]
        let before = pool
        if pool.release(lease, broken: random.chance(0.5), at: now) { problem = "released twice" }
        if pool != before { problem = "a second release changed something" }
    }

    private mutating func withdraw() {
        let request = random.below(nextRequest + 1)
        let waited = waiting.contains { $0.request == request }
        if pool.withdraw(request, at: now) != waited { problem = "withdrew what did not wait, or not what did" }
        waiting.removeAll { $0.request == request }
        if waited { end(request) }
    }

    private mutating func finishCreation() {
        guard let connection = pick(creating) else { return }
        creating.remove(connection)
        if random.chance(0.75) {
            lastUsed[connection] = now
            if !pool.created(connection, at: now, using: &random) { problem = "creation unknown" }
        } else if !pool.creationFailed(connection, at: now) {
            problem = "failed creation unknown"
        }
    }

    private mutating func finishValidation() {
        guard let connection = pick(validating) else { return }
        validating.remove(connection)
        if !pool.validated(connection, alive: random.chance(0.8), at: now) { problem = "validation unknown" }
    }

    /// Reports about connections in states that they are not in.
    private mutating func reportWrongly() {
        guard let connection = pick(Set(lastUsed.keys)) else { return }
        let before = pool
        if !creating.contains(connection) {
            if pool.created(connection, at: now, using: &random) { problem = "created twice" }
            if pool.creationFailed(connection, at: now) { problem = "failed after it was created" }
        }
        if !validating.contains(connection), pool.validated(connection, alive: false, at: now) {
            problem = "validated although nobody asked"
        }
        if pool != before { problem = "a wrong report changed something" }
    }

    private mutating func lose() {
        guard let connection = pick(Set(lastUsed.keys)) else { return }
        let known = pool.state(of: connection) != .removed
        if pool.lost(connection, at: now) != known { problem = "loss of \(connection)" }
    }

    private mutating func close() {
        pool.close(random.chance(0.5) ? .drain : .abort, at: now)
        if pool.waiting > 0 || pool.creating > 0 || pool.idle > 0 { problem = "left after closing" }
    }

    private mutating func pick(_ connections: Set<Pool.ConnectionID>) -> Pool.ConnectionID? {
        let sorted = connections.sorted { $0.bits < $1.bits }
        return sorted.isEmpty ? nil : sorted[Int(random.below(UInt64(sorted.count)))]
    }

    private mutating func drain() {
        while let action = pool.popAction() {
            switch action {
            case .grant(let request, let lease, let waited):
                if waiting.first?.request != request || waited < .zero {
                    problem = "\(request) got one before its turn"
                }
                if let first = waiting.first, first.deadline <= now { problem = "granted at or after its deadline" }
                if !waiting.isEmpty { waiting.removeFirst() }
                take(request, lease)
            case .timedOut(let request, _, _):
                guard let place = waiting.firstIndex(where: { $0.request == request }) else {
                    problem = "\(request) timed out without waiting"
                    return
                }
                if waiting[place].deadline > now { problem = "timed out before its deadline" }
                waiting.remove(at: place)
                end(request)
            case .refused(let request):
                if !pool.isClosed { problem = "refused by an open pool" }
                waiting.removeAll { $0.request == request }
                end(request)
            case .create(let connection):
                if !creating.insert(connection).inserted { problem = "created twice" }
            case .validate(let connection):
                if lastUsed[connection] == nil || holders[connection] != nil { problem = "validates what is not idle" }
                if !validating.insert(connection).inserted { problem = "validated twice" }
            case .close(let connection, let reason):
                if holders[connection] != nil, reason != .shutDown, reason != .reclaimed { problem = "closed in use" }
                holders[connection] = nil
                validating.remove(connection)
                if creating.remove(connection) == nil, lastUsed.removeValue(forKey: connection) == nil {
                    problem = "closed twice"
                }
            case .leak(let connection, let request, _):
                if holders[connection] != request { problem = "a leak of nobody" }
            }
        }
    }

    private mutating func take(_ request: UInt64, _ lease: Pool.Lease) {
        if holders.updateValue(request, forKey: lease.connection) != nil { problem = "two hold one connection" }
        if validating.contains(lease.connection) { problem = "given while it is validated" }
        leases.append(lease)
        end(request)
    }

    private mutating func end(_ request: UInt64) {
        if !ended.insert(request).inserted { problem = "\(request) ended twice" }
    }

    private func idleConnections() -> [Pool.ConnectionID] {
        lastUsed.keys.filter { holders[$0] == nil && !validating.contains($0) && !creating.contains($0) }
    }

    private func hasFreshIdle() -> Bool {
        idleConnections().contains { connection in
            guard let limit = pool.settings.validateAfter else { return true }
            return now - (lastUsed[connection] ?? now) <= limit
        }
    }

    /// After an advance nothing is due any more, and the next wake-up is in time for every waiter.
    private func checkTime() -> String? {
        if now < .distantFuture, waiting.contains(where: { $0.deadline <= now }) { return "waits past its deadline" }
        guard let next = pool.nextTimedAction else { return nil }
        if next <= now { return "due although everything was done" }
        return waiting.contains { $0.deadline < next } ? "wakes too late for a deadline" : nil
    }

    /// Creations that were begun were needed, and those that are needed have been begun.
    private func checkNeed(creatingBefore: Int, extra: Int) -> String? {
        let spare = pool.idle + pool.validating - pool.waiting
        let needed = max(0, -spare) + max(0, pool.settings.minimumIdle - max(0, spare))
        if pool.creating > max(creatingBefore, needed + extra) { return "creates \(pool.creating), needs \(needed)" }
        guard !pool.isClosed, pool.retryAt == nil, pool.total < pool.settings.maximum else { return nil }
        return spare < 0 && pool.creating == 0 ? "nothing is created although requests wait" : nil
    }

    private func check(after before: Pool.Occupancy, extra: Int = 0) -> String? {
        let occupancy = pool.occupancy
        if occupancy.total != occupancy.active + occupancy.idle + occupancy.creating + occupancy.validating {
            return "sum of the states"
        }
        if occupancy.total > max(pool.settings.maximum, before.total) { return "too many connections" }
        if occupancy.active != holders.count || occupancy.waiting != waiting.count { return "in use or waiting" }
        if occupancy.creating != creating.count || occupancy.validating != validating.count { return "reserved" }
        if occupancy.idle != idleConnections().count { return "idle" }
        if pool.oldestWaiterSince == nil && !waiting.isEmpty { return "no oldest waiter" }
        if !waiting.isEmpty && hasFreshIdle() { return "waits although a connection is idle" }
        if waiting.count > occupancy.validating && occupancy.idle > 0 { return "waits although one could be validated" }
        return checkNeed(creatingBefore: before.creating, extra: extra) ?? checkConnections() ?? checkTotals()
    }

    private func checkConnections() -> String? {
        for (connection, request) in holders where pool.holder(of: connection) != request { return "holder" }
        for connection in creating where pool.state(of: connection) != .creating { return "creating" }
        for connection in validating where pool.state(of: connection) != .validating { return "validating" }
        return nil
    }

    private func checkTotals() -> String? {
        let totals = pool.totals
        let out = totals.granted + totals.timedOut + totals.withdrawn + totals.rejected + totals.refused
        if totals.requested != Int(nextRequest) || out + waiting.count != totals.requested { return "requests" }
        if ended.count != out { return "ends" }
        let creations = totals.created + totals.creationsFailed + totals.creationsAbandoned
        if totals.creationsBegun != creations + creating.count { return "creations" }
        if totals.created != totals.closed.total + lastUsed.count { return "closures" }
        return totals.acquisition.count == totals.granted && totals.acquisition.sum >= .zero ? nil : "timings"
    }

    private mutating func moveClock() {
        let before = now
        switch random.below(60) {
        case 0: now = Instant(nanoseconds: Int64(bitPattern: random.next()))
        case 1: now = random.chance(0.5) ? .distantFuture : Instant(nanoseconds: .min)
        case 2: now = .zero
        case 3: now = now - .milliseconds(Int64(random.below(400)))
        case ..<15: now = pool.nextTimedAction ?? now
        case ..<20: now = now + .seconds(Int64(random.below(5)))
        default: now = now + .milliseconds(Int64(random.below(100)))
        }
        if now < before { lastUsed = lastUsed.mapValues { min($0, now) } }
    }

    private static func settings(_ random: inout RandomStream) throws -> ConnectionPool.Settings {
        func maybe(_ length: Duration) -> Duration? {
            random.chance(0.5) ? nil : random.chance(0.05) ? .maximum : random.chance(0.1) ? .nanoseconds(1) : length
        }
        let maximum = random.chance(0.02) ? 65_536 : 1 + Int(random.below(8))
        let lifetime = maybe(.seconds(20))
        let keepalive = maybe(.seconds(2))
        return try ConnectionPool.Settings(
            maximum: maximum, minimumIdle: Int(random.below(UInt64(min(maximum, 8)) + 1)),
            connectionTimeout: [.zero, .milliseconds(400), .seconds(5), .maximum][Int(random.below(4))],
            waiters: [0, 2, 10, ConnectionPool.Settings.unbounded][Int(random.below(4))],
            idleTimeout: maybe(.seconds(1)), maxLifetime: lifetime,
            keepalive: (keepalive ?? .zero) < (lifetime ?? .maximum) ? keepalive : nil,
            housekeeping: [.nanoseconds(1), .milliseconds(300), .seconds(30), .maximum][Int(random.below(4))],
            validateAfter: random.chance(0.2) ? .zero : maybe(.milliseconds(100)),
            validationTimeout: maybe(.seconds(1)) ?? .seconds(5), leakThreshold: maybe(.milliseconds(500)),
            reclaimAfter: maybe(.seconds(3)), concurrentCreations: random.chance(0.5) ? 1 : 1 + Int(random.below(9)),
            creationBackoff: .milliseconds(10), creationBackoffLimit: random.chance(0.1) ? .maximum : .seconds(1),
            clockTolerance: maybe(.milliseconds(128)))
    }
}
