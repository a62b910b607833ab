import Bulkheads
import Testing
import Timeline

extension Semaphore.Admission {
    /// P permitted, W waiting, R rejected.
    fileprivate var letter: Character {
        switch self {
        case .permitted: "P"
        case .waiting: "W"
        case .rejected: "R"
        }
    }

    fileprivate var place: QueuePlace? {
        if case .waiting(let place) = self { place } else { nil }
    }
}

extension Semaphore {
    fileprivate mutating func ask(_ callers: ClosedRange<UInt64>, at now: Instant = .zero) -> String {
        String(callers.map { acquire($0, at: now).letter })
    }
}

/// Vectors: resilience4j SemaphoreBulkheadTest (R4J), failsafe-go bulkhead_test.go and bulkheadexecutor_test.go (FG),
/// failsafe BulkheadTest (FS).
@Suite("Semaphore")
struct SemaphoreTests {
    private func semaphore(_ permits: Int, wait: Duration = .zero) throws -> Semaphore {
        Semaphore(try .init(permits: permits, maximumWait: wait))
    }

    @Test("R4J testBulkhead: two permits, refused, back, back, permitted")
    func permits() throws {
        var semaphore = try semaphore(2)
        #expect(semaphore.ask(1...2) == "PP")
        #expect(semaphore.available == 0)
        #expect(semaphore.ask(3...3) == "R")
        #expect(semaphore.release(at: .zero) == nil)
        #expect(semaphore.available == 1)
        #expect(semaphore.release(at: .zero) == nil)
        #expect(semaphore.available == 2)
        #expect(semaphore.ask(4...4) == "P")
        let totals = semaphore.totals
        #expect([totals.permitted, totals.rejected, totals.finished] == [3, 1, 2])
    }

    @Test("R4J testCreateWithDefaults: 25 permits, no waiting")
    func defaults() throws {
        let settings = try Semaphore.Settings()
        #expect(settings.permits == 25)
        #expect(settings.maximumWait == .zero)
    }

    @Test("R4J testZeroMaxConcurrentCalls: without permits all are refused, at once or at the end of their wait")
    func noPermits() throws {
        var none = try semaphore(0)
        #expect(none.ask(1...3) == "RRR")
        var waiting = try semaphore(0, wait: .seconds(1))
        #expect(waiting.ask(1...1) == "W")
        #expect(waiting.release(at: .zero) == nil, "none was in use")
        #expect(waiting.popExpired(at: .after(.seconds(1)))?.caller == 1)
        #expect(waiting.totals.permitted == 0)
    }

    @Test("R4J testTryEnterWithTimeout, FG max wait exceeded: refused exactly when the wait is over, and counted once")
    func timeOut() throws {
        var semaphore = try semaphore(1, wait: .milliseconds(50))
        #expect(semaphore.ask(1...2) == "PW")
        #expect(semaphore.nextExpiry == .after(.milliseconds(50)))
        #expect(semaphore.popExpired(at: .after(.nanoseconds(49_999_999))) == nil)
        let late = semaphore.popExpired(at: .after(.milliseconds(50)))
        #expect(late?.caller == 2)
        #expect(late?.waited == .milliseconds(50))
        #expect(semaphore.popExpired(at: .after(.milliseconds(50))) == nil)
        #expect(semaphore.nextExpiry == nil)
        #expect(semaphore.waiting == 0)
        #expect(semaphore.totals.rejected == 1)
        #expect(semaphore.totals.timedOut == 1)
    }

    @Test(
        "R4J ...WithInterruptDuringTimeout, FG canceled while waiting: one that leaves is neither permitted nor refused"
    )
    func withdraw() throws {
        var semaphore = try semaphore(1, wait: .seconds(2))
        _ = semaphore.acquire(1, at: .zero)
        let ticket = semaphore.acquire(2, at: .zero).place?.ticket
        #expect(semaphore.withdraw(2, ticket: ticket) == true)
        #expect(semaphore.withdraw(2, ticket: ticket) == false)
        #expect(semaphore.withdraw(1) == false, "it holds a permit")
        #expect(semaphore.nextExpiry == nil)
        #expect(semaphore.release(at: .zero) == nil)
        #expect(semaphore.totals.withdrawn == 1)
        #expect(semaphore.totals.rejected == 0)
    }

