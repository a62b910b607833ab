import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

/// Vectors: Axon's SimpleCommandBusTest (AX), and others where they are named.
@Suite("Command bus: registration, validation, answers")
struct CommandBusTests {
    @Test("AX dispatchCommandNoHandlerSubscribed: a command nobody handles is refused, and told who is there")
    func noHandler() throws {
        var office = try Office()
        let step = try office.bus.send(.sample(1, type: "Cancel"), from: 9, at: .zero)
        let rejection = CommandRejection.noHandler(type: "Cancel", registered: ["Confirm", "Ship"])
        #expect(step == .answer(.rejected(rejection), to: [9]))
        #expect("\(rejection)" == "no handler for Cancel; registered are Confirm, Ship")
        #expect(office.bus.unrouted == 1)
        var empty = CommandBus(try .init())
        let nobody = try empty.send(.sample(1), at: .zero).answer
        #expect(nobody == .rejected(.noHandler(type: "Confirm", registered: [])))
    }

    @Test("AX duplicateRegistrationIsRejected, ...ForSameHandlerIsAllowed: a type has one handler")
    func oneHandler() throws {
        var office = try Office()
        let second = try CommandType("Confirm", handledBy: "billing")
        let error = CommandRegistrationError.registered(type: "Confirm", handler: "orders", second: "billing")
        #expect(throws: error) { try office.bus.register(second) }
        #expect("\(error)" == "Confirm is handled by orders already; billing cannot handle it too")
        try office.bus.register(CommandType("Confirm", handledBy: "orders"))
        #expect(office.bus.registeredTypes.map(\.name) == ["Confirm", "Ship"])
    }

    @Test("a queued type needs a queue that there is")
    func unknownQueue() throws {
        var office = try Office()
        let type = try CommandType("Pack", handledBy: "store", delivery: .queued("parcels"))
        let error = CommandRegistrationError.unknownQueue("parcels", type: "Pack", queues: ["orders"])
        #expect(throws: error) { try office.bus.register(type) }
        #expect(try office.bus.send(.sample(1, type: "Pack"), at: .zero).answer != nil)
    }

    @Test("AX dispatchCommandHandlerSubscribed: validation comes first, then the handler, then the answer")
    func way() throws {
        var office = try Office()
        let validate = try office.bus.send(.sample(1, payload: [5]), from: 7, at: .ms(1))
        guard case .validate(let ticket) = validate else { throw Surprise(step: validate) }
        #expect(office.bus.command(of: ticket)?.payload == [5])
        #expect(try office.metrics("Confirm").running == 1)
        let handle = try office.reply(validate, .pass, at: .ms(2))
        #expect(handle.stage == .handler)
        let answer = try office.reply(handle, .done([6]), at: .ms(4))
        #expect(answer == .answer(.done([6]), to: [7]))
        let metrics = try office.metrics("Confirm")
        #expect([metrics.sent, metrics.done, metrics.attempts, metrics.running] == [1, 1, 1, 0])
        #expect(metrics.duration == .milliseconds(3) && metrics.averageDuration == .milliseconds(3))
    }

    @Test("an invalid command is refused, and may be sent again when it is mended: its answer is not remembered")
    func invalid() throws {
        var office = try Office()
        let step = try office.bus.send(.sample(1), at: .zero)
        #expect(try office.reply(step, .reject("no items")).answer == .rejected(.invalid("no items")))
        #expect(try office.metrics("Confirm").attempts == 0)
        let mended = try office.send(.sample(1, payload: [1]))
        #expect(mended.stage == .handler)
    }

    @Test("every step has its own ticket: an answer that comes twice, or late, changes nothing")
    func tickets() throws {
        var office = try Office(middleware: ["log"])
        let validate = try office.bus.send(.sample(1), at: .zero)
        let enter = try office.reply(validate, .pass)
        #expect(try office.reply(validate, .pass) == .late)
        let handle = try office.reply(enter, .pass)
        #expect(handle.stage == .handler)
        #expect(try office.reply(enter, .reject("late")) == .late)
        let back = try office.reply(handle, .done([1]))
        #expect(try office.reply(handle, .done([2])) == .late)
        #expect(try office.reply(back, .pass).answer == .done([1]))
        #expect(try office.reply(back, .pass) == .late)
        let ticket = try #require(back.ticket)
        #expect(office.bus.command(of: ticket) == nil && office.bus.attempt(of: ticket) == nil)
        // Its place is used again, by another command's step.
        let other = try office.send(.sample(2))
        #expect(try office.reply(back, .reject("late")) == .late)
        #expect(try office.reply(other, .pass).stage == .handler)
    }

    @Test("no more commands are executed at once than may be")
    func concurrency() throws {
        var office = try Office(concurrency: 2)
        let first = try office.send(.sample(1))
        _ = try office.send(.sample(2))
        #expect(try office.send(.sample(3)).answer == .rejected(.busy(limit: 2)))
        _ = try office.reply(first, .pass)
        #expect(try office.send(.sample(3)).stage == .handler)
        #expect(try office.metrics("Confirm").rejected[.busy] == 1)
    }

    @Test("a validation that fails is no answer about the command")
    func failedValidation() throws {
        var office = try Office(retry: .everySecond(attempts: 3))
        let step = try office.bus.send(.sample(1), at: .zero)
        #expect(try office.reply(step, .fail(.server)).answer == .failed(.server, attempts: 0))
        #expect(try office.send(.sample(1)).stage == .handler)
    }

    @Test("settings out of their range are refused")
    func settings() {
        #expect(throws: SettingError.self) { try CommandBus.Settings(middleware: ["a", "b", "a"]) }
        #expect(throws: SettingError.self) { try CommandBus.Settings(concurrency: 0) }
        #expect(throws: SettingError.self) { try CommandBus.Settings(rememberedAnswers: -1) }
        #expect(throws: SettingError.self) { try CommandBus.Settings(rememberedFor: .seconds(-1)) }
        #expect(throws: SettingError.self) { try CommandType("", handledBy: "x") }
        #expect(throws: SettingError.self) { try CommandType("x", handledBy: "") }
        #expect(throws: SettingError.self) { try CommandType("x", handledBy: "x", conflictRetries: -1) }
        #expect(throws: SettingError.self) { try SequencedQueue.Settings(capacity: 0) }
        #expect(throws: SettingError.self) { try SequencedQueue.Settings(visibility: .zero) }
        #expect(throws: SettingError.self) { try DeadLetterQueue.Settings(sequences: 0) }
        #expect(throws: SettingError.self) { try DeadLetterQueue.Settings(sequenceLength: 1_000_001) }
        #expect(throws: SettingError.self) { try DeadLetterQueue.Settings(attemptTime: .zero) }
        #expect(throws: SettingError.self) {
            let queue = try CommandBus.QueueSettings("q", queue: .init())
            return try CommandBus.Settings(queues: [queue, queue])
        }
        #expect(throws: SettingError.self) { try CommandBus.QueueSettings("q", queue: .init(), vanishedWorkers: -1) }
        #expect(throws: SettingError.self) { try CommandBus.QueueSettings("q", queue: .init(), fullWait: .zero) }
    }

    struct Surprise: Error { let step: CommandBus.Step }
}
