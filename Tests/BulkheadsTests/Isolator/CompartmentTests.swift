import Bulkheads
import Resilience
import Testing
import Timeline

/// The rules of the guide's isolator, and its defects B8 and L1 to L6.
@Suite("Compartment")
struct CompartmentTests {
    private static func threads(
        _ core: Int, queue: Int, order: ThreadPool.Order = .fifo, expired: ThreadPool.ExpiredTasks = .drop,
        whenFull: ThreadPool.RejectionPolicy = .abort
    ) throws -> Compartment.Isolation {
        .threads(try .init(core: core, queue: queue, whenFull: whenFull, order: order, expired: expired))
    }

    private static func breaker(_ calls: Int, probes: Int = 1) throws -> CircuitBreaker.Settings {
        try .init(window: .calls(calls), openTime: .seconds(10), probes: probes)
    }

    private static func second(_ count: Int64) -> Instant { .after(.seconds(count)) }

    @Test("a call runs, waits or is refused, and the one that ends names the next")
    func run() throws {
        var compartment = Compartment(try .init(isolation: Self.threads(1, queue: 1)))
        let first = try compartment.permit(1)
        guard case .queued(let second, position: 1) = compartment.ask(2, at: .zero).verdict else {
            Issue.record("not queued")
            return
        }
        #expect(compartment.refusal(3) == .full)
        #expect(compartment.lastRefusal?.reason == .full)
        let early = compartment.ended(second, at: Self.second(1))
        #expect(early == nil, "it waits")
        let ending = compartment.ended(first, at: Self.second(3))
        #expect(ending?.task == 1)
        #expect(ending?.waited == .zero)
        #expect(ending?.ran == .seconds(3))
        #expect(ending?.change.starts.map(\.task) == [2])
        #expect(ending?.change.starts.map(\.permit) == [second])
        #expect(ending?.change.starts.map(\.waited) == [.seconds(3)])
        let again = compartment.ended(first, at: Self.second(3))
        #expect(again == nil, "handed back twice")
        let last = compartment.ended(second, at: Self.second(5))
        #expect(last?.waited == .seconds(3), "guide defect L3: the wait and the run are told apart")
        #expect(last?.ran == .seconds(2))
        #expect(compartment.running == 0)
        #expect(compartment.threads?.active == 0)
    }

    @Test("guide defect L1: a burst that fills the queue does not open the breaker of a healthy callee")
    func rejectionsAreNoFailures() throws {
        var compartment = Compartment(
            try .init(isolation: Self.threads(2, queue: 2), breaker: Self.breaker(4)))
        for task in UInt64(0)..<100 { _ = compartment.ask(task, at: .zero) }
        #expect(compartment.totals.full == 96)
        #expect(compartment.breaker?.state == .closed)
        #expect(compartment.breaker?.totals.failed == 0)
        #expect(compartment.breaker?.totals.inFlight == 4, "every refused call has given its permit back")
    }