    @Test("FG TestAcquirePermit, FS testPermitAcquiredAfterWait: who waits gets the permit in the call that frees it")
    func handOver() throws {
        var semaphore = try semaphore(2, wait: .maximum)
        #expect(semaphore.ask(1...3) == "PPW")
        #expect(semaphore.nextExpiry == nil, "it waits for ever")
        let next = semaphore.release(at: .after(.milliseconds(200)))
        #expect(next?.caller == 3)
        #expect(next?.waited == .milliseconds(200))
        #expect(semaphore.available == 0)
        #expect(semaphore.totals.longestWait == .milliseconds(200))
    }

    @Test("FS testPermitAcquiredAfterWaitWithLargeQueue: ten calls of 10 ms on one permit run one after the other")
    func largeQueue() throws {
        var semaphore = try semaphore(1, wait: .seconds(1))
        #expect(semaphore.ask(0...9) == "PWWWWWWWWW")
        for call in Int64(1)...9 {
            let next = semaphore.release(at: .after(.milliseconds(10 * call)))
            #expect(next?.caller == UInt64(call))
        }
        #expect(semaphore.release(at: .after(.milliseconds(100))) == nil)
        #expect(semaphore.totals.permitted == 10)
    }

    @Test("FG TestTryAcquirePermitAndReleasePermit")
    func tryAcquire() throws {
        var semaphore = try semaphore(2)
        #expect(semaphore.ask(1...3) == "PPR")
        _ = semaphore.release(at: .zero)
        #expect(semaphore.ask(4...5) == "PR")
        _ = semaphore.release(at: .zero)
        _ = semaphore.release(at: .zero)
        #expect(semaphore.ask(6...8) == "PPR")
    }

    @Test("FG TestAcquirePermitWithMaxWaitTime: a caller may say itself how long it waits")
    func ownWait() throws {
        var semaphore = try semaphore(1)
        #expect(semaphore.acquire(1, maximumWait: .milliseconds(100), at: .zero) == .permitted)
        #expect(semaphore.acquire(2, maximumWait: .milliseconds(100), at: .zero).place?.position == 1)
        #expect(semaphore.acquire(3, maximumWait: .milliseconds(20), at: .zero).place?.position == 2)
        #expect(semaphore.acquire(4, maximumWait: .seconds(-1), at: .zero).letter == "R")
        #expect(semaphore.popExpired(at: .after(.milliseconds(100)))?.caller == 3)
        #expect(semaphore.popExpired(at: .after(.milliseconds(100)))?.caller == 2)
    }

    @Test("a permit freed when a wait is just over goes to the next who still waits; the late one is told all the same")
    func lateAndFreed() throws {
        var semaphore = try semaphore(1, wait: .seconds(1))
        _ = semaphore.acquire(1, at: .zero)
        _ = semaphore.acquire(2, at: .zero)
        _ = semaphore.acquire(3, at: .after(.milliseconds(1)))
        #expect(semaphore.release(at: .after(.seconds(1)))?.caller == 3)
        #expect(semaphore.waiting == 0)
        #expect(semaphore.totals.rejected == 1)
        #expect(semaphore.withdraw(2) == false, "it has been refused")
        #expect(semaphore.nextExpiry == .after(.seconds(1)))
        #expect(semaphore.popExpired(at: .zero)?.caller == 2)
        #expect(semaphore.popExpired(at: .after(.seconds(9))) == nil)
        #expect(semaphore.totals.rejected == 1)
    }

    @Test("of equal deadlines the one that asked first is refused first")
    func equalDeadlines() throws {
        var semaphore = try semaphore(0, wait: .seconds(1))
        _ = semaphore.ask(1...20)
        let refused = (1...20).compactMap { _ in semaphore.popExpired(at: .after(.seconds(1)))?.caller }
        #expect(refused == Array(1...20))
    }

    @Test("R4J changePermissionsInIdleState: any number of permits, any wait")
    func changeIdle() throws {
        var semaphore = try semaphore(3, wait: .seconds(5))
        for permits in [5, 2, 2] {
            #expect(semaphore.resize(to: try .init(permits: permits, maximumWait: .seconds(3)), at: .zero).isEmpty)
            #expect(semaphore.available == permits)
        }
    }

