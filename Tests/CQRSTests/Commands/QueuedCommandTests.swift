import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

@Suite("Command bus: queued commands")
struct QueuedCommandTests {
    @Test("a queued command is accepted, and executed by a worker; nobody waits for it")
    func way() throws {
        var office = try Office(middleware: ["log"])
        #expect(try office.send(.sample(1, type: "Ship"), from: 7) == .answer(.accepted(queue: "orders"), to: [7]))
        #expect(try office.metrics().queued == 1 && office.metrics().running == 0)
        var step = office.bus.take(from: "orders", at: .ms(5))
        #expect(step?.stage == .middleware(0))
        #expect(office.bus.take(from: "orders", at: .ms(5)) == nil)
        step = try office.reply(step, .pass, at: .ms(5))
        step = try office.reply(step, .pass, at: .ms(6))
        #expect(try office.reply(step, .pass, at: .ms(7)) == .answer(.done([]), to: []))
        let metrics = try office.metrics()
        #expect([metrics.sent, metrics.done, metrics.held] == [1, 1, 0] && metrics.duration == .milliseconds(7))
        #expect(office.bus.take(from: "parcels", at: .zero) == nil, "no such queue")
    }

    @Test("an invalid command does not come into the queue, and a full queue says so")
    func refused() throws {
        var office = try Office(capacity: 2)
        let step = try office.bus.send(.sample(1, type: "Ship"), at: .zero)
        #expect(try office.reply(step, .reject("empty")).answer == .rejected(.invalid("empty")))
        _ = try office.ship(2)
        _ = try office.ship(3)
        let full = CommandRejection.queueFull(queue: "orders", capacity: 2)
        #expect(try office.ship(4) == .rejected(full))
        #expect("\(full)" == "queue orders is full with 2 commands")
        #expect(try office.workAll() == [2, 3])
        #expect(try office.ship(4) == .accepted(queue: "orders"), "a refusal is not remembered")
        #expect(try office.metrics().rejected[.queueFull] == 1)
    }

    @Test("order per sequence, several sequences at once; commands without a sequence keep no order")
    func order() throws {
        var office = try Office()
        for (number, sequence) in [(1, "a"), (2, "a"), (3, "b"), (4, nil), (5, nil)] as [(Int, String?)] {
            _ = try office.ship(number, of: sequence)
        }
        var steps: [CommandBus.Step] = []
        while let step = office.bus.take(from: "orders", at: .zero) { steps.append(step) }
        let numbers = steps.map { $0.ticket.flatMap { office.bus.command(of: $0)?.number } }
        #expect(numbers == [1, 3, 4, 5])
        _ = try office.reply(steps[0], .pass)
        _ = try office.work(2)
    }

    @Test("a retry with back-off holds back its own sequence only")
    func backoff() throws {
        var office = try Office(retry: .everySecond(attempts: 3))
        for (number, sequence) in [(1, "a"), (2, "a"), (3, "b")] { _ = try office.ship(number, of: sequence) }
        #expect(try office.work(1, .fail(.server)) == .postponed(until: .ms(1_000)))
        _ = try office.work(3)
        #expect(office.bus.take(from: "orders", at: .ms(999)) == nil)
        #expect(office.bus.nextWake(of: "orders") == .ms(1_000))
        #expect(try office.work(1, .fail(.server), at: .ms(1_000)) == .postponed(until: .ms(2_000)))
        _ = try office.work(1, at: .ms(2_000))
        _ = try office.work(2, at: .ms(2_000))
        #expect(try office.metrics().retried == 2)
    }

    @Test("a version conflict is delivered again at once")
    func conflict() throws {
        var office = try Office()
        _ = try office.ship(1)
        #expect(try office.work(1, .fail(.versionConflict())) == .postponed(until: .zero))
        _ = try office.work(1)
        #expect(try office.metrics().conflicts == 1)
    }

