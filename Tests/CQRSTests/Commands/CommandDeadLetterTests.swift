import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

@Suite("Command bus: dead letters")
struct CommandDeadLetterTests {
    private let client = CommandBus.Reply.fail(.fault(.client, detail: "bad"))

    @Test("C1: what fails for good is parked with its cause, and all later ones of its sequence; others go on")
    func parked() throws {
        var office = try Office(retry: .everySecond(attempts: 2))
        for (number, sequence) in [(1, "order-1"), (2, "order-1"), (3, "order-2")] {
            _ = try office.ship(number, of: sequence)
        }
        _ = try office.work(1, .fail(.fault(.timeout, detail: "store")))
        _ = try office.work(3)
        #expect(try office.work(1, .fail(.fault(.timeout, detail: "store")), at: .ms(1_000)) == .parked)
        #expect(try office.ship(4, at: .ms(1_001)) == .parked(queue: "orders"))
        #expect(try office.ship(5, of: "order-2") == .accepted(queue: "orders"))
        #expect(try office.workAll(at: .ms(1_002)) == [5])
        let letters = office.bus.deadLetters(of: "orders")?.letters(of: "order-1") ?? []
        #expect(letters.map(\.id) == [.n(1), .n(2), .n(4)])
        #expect(letters.map(\.cause) == [.init(kind: "timeout", detail: "store"), nil, nil])
        #expect(letters.map(\.attempts) == [2, 0, 0])
        #expect(office.bus.command(of: letters[1])?.number == 2)
        let metrics = try office.metrics()
        #expect([metrics.deadLettered, metrics.heldBack, metrics.parked] == [1, 2, 3])
    }

    @Test("a replay executes as many as it has counted, in order; then the sequence goes on")
    func replay() throws {
        var office = try Office()
        for number in 1...3 { _ = try office.ship(number) }
        _ = try office.work(1, client)
        var plan = office.bus.replayPlan(for: "orders")
        #expect(plan.letters == 3 && plan.groups == office.bus.replayPlan(for: "orders").groups)
        #expect(try office.replayAll(&plan) == [1, 2, 3])
        #expect(office.parked().isEmpty && plan.tried == 3)
        #expect(try office.ship(1) == .done([]), "it is remembered now")
        #expect(try office.ship(4) == .accepted(queue: "orders"))
        #expect(try office.workAll() == [4])
        #expect(office.bus.replayPlan(for: "parcels").letters == 0)
        #expect(office.bus.replay(&plan, of: "parcels", at: .zero) == .finished)
    }

    @Test("a replay stops at the first that fails again; nothing is lost, and nothing passes it by")
    func replayFails() throws {
        var office = try Office(retry: .everySecond(attempts: 5))
        for number in 1...3 { _ = try office.ship(number) }
        _ = try office.work(1, client)
        var plan = office.bus.replayPlan(for: "orders")
        let tried = try office.replayAll(&plan, at: .ms(5)) { $0 == 2 ? .fail(.fault(.timeout)) : .pass }
        #expect(tried == [1, 2], "without further attempts")
        let letter = office.bus.deadLetters(of: "orders")?.letters(of: "order-1").first
        #expect(letter?.id == .n(2) && letter?.cause?.kind == "timeout" && letter?.attempts == 1)
        #expect(office.parked() == [2, 3])
        #expect(try office.ship(4) == .parked(queue: "orders"))
        var again = office.bus.replayPlan(for: "orders")
        #expect(try office.replayAll(&again) == [2, 3, 4])
    }

    @Test("what comes during a replay is not executed by it, but goes on when all before it is done")
    func replayMeanwhile() throws {
        var office = try Office()
        _ = try office.ship(1)
        _ = try office.work(1, client)
        _ = try office.ship(2)
        var plan = office.bus.replayPlan(for: "orders")
        guard case .execute(let step) = office.bus.replay(&plan, of: "orders", at: .zero) else {
            throw DeadLetterQueueTests.Missing()
        }
        #expect(try office.ship(3) == .parked(queue: "orders"))
        #expect(try office.ship(4) == .parked(queue: "orders"))
        #expect(office.bus.replay(&plan, of: "orders", at: .zero) == .busy)
        _ = try office.reply(step, .pass)
        #expect(try office.replayAll(&plan) == [2])
        #expect(office.parked().isEmpty)
        #expect(try office.metrics().queued == 2)
        #expect(try office.workAll() == [3, 4])
    }