    @Test("guide defect B8: what an open breaker or a full bulkhead refuses costs no token")
    func tokens() throws {
        var compartment = Compartment(
            try .init(
                isolation: Self.threads(1, queue: 0), limiter: .tokenBucket(limit: 3, per: .seconds(1000)),
                breaker: Self.breaker(1)))
        let first = try compartment.permit(1)
        for task in UInt64(2)...50 { #expect(compartment.refusal(task) == .full) }
        _ = compartment.ended(first, failure: .server, at: .zero)
        for task in UInt64(2)...50 { #expect(compartment.refusal(task) == .circuitOpen) }
        #expect(compartment.lastRefusal?.retryAfter == .seconds(10))
        for task in UInt64(51)...52 {
            let permit = try compartment.permit(task, at: Self.second(20))
            _ = compartment.ended(permit, at: Self.second(20))
        }
        #expect(compartment.refusal(53, at: Self.second(20)) == .rateLimited, "three tokens for three calls")
        #expect(compartment.lastRefusal?.retryAfter ?? .zero > .zero)
        #expect(compartment.breaker?.totals.permitted == 1 + 49 + 2, "the breaker is not asked about the last")
    }

    @Test("a full bulkhead takes no probe of a half-open breaker")
    func probes() throws {
        var compartment = Compartment(
            try .init(isolation: Self.threads(2, queue: 0), breaker: Self.breaker(2)))
        let slow = try compartment.permit(1)
        for task in UInt64(2)...3 {
            let permit = try compartment.permit(task)
            _ = compartment.ended(permit, failure: .server, at: .zero)
        }
        #expect(compartment.breaker?.state == .open)
        _ = compartment.changeSettings(
            try .init(isolation: Self.threads(1, queue: 0), breaker: Self.breaker(2)), at: .zero)
        #expect(compartment.refusal(3, at: Self.second(20)) == .full)
        #expect(compartment.breaker?.state == .halfOpen)
        _ = compartment.ended(slow, at: Self.second(21))
        let probe = try compartment.permit(4, at: Self.second(21))
        let ending = compartment.ended(probe, at: Self.second(22))
        #expect(ending?.change.transitions.map(\.to) == [.closed])
    }

    @Test("guide defect L2: what nobody waits for any more does not run, and a withdrawn call neither")
    func abandoned() throws {
        var compartment = Compartment(
            try .init(isolation: Self.threads(1, queue: 9), breaker: Self.breaker(100)))
        let first = try compartment.permit(1)
        for task in UInt64(2)...4 { _ = compartment.ask(task, deadline: Self.second(2), at: .zero) }
        guard case .queued(let withdrawn, _) = compartment.ask(5, at: .zero).verdict else {
            Issue.record("not queued")
            return
        }
        _ = compartment.ask(6, at: .zero)
        #expect(compartment.isWithdrawn(withdrawn) == true)
        #expect(compartment.isWithdrawn(withdrawn) == false)
        #expect(compartment.isWithdrawn(first) == false, "it runs")
        let ended = compartment.ended(first, at: Self.second(3))
        let ending = try #require(ended)
        #expect(ending.change.dropped.map(\.task) == [2, 3, 4])
        #expect(ending.change.dropped.allSatisfy { $0.isExpired && $0.waited == .seconds(3) })
        #expect(ending.change.starts.map(\.task) == [6])
        #expect(compartment.refusal(7, deadline: Self.second(3), at: Self.second(3)) == .expired)
        #expect(compartment.totals.expired == 4)
        #expect(compartment.breaker?.totals.ignored == 4)
    }

    @Test("with a policy that runs late calls they run; a call that ends for nobody is told apart")
    func late() throws {
        var compartment = Compartment(try .init(isolation: Self.threads(1, queue: 9, expired: .run)))
        let first = try compartment.permit(1)
        _ = compartment.ask(2, deadline: Self.second(2), at: .zero)
        let ending = compartment.ended(first, failure: .cancelled, at: Self.second(3))
        #expect(ending?.change.starts.map(\.task) == [2])
        #expect(ending?.outcome == .ignored)
        #expect(compartment.threads?.totals.forNobody == 1)
    }

    @Test("guide defect L4: critical calls go before those of low priority that came first")
    func priorities() throws {
        var compartment = Compartment(try .init(isolation: Self.threads(1, queue: 9, order: .priority())))
        var permit = try compartment.permit(0)
        let priorities: [ThreadPool.Priority] = [.low, .normal, .critical, .low, .high, .critical]
        for (index, priority) in priorities.enumerated() {
            _ = compartment.ask(UInt64(index + 1), priority: priority, at: .zero)
        }
        var order: [UInt64] = []
        while let start = compartment.next(after: permit) {
            order.append(start.task)
            permit = start.permit
        }
        #expect(order == [3, 6, 5, 2, 1, 4])
    }

    @Test("guide defect L6: the fallback answers failures of the callee and refusals, never what the caller did wrong")
    func fallback() throws {
        var compartment = Compartment(
            try .init(
                isolation: Self.threads(4, queue: 0), breaker: Self.breaker(100),
                fallback: .init(source: .cache, limit: 2)))
        let wrong = try compartment.permit(1)
        let invalid = compartment.ended(wrong, failure: .client, at: .zero)
        #expect(invalid?.instead == nil)
        #expect(invalid?.outcome == .success, "the callee did what it should")
        let broken = try compartment.permit(2)
        let failed = compartment.ended(broken, failure: .server, at: .zero)
        #expect(failed?.outcome == .failure)
        let instead = try #require(failed?.instead)
        #expect(instead.source == .cache)
        for task in UInt64(3)...6 { _ = compartment.ask(task, at: .zero) }
        guard case .fallback(let other, because: let refusal) = compartment.ask(7, at: .zero).verdict else {
            Issue.record("no fallback")
            return
        }
        #expect(refusal.reason == .full)
        #expect(compartment.refusal(8) == .full, "the fallback's own bulkhead is full")
        #expect(compartment.fallback.totals.rejected == 1)
        let ended = compartment.fallbackEnded(.success, permit: other.permit)
        let again = compartment.fallbackEnded(.success, permit: other.permit)
        #expect(ended && !again)
        #expect(compartment.fallbackEnded(.failure, permit: instead.permit) == true)
        #expect(compartment.fallback.inFlight == 0)
    }

    @Test("the oldest makes room if the queue says so, and is told")
    func displaced() throws {
        var compartment = Compartment(
            try .init(
                isolation: Self.threads(1, queue: 1, whenFull: .discardOldest), breaker: Self.breaker(9),
                fallback: .init(source: .value)))
        _ = compartment.ask(1, at: .zero)
        _ = compartment.ask(2, at: .zero)
        let answer = compartment.ask(3, at: Self.second(1))
        #expect(answer.displaced?.task == 2)
        #expect(answer.displaced?.isExpired == false)
        #expect(answer.displaced?.waited == .seconds(1))
        #expect(answer.displaced?.instead?.source == .value)
        #expect(compartment.breaker?.totals.inFlight == 2)
        #expect(compartment.queued == 1)
    }

    @Test("a caller that runs its call itself takes no thread")
    func callerRuns() throws {
        var compartment = Compartment(try .init(isolation: Self.threads(1, queue: 0, whenFull: .callerRuns)))
        _ = compartment.ask(1, at: .zero)
        guard case .runInCaller(let permit) = compartment.ask(2, at: .zero).verdict else {
            Issue.record("not run in the caller")
            return
        }
        #expect(compartment.running == 2)
        let ending = compartment.ended(permit, at: Self.second(1))
        #expect(ending?.task == 2)
        #expect(compartment.threads?.active == 1)
    }

    @Test("at a semaphore calls wait for so long, and no longer than their deadline")
    func semaphore() throws {
        var compartment = Compartment(
            try .init(
                isolation: .semaphore(.init(permits: 1, maximumWait: .seconds(5))), breaker: Self.breaker(9)))
        let first = try compartment.permit(1)
        _ = compartment.ask(2, deadline: Self.second(2), at: .zero)
        _ = compartment.ask(3, at: .zero)
        _ = compartment.ask(4, at: Self.second(1))
        #expect(compartment.nextEvent == Self.second(2))
        let two = compartment.advance(to: Self.second(2))
        #expect(two.dropped.map(\.task) == [2])
        let ending = compartment.ended(first, at: Self.second(5))
        #expect(ending?.change.dropped.map(\.task) == [3], "exactly at its limit it is too late")
        #expect(ending?.change.starts.map(\.task) == [4])
        #expect(compartment.breaker?.totals.ignored == 2)
        #expect(compartment.queued == 0)
    }

    @Test("settings change at work: more threads start those that wait; a breaker switched on begins afresh")
    func change() throws {
        var compartment = Compartment(try .init(isolation: Self.threads(1, queue: 9), breaker: Self.breaker(1)))
        let first = try compartment.permit(0)
        for task in UInt64(1)...4 { _ = compartment.ask(task, at: .zero) }
        let wider = compartment.changeSettings(try .init(isolation: Self.threads(3, queue: 9)), at: Self.second(1))
        #expect(wider?.starts.map(\.task) == [1, 2])
        let ending = compartment.ended(first, failure: .server, at: Self.second(1))
        #expect(ending?.change.starts.map(\.task) == [3])
        #expect(compartment.breaker?.state == .open, "it hears the result, but is not asked any more")
        #expect(compartment.refusal(9, at: Self.second(1)) == nil)
        _ = compartment.changeSettings(
            try .init(isolation: Self.threads(3, queue: 9), breaker: Self.breaker(1)), at: Self.second(2))
        #expect(compartment.breaker?.state == .closed)
        let semaphore = compartment.changeSettings(try .init(isolation: .semaphore(.init())), at: Self.second(2))
        #expect(semaphore == nil)
        #expect(compartment.threads?.size == 3)
    }
}

extension Compartment {
    private struct NotRun: Error {}

    fileprivate mutating func permit(_ task: UInt64, at now: Instant = .zero) throws -> Permit {
        guard case .run(let permit) = ask(task, at: now).verdict else { throw NotRun() }
        return permit
    }

    fileprivate mutating func refusal(
        _ task: UInt64, deadline: Instant = .distantFuture, at now: Instant = .zero
    ) -> Reason? {
        guard case .refused(let refusal) = ask(task, deadline: deadline, at: now).verdict else { return nil }
        return refusal.reason
    }

    fileprivate mutating func isWithdrawn(_ permit: Permit) -> Bool { withdraw(permit, at: .zero) != nil }

    fileprivate mutating func next(after permit: Permit) -> Start? { ended(permit, at: .zero)?.change.starts.first }
}
