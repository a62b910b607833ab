import CQRS
import EventSourcing
import Testing
import Timeline

@Suite("Command bus: one command is executed once")
struct CommandIdempotencyTests {
    @Test("C2: a repetition of what was done, or refused by the business, gets the same answer; the handler is not run")
    func remembered() throws {
        var office = try Office()
        _ = try office.reply(try office.send(.sample(1)), .done([7]))
        _ = try office.reply(try office.send(.sample(2)), .reject("sold out"))
        #expect(try office.bus.send(.sample(1), from: 5, at: .zero) == .answer(.done([7]), to: [5]))
        #expect(try office.bus.send(.sample(2), at: .zero).answer == .rejected(.business("sold out")))
        let metrics = try office.metrics("Confirm")
        #expect([metrics.sent, metrics.duplicates, metrics.attempts, metrics.ended] == [4, 2, 2, 2])
    }

    @Test("a transient failure is not remembered")
    func failure() throws {
        var office = try Office()
        _ = try office.reply(try office.send(.sample(1)), .fail(.server))
        #expect(try office.send(.sample(1)).stage == .handler)
    }

    @Test("a repetition of what is under way joins it, and gets its answer")
    func joins() throws {
        var office = try Office(retry: .everySecond(attempts: 2))
        let validate = try office.bus.send(.sample(1), from: 1, at: .zero)
        #expect(try office.bus.send(.sample(1), from: 2, at: .zero) == .joined)
        var step = try office.reply(validate, .pass)
        #expect(try office.bus.send(.sample(1), from: 3, at: .zero) == .joined)
        step = try office.reply(step, .fail(.server))
        #expect(try office.bus.send(.sample(1), from: 4, at: .ms(1)) == .joined)
        #expect(office.bus.withdraw(3, from: .n(1), at: .ms(2)) == true)
        step = try office.reply(step, .pass, at: .ms(1_000))
        #expect(try office.reply(step, .done([8]), at: .ms(1_000)) == .answer(.done([8]), to: [1, 2, 4]))
        #expect(try office.metrics("Confirm").duplicates == 3)
    }

    @Test("the first may withdraw: the command goes on for those that joined")
    func firstWithdraws() throws {
        var office = try Office(retry: .everySecond(attempts: 2))
        let wait = try office.reply(try office.send(.sample(1), from: 1), .fail(.server))
        #expect(try office.bus.send(.sample(1), from: 2, at: .zero) == .joined)
        #expect(office.bus.withdraw(1, from: .n(1), at: .zero) == true)
        let again = try office.reply(wait, .pass, at: .ms(1_000))
        #expect(try office.reply(again, .pass, at: .ms(1_000)) == .answer(.done([]), to: [2]))
    }

    @Test("another command with the same id is refused, whether the first is under way or over")
    func otherContents() throws {
        var office = try Office()
        let first = try office.send(.sample(1, payload: [1]))
        #expect(try office.send(.sample(1, payload: [2])).answer == .rejected(.idTaken))
        #expect(try office.send(.sample(1, of: "order-2", payload: [1])).answer == .rejected(.idTaken))
        #expect(try office.send(.sample(1, type: "Ship", payload: [1])).answer == .rejected(.idTaken))
        _ = try office.reply(first, .pass)
        #expect(try office.send(.sample(1, payload: [2])).answer == .rejected(.idTaken))
        #expect(try office.send(.sample(1, payload: [1])).answer == .done([]))
        // A repetition may be stamped anew.
        let restamped = try CommandEnvelope(
            id: .n(1), type: "Confirm", sequence: "order-1", payload: [1], correlation: .n(9), issuedAt: .ms(8))
        #expect(try office.send(restamped).answer == .done([]))
    }

    @Test("the record is bounded in time and number")
    func bounds() throws {
        var office = try Office(remembered: 2, rememberedFor: .seconds(10))
        for number in 1...3 { _ = try office.reply(try office.send(.sample(number)), .pass) }
        #expect(try office.send(.sample(1)).stage == .handler, "the third took its place")
        #expect(try office.send(.sample(3), at: .ms(9_999)).answer == .done([]))
        #expect(try office.send(.sample(3), at: .ms(10_000)).stage == .handler)
        var forgetful = try Office(remembered: 0)
        _ = try forgetful.reply(try forgetful.send(.sample(1)), .pass)
        #expect(try forgetful.send(.sample(1)).stage == .handler)
    }

    @Test("a repetition of a queued command is told where it is, and afterwards what came of it")
    func queued() throws {
        var office = try Office()
        #expect(try office.ship(1) == .accepted(queue: "orders"))
        #expect(try office.ship(1) == .accepted(queue: "orders"))
        let step = office.bus.take(from: "orders", at: .zero)
        #expect(try office.ship(1) == .accepted(queue: "orders"))
        #expect(try office.reply(step, .done([3])) == .answer(.done([3]), to: []))
        #expect(try office.ship(1) == .done([3]))
        _ = try office.ship(2)
        #expect(try office.work(2, .fail(.server)) == .parked)
        #expect(try office.ship(2) == .parked(queue: "orders"))
        #expect(office.bus.take(from: "orders", at: .zero) == nil)
        let metrics = try office.metrics()
        #expect([metrics.sent, metrics.duplicates, metrics.attempts] == [6, 4, 2])
    }
}