    @Test("what was held back waits on if the last of the plan fails")
    func replayMeanwhileFails() throws {
        var office = try Office()
        _ = try office.ship(1)
        _ = try office.work(1, client)
        var plan = office.bus.replayPlan(for: "orders")
        _ = try office.ship(2)
        #expect(try office.replayAll(&plan) { _ in client } == [1])
        #expect(office.parked() == [1, 2])
        #expect(try office.workAll().isEmpty)
    }

    @Test("whoever takes up a dead letter and vanishes has lost nothing")
    func replayVanishes() throws {
        var office = try Office()
        _ = try office.ship(1)
        _ = try office.work(1, client)
        var plan = office.bus.replayPlan(for: "orders")
        guard case .execute(let step) = office.bus.replay(&plan, of: "orders", at: .zero),
            let ticket = step.ticket
        else { throw DeadLetterQueueTests.Missing() }
        #expect(office.bus.extend(ticket, at: .ms(10_000)) == .ms(40_000))
        #expect(office.bus.replay(&plan, of: "orders", at: .ms(39_999)) == .busy)
        #expect(office.bus.replay(&plan, of: "orders", at: .ms(40_000)) == .finished)
        #expect(try office.reply(step, .pass, at: .ms(40_000)) == .late)
        var again = office.bus.replayPlan(for: "orders")
        #expect(try office.replayAll(&again, at: .ms(40_001)) == [1])
    }

    @Test("a conflict during a replay is tried again at once")
    func replayConflict() throws {
        var office = try Office()
        _ = try office.ship(1)
        _ = try office.work(1, client)
        var plan = office.bus.replayPlan(for: "orders")
        guard case .execute(var step) = office.bus.replay(&plan, of: "orders", at: .zero) else {
            throw DeadLetterQueueTests.Missing()
        }
        for _ in 0..<3 { step = try office.reply(step, .fail(.versionConflict())) }
        #expect(step.stage == .handler)
        #expect(try office.reply(step, .fail(.versionConflict())) == .parked)
        #expect(step.ticket.flatMap { office.bus.command(of: $0) } == nil, "its ticket is late")
        var again = office.bus.replayPlan(for: "orders")
        let tried = try office.replayAll(&again) { _ in .fail(.versionConflict()) }
        #expect(tried == [1] && office.bus.replay(&again, of: "orders", at: .zero) == .busy, "from the start")
        #expect(office.bus.deadLetters(of: "orders")?.letters(of: "order-1").first?.cause?.kind == "versionConflict")
    }

    @Test("by cause, and by sequence: only the wanted sequences are replayed")
    func filtered() throws {
        var office = try Office()
        for (number, sequence) in [(1, "a"), (2, "a"), (3, "b")] { _ = try office.ship(number, of: sequence) }
        _ = try office.work(1, client)
        _ = try office.work(3, .fail(.fault(.network)))
        var plan = office.bus.replayPlan(for: "orders") { $0.cause?.kind == "network" }
        #expect(plan.letters == 1)
        #expect(try office.replayAll(&plan) == [3])
        #expect(office.parked(of: "a") == [1, 2])
    }