    @Test("R4J changePermissionsCountWhileOneThreadIsRunningWithThisPermission: more at once, fewer as they come back")
    func changeBusy() throws {
        var semaphore = try semaphore(1)
        #expect(semaphore.ask(1...2) == "PR")
        _ = semaphore.resize(to: try .init(permits: 2), at: .zero)
        #expect(semaphore.available == 1)
        #expect(semaphore.ask(3...4) == "PR")
        _ = semaphore.resize(to: try .init(permits: 1), at: .zero)
        #expect(semaphore.inUse == 2)
        #expect(semaphore.available == 0)
        _ = semaphore.release(at: .zero)
        #expect(semaphore.available == 0)
        #expect(semaphore.ask(5...5) == "R")
        _ = semaphore.release(at: .zero)
        #expect(semaphore.available == 1)
    }

    @Test("R4J changePermissionsCountWhileOneThreadIsWaitingForPermission: a new permit goes to the one who waits")
    func changeWaiting() throws {
        var semaphore = try semaphore(1, wait: .seconds(500))
        #expect(semaphore.ask(1...4) == "PWWW")
        let permitted = semaphore.resize(to: try .init(permits: 3, maximumWait: .seconds(500)), at: .after(.seconds(1)))
        #expect(permitted.map(\.caller) == [2, 3])
        #expect(permitted.map(\.waited) == [.seconds(1), .seconds(1)])
        #expect(semaphore.waiting == 1)
    }

    @Test("R4J changeWaitingTimeWhileOneThreadIsWaitingForPermission: whoever waits goes on waiting, newcomers do not")
    func changeWait() throws {
        var semaphore = try semaphore(1, wait: .seconds(500))
        #expect(semaphore.ask(1...2) == "PW")
        _ = semaphore.resize(to: try .init(permits: 1), at: .zero)
        #expect(semaphore.ask(3...3) == "R")
        #expect(semaphore.nextExpiry == .after(.seconds(500)))
        #expect(semaphore.release(at: .after(.seconds(400)))?.caller == 2)
    }

    @Test("R4J changePermissionsConcurrently: 3, then 1, then 4 permits with two in use, one of them back")
    func changeTwice() throws {
        var semaphore = try semaphore(3)
        #expect(semaphore.ask(1...2) == "PP")
        _ = semaphore.resize(to: try .init(permits: 1), at: .zero)
        _ = semaphore.resize(to: try .init(permits: 4), at: .zero)
        _ = semaphore.release(at: .zero)
        #expect(semaphore.available == 3)
    }

    @Test("a permit handed back twice makes no new one (in resilience4j it does)")
    func releasedTwice() throws {
        var semaphore = try semaphore(1)
        #expect(semaphore.ask(1...1) == "P")
        for _ in 0..<3 { _ = semaphore.release(at: .zero) }
        #expect(semaphore.available == 1)
        #expect(semaphore.totals.finished == 1)
        #expect(semaphore.ask(2...3) == "PR")
    }

    @Test("a refusal says how full it was; work for nobody is counted")
    func inNumbers() throws {
        var semaphore = try semaphore(1, wait: .seconds(1))
        #expect(semaphore.ask(1...2) == "PW")
        guard case .rejected(let rejection) = semaphore.acquire(3, maximumWait: .zero, at: .zero) else {
            Issue.record("not rejected")
            return
        }
        #expect([rejection.inUse, rejection.permits, rejection.waiting] == [1, 1, 1])
        #expect(semaphore.oldestWaiterSince == .zero)
        _ = semaphore.release(forNobody: true, at: .zero)
        #expect(semaphore.totals.forNobody == 1)
        #expect(semaphore.oldestWaiterSince == nil)
        #expect(semaphore.totals.mostInUse == 1)
    }

    @Test("a value out of range is refused by name, with the range")
    func refusals() {
        let refused: [(String, () throws -> Semaphore.Settings)] = [
            ("permits: -1 is out of range; allowed: 0 or more", { try .init(permits: -1) }),
            ("maximumWait: -1s is out of range; allowed: 0s or more", { try .init(maximumWait: .seconds(-1)) }),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
        }
    }
}