    @Test("a worker that vanished: the command is delivered again, and whatever it says afterwards is late")
    func vanished() throws {
        var office = try Office(middleware: ["log"])
        _ = try office.ship(1)
        let first = office.bus.take(from: "orders", at: .zero)
        #expect(office.bus.take(from: "orders", at: .ms(29_999)) == nil)
        #expect(try office.reply(first, .pass, at: .ms(30_000)) == .late, "before anybody has noticed")
        var second = try required(office.bus.take(from: "orders", at: .ms(30_000)))
        #expect(second.ticket.flatMap { office.bus.attempt(of: $0) } == 2)
        #expect(try office.reply(first, .pass, at: .ms(30_001)) == .late)
        second = try office.reply(second, .pass, at: .ms(30_002))
        second = try office.reply(second, .done([2]), at: .ms(30_003))
        #expect(try office.reply(second, .pass, at: .ms(30_004)).answer == .done([2]))
        #expect(office.bus.lateReplies == 2)
        #expect(try office.metrics().done == 1)
    }

    @Test("a worker that needs longer says so")
    func extended() throws {
        var office = try Office()
        _ = try office.ship(1)
        let step = try required(office.bus.take(from: "orders", at: .zero))
        let ticket = try #require(step.ticket)
        #expect(office.bus.extend(ticket, at: .ms(20_000)) == .ms(50_000))
        #expect(office.bus.take(from: "orders", at: .ms(49_999)) == nil)
        _ = try office.reply(step, .pass, at: .ms(49_999))
        #expect(office.bus.extend(ticket, at: .ms(49_999)) == nil)
        let local = try office.send(.sample(2))
        #expect(office.bus.extend(try #require(local.ticket), at: .zero) == nil, "its time has no end")
    }

    @Test("a command that makes its workers vanish becomes a dead letter, as SQS's redrive policy has it")
    func poisonous() throws {
        var office = try Office(vanishedWorkers: 2)
        _ = try office.ship(1)
        _ = try office.ship(2)
        for delivery in 0..<3 as Range<Int64> {
            let step = try required(office.bus.take(from: "orders", at: .ms(delivery * 30_000)))
            #expect(step.ticket.flatMap { office.bus.command(of: $0)?.number } == 1)
        }
        #expect(office.bus.take(from: "orders", at: .ms(90_000)) == nil)
        #expect(office.parked() == [1, 2])
        let letter = office.bus.deadLetters(of: "orders")?.letters(of: "order-1").first
        #expect(letter?.cause?.kind == "vanished" && letter?.attempts == 3)
    }

    @Test("an expired command is not executed: in the queue, between retries, as a dead letter")
    func expired() throws {
        var office = try Office(retry: .everySecond(attempts: 5))
        _ = try office.send(.sample(1, type: "Ship", deadline: .ms(100)))
        _ = try office.send(.sample(2, type: "Ship", deadline: .ms(500)))
        #expect(try office.work(1, .fail(.server)).answer == .rejected(.expired(attempts: 1)), "a wait of a second")
        _ = try office.ship(3)
        #expect(try office.workAll(at: .ms(500)) == [3])
        _ = try office.send(.sample(4, type: "Ship", deadline: .ms(9_000)), at: .ms(500))
        #expect(try office.work(4, .fail(.fault(.client)), at: .ms(600)) == .parked)
        _ = try office.ship(5)
        var plan = office.bus.replayPlan(for: "orders")
        #expect(try office.replayAll(&plan, at: .ms(9_000)) == [5])
        #expect(try office.metrics().expired == 3)
        #expect(try office.metrics().held == 0)
    }

    @Test("the metrics say what waits, since when, and what became of the rest")
    func metrics() throws {
        var office = try Office()
        for number in 1...3 { _ = try office.ship(number, of: "s\(number)", at: .ms(Int64(number))) }
        #expect(try office.metrics().oldestQueuedSince == .ms(1))
        let step = office.bus.take(from: "orders", at: .ms(5))
        var metrics = try office.metrics()
        #expect([metrics.running, metrics.queued] == [1, 2] && metrics.oldestQueuedSince == .ms(2))
        _ = try office.reply(step, .fail(.server), at: .ms(6))
        _ = try office.work(2, .reject("no"), at: .ms(7))
        metrics = try office.metrics()
        #expect([metrics.parked, metrics.queued, metrics.rejected.total, metrics.deadLettered] == [1, 1, 1, 1])
        #expect(metrics.sent == metrics.duplicates + metrics.ended + metrics.held)
        #expect(office.bus.metrics(of: "Cancel") == nil)
        #expect(office.bus.commands(in: "orders")?.depth == 1 && office.bus.commands(in: "x") == nil)
    }
}