    @Test("one that is taken out is never executed; the rest of its sequence stays until somebody takes it up")
    func evict() throws {
        var office = try Office()
        for number in 1...2 { _ = try office.ship(number) }
        _ = try office.work(1, client)
        let letter = try #require(office.bus.deadLetters(of: "orders")?.letters(of: "order-1").first)
        #expect(office.bus.evict(letter, from: "orders", at: .zero) == true)
        #expect(office.bus.evict(letter, from: "orders", at: .zero) == false)
        #expect(office.parked() == [2] && office.bus.command(of: letter) == nil)
        #expect(try office.workAll().isEmpty)
        #expect(try office.ship(1) == .parked(queue: "orders"), "sent again, it stands behind the rest")
        #expect(office.bus.evictAll(of: "order-1", from: "orders", at: .zero) == 2)
        #expect(try office.ship(3) == .accepted(queue: "orders"))
        #expect(try office.workAll() == [3])
        #expect(try office.metrics().discarded == 3)
    }

    @Test("one that is being executed cannot be taken out")
    func evictExecuted() throws {
        var office = try Office()
        for number in 1...2 { _ = try office.ship(number) }
        _ = try office.work(1, client)
        let letters = try #require(office.bus.deadLetters(of: "orders")?.letters(of: "order-1"))
        var plan = office.bus.replayPlan(for: "orders")
        guard case .execute(let step) = office.bus.replay(&plan, of: "orders", at: .zero) else {
            throw DeadLetterQueueTests.Missing()
        }
        #expect(office.bus.evict(letters[0], from: "orders", at: .zero) == false)
        #expect(office.bus.evictAll(of: "order-1", from: "orders", at: .zero) == 0)
        #expect(office.bus.evict(letters[1], from: "orders", at: .zero) == true)
        #expect(try office.reply(step, .pass).answer == .done([]))
        #expect(office.parked().isEmpty)
    }

    @Test("a full dead letter queue: new ones of the sequence are refused, those in the queue wait in order")
    func fullSequence() throws {
        var office = try Office(deadLetters: .init(sequenceLength: 2))
        for number in 1...4 { _ = try office.ship(number) }
        #expect(try office.work(1, client) == .parked)
        #expect(office.parked() == [1, 2])
        let refusal = DeadLetterQueue.Refusal.sequenceTooLong("order-1", 2)
        #expect(try office.ship(5) == .rejected(.deadLettersFull(refusal)))
        #expect(try office.workAll().isEmpty && office.metrics().queued == 2)
        let letter = try #require(office.bus.deadLetters(of: "orders")?.letters(of: "order-1").first)
        _ = office.bus.evict(letter, from: "orders", at: .zero)
        #expect(office.parked() == [2, 3], "there is room for one more")
        var plan = office.bus.replayPlan(for: "orders")
        #expect(plan.letters == 2)
        #expect(try office.replayAll(&plan) == [2, 3])
        #expect(try office.workAll() == [4], "it was never a dead letter, or went back")
        #expect(try office.metrics().held == 0)
    }

    @Test("with all dead letters of a sequence gone, what found no room among them goes on")
    func fullSequenceGone() throws {
        var office = try Office(deadLetters: .init(sequenceLength: 2))
        for number in 1...4 { _ = try office.ship(number) }
        _ = try office.work(1, client)
        #expect(office.bus.evictAll(of: "order-1", from: "orders", at: .zero) == 2)
        #expect(try office.workAll() == [3, 4])
    }

    @Test("a command that cannot be parked is not lost: it is tried again later, and holds back its sequence")
    func tooManySequences() throws {
        var office = try Office(deadLetters: .init(sequences: 1))
        for (number, sequence) in [(1, "a"), (2, "b"), (3, "b")] { _ = try office.ship(number, of: sequence) }
        _ = try office.work(1, client)
        #expect(try office.work(2, client) == .postponed(until: .ms(30_000)))
        #expect(office.bus.take(from: "orders", at: .ms(29_999)) == nil)
        #expect(try office.work(2, client, at: .ms(30_000)) == .postponed(until: .ms(60_000)))
        #expect(try office.metrics().parkingRefused == 2)
        _ = office.bus.evictAll(of: "a", from: "orders", at: .ms(30_001))
        #expect(try office.work(2, client, at: .ms(60_000)) == .parked)
        #expect(office.parked(of: "b") == [2, 3])
    }
}
