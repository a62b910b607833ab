import CQRS
import Testing
import Timeline

/// Vectors: Axon's InterceptingCommandBusTest (AX).
@Suite("Command bus: middleware")
struct MiddlewareTests {
    /// Runs a command through middleware that replies as it is told, and returns what was run, and the answer.
    private func run(
        inward: [CommandBus.Reply], handler: CommandBus.Reply = .done([1]), outward: [CommandBus.Reply]
    ) throws -> (trail: [String], answer: CommandBus.Answer?) {
        var office = try Office(middleware: ["outer", "middle", "inner"])
        var step = try office.send(.sample(1))
        var trail: [String] = []
        while let stage = step.stage {
            switch stage {
            case .middleware(let index):
                trail.append("in \(index)")
                step = try office.reply(step, inward[index])
            case .handler:
                trail.append("handler")
                step = try office.reply(step, handler)
            case .wayBack(let index, let outcome):
                trail.append("out \(index) \(outcome)")
                step = try office.reply(step, outward[index])
            }
        }
        return (trail, step.answer)
    }

    private let passes = Array(repeating: CommandBus.Reply.pass, count: 3)

    @Test("AX handlerInterceptorsInvokedOnHandle: in order on the way in, in reverse on the way back")
    func order() throws {
        let (trail, answer) = try run(inward: passes, outward: passes)
        #expect(trail == ["in 0", "in 1", "in 2", "handler", "out 2 done([1])", "out 1 done([1])", "out 0 done([1])"])
        #expect(answer == .done([1]))
    }

    @Test("AX earlyReturnAvoidsMessageDispatch: one that answers itself is the end of the way in; those before see it")
    func shortCircuit() throws {
        let (trail, answer) = try run(inward: [.pass, .done([9]), .pass], outward: passes)
        #expect(trail == ["in 0", "in 1", "out 0 done([9])"])
        #expect(answer == .done([9]))
    }

    @Test("one that rejects is named, and those before it see that")
    func rejection() throws {
        let (trail, answer) = try run(inward: [.pass, .pass, .reject("not yours")], outward: passes)
        #expect(trail.count == 5 && trail.last?.hasPrefix("out 0 rejected") == true)
        #expect(answer == .rejected(.refused(by: "inner", "not yours")))
        let first = try run(inward: [.reject("no"), .pass, .pass], outward: passes)
        #expect(first.trail == ["in 0"])
    }

    @Test("AX exceptionsInHandlerInterceptorReturnFailedStream: one that fails makes the attempt fail")
    func failure() throws {
        let (trail, answer) = try run(inward: [.pass, .fail(.server), .pass], outward: passes)
        #expect(trail.count == 3)
        #expect(answer == .failed(.server, attempts: 1))
    }

    @Test("on the way back a middleware may make another outcome of it: a commit that fails")
    func otherOutcome() throws {
        let (trail, answer) = try run(inward: passes, outward: [.pass, .done([3]), .fail(.server)])
        #expect(trail[4] == "out 2 done([1])" && trail[5].hasPrefix("out 1 failed") && trail[6] == "out 0 done([3])")
        #expect(answer == .done([3]))
    }

    @Test("a command that is tried again takes the whole way again, and every middleware sees every attempt")
    func everyAttempt() throws {
        var office = try Office(middleware: ["log"], retry: .everySecond(attempts: 2))
        var step = try office.send(.sample(1))
        step = try office.reply(step, .pass)
        step = try office.reply(step, .fail(.server))
        #expect(step.stage == .wayBack(0, .failed(.server)))
        step = try office.reply(step, .pass)
        guard case .wait(let until, _) = step else { throw CommandBusTests.Surprise(step: step) }
        #expect(until == .ms(1_000))
        step = try office.reply(step, .pass, at: .ms(1_000))
        #expect(step.stage == .middleware(0))
        #expect(step.ticket.flatMap { office.bus.attempt(of: $0) } == 2)
        step = try office.reply(step, .pass, at: .ms(1_000))
        step = try office.reply(step, .done([2]), at: .ms(1_000))
        #expect(step.stage == .wayBack(0, .done([2])))
    }

    @Test("what was turned away before its handler may be sent again; what a commit refused is remembered")
    func remembered() throws {
        var office = try Office(middleware: ["commit"])
        let refused = try office.reply(try office.send(.sample(1)), .reject("not now"))
        #expect(refused.answer == .rejected(.refused(by: "commit", "not now")))
        var step = try office.reply(try office.send(.sample(1)), .pass)
        #expect(step.stage == .handler)
        step = try office.reply(try office.reply(step, .done([])), .reject("constraint"))
        #expect(step.answer == .rejected(.refused(by: "commit", "constraint")))
        #expect(try office.send(.sample(1)).answer == .rejected(.refused(by: "commit", "constraint")))
    }
}
