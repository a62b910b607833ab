import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

@Suite("Command bus: retries, conflicts, deadlines")
struct CommandRetryTests {
    @Test("C2: a local command is retried by its policy, and its sender told how often")
    func localRetry() throws {
        var office = try Office(retry: .everySecond(attempts: 3))
        var step = try office.send(.sample(1))
        for attempt in 1...2 {
            step = try office.reply(step, .fail(.server), at: .ms(Int64(attempt - 1) * 1_000))
            guard case .wait(let until, _) = step else { throw CommandBusTests.Surprise(step: step) }
            #expect(until == .ms(Int64(attempt) * 1_000))
            step = try office.reply(step, .pass, at: until)
        }
        step = try office.reply(step, .fail(.server), at: .ms(2_000))
        #expect(step.answer == .failed(.server, attempts: 3))
        let metrics = try office.metrics("Confirm")
        #expect([metrics.attempts, metrics.retried, metrics.failed] == [3, 2, 1])
    }

    @Test("a wait that is ended early goes on")
    func earlyWake() throws {
        var office = try Office(retry: .everySecond(attempts: 2))
        var step = try office.reply(try office.send(.sample(1)), .fail(.server))
        step = try office.reply(step, .pass, at: .ms(999))
        guard case .wait(let until, _) = step else { throw CommandBusTests.Surprise(step: step) }
        #expect(until == .ms(1_000))
        #expect(try office.reply(step, .pass, at: until).stage == .handler)
    }

    @Test("what is not retryable, and what the business refuses, is not tried again")
    func notRetryable() throws {
        var office = try Office(retry: .everySecond(attempts: 3))
        let client = CommandFailure.fault(.client, detail: "cannot be read")
        #expect(try office.reply(try office.send(.sample(1)), .fail(client)).answer == .failed(client, attempts: 1))
        let refused = try office.reply(try office.send(.sample(2)), .reject("shipped already"))
        #expect(refused.answer == .rejected(.business("shipped already")))
    }

    @Test("how long the callee asks to be left alone is kept")
    func retryAfter() throws {
        var office = try Office(retry: .everySecond(attempts: 2))
        let step = try office.reply(
            try office.send(.sample(1)), .fail(.fault(.rateLimit, retryAfter: .seconds(20))))
        guard case .wait(let until, _) = step else { throw CommandBusTests.Surprise(step: step) }
        #expect(until == .ms(20_000))
    }

    @Test("C16: a version conflict is tried again at once, three times as in Emmett, even without a policy")
    func conflict() throws {
        var office = try Office()
        var step = try office.send(.sample(1))
        for _ in 0..<3 {
            step = try office.reply(step, .fail(.versionConflict()))
            #expect(step.stage == .handler)
        }
        step = try office.reply(step, .fail(.versionConflict(detail: "5, not 4")))
        #expect(step.answer == .failed(.versionConflict(detail: "5, not 4"), attempts: 4))
        let metrics = try office.metrics("Confirm")
        #expect([metrics.conflicts, metrics.retried, metrics.attempts] == [3, 3, 4])
    }

    @Test(
        "NServiceBus recoverability: n immediate and m delayed retries are (n + 1)(m + 1) attempts",
        arguments: [(5, 3, 24), (0, 3, 4), (5, 0, 6), (0, 0, 1)])
    func recoverability(immediate: Int, delayed: Int, attempts: Int) throws {
        // Delays of 10, 20 and 30 s, as its defaults are.
        let policy = try RetryPolicy(
            attempts: delayed + 1, backoff: .linear(initial: .seconds(10), cap: .seconds(30)), jitter: .none)
        var office = try Office(retry: policy, conflictRetries: immediate)
        #expect(try office.ship(1) == .accepted(queue: "orders"))
        var (made, now) = (0, Instant.zero)
        while let step = office.bus.take(from: "orders", at: now) {
            made += 1
            if case .postponed(let until) = try office.reply(step, .fail(.versionConflict()), at: now) { now = until }
        }
        #expect(made == attempts)
        #expect(now == .ms([0, 10_000, 30_000, 60_000][delayed]))
        #expect(office.parked() == [1])
    }

    @Test("an expired command is not executed: not when it is sent, not after a wait, not behind slow middleware")
    func deadline() throws {
        var office = try Office(middleware: ["auth"], retry: .everySecond(attempts: 9))
        #expect(try office.send(.sample(1, deadline: .ms(5)), at: .ms(5)).answer == .rejected(.expired(attempts: 0)))
        let validate = try office.bus.send(.sample(2, deadline: .ms(5)), at: .zero)
        #expect(try office.reply(validate, .pass, at: .ms(5)).answer == .rejected(.expired(attempts: 0)))
        var step = try office.send(.sample(3, deadline: .ms(5)), at: .zero)
        step = try office.reply(step, .pass, at: .ms(5))
        #expect(step.stage == .wayBack(0, .rejected(.expired(attempts: 0))))
        #expect(try office.reply(step, .pass, at: .ms(5)).answer == .rejected(.expired(attempts: 0)))
        step = try office.send(.sample(4, deadline: .ms(1_500)))
        step = try office.reply(step, .pass)
        step = try office.reply(try office.reply(step, .fail(.server)), .pass)
        step = try office.reply(step, .pass, at: .ms(1_600))
        #expect(step.answer == .rejected(.expired(attempts: 1)), "the wait was ended too late")
        #expect(try office.metrics("Confirm").expired == 4)
    }

    @Test("a wait that would end after the deadline is not begun")
    func deadlineBeforeWait() throws {
        var office = try Office(retry: .everySecond(attempts: 9))
        let step = try office.send(.sample(1, deadline: .ms(1_000)))
        #expect(try office.reply(step, .fail(.server)).answer == .rejected(.expired(attempts: 1)))
        // It has not been executed, and can be sent again with more time.
        #expect(try office.send(.sample(1, deadline: .ms(9_000))).stage == .handler)
    }

    @Test("C1: a command for which nobody waits any more is not tried again")
    func cancelled() throws {
        var office = try Office(retry: .everySecond(attempts: 3))
        let wait = try office.reply(try office.send(.sample(1), from: 7), .fail(.server))
        #expect(office.bus.withdraw(8, from: .n(1), at: .ms(5)) == false, "it does not wait")
        #expect(office.bus.withdraw(7, from: .n(1), at: .ms(5)) == true)
        #expect(try office.reply(wait, .pass, at: .ms(1_000)) == .late)
        #expect(try office.metrics("Confirm").cancelled == 1)

        let handle = try office.send(.sample(2), from: 7)
        #expect(office.bus.withdraw(7, from: .n(2), at: .zero) == true)
        #expect(try office.reply(handle, .fail(.server)) == .answer(.cancelled, to: []))
        let validate = try office.bus.send(.sample(3), from: 7, at: .zero)
        #expect(office.bus.withdraw(7, from: .n(3), at: .zero) == true)
        #expect(try office.reply(validate, .pass) == .answer(.cancelled, to: []))
        #expect(try office.metrics("Confirm").running == 0)
    }

    @Test("what is done although nobody waits is done, and remembered")
    func doneForNobody() throws {
        var office = try Office()
        let handle = try office.send(.sample(1), from: 7)
        #expect(office.bus.withdraw(7, from: .n(1), at: .zero) == true)
        #expect(try office.reply(handle, .done([4])) == .answer(.done([4]), to: []))
        #expect(try office.send(.sample(1)).answer == .done([4]))
    }
}
