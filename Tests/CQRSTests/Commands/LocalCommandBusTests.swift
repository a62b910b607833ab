import CQRS
import EventSourcing
import Testing
import Timeline

@Suite("Local command bus")
struct LocalCommandBusTests {
    /// A clock that a pause moves.
    private final class Watch {
        var now = Instant.zero
        var pauses: [Duration] = []

        func pause(_ length: Duration) {
            pauses.append(length)
            now = now + length
        }
    }

    private func bus(
        _ watch: Watch, middleware: [LocalCommandBus.Middleware] = [], queues: [CommandBus.QueueSettings] = []
    ) throws -> LocalCommandBus {
        try LocalCommandBus(
            .init(queues: queues), middleware: middleware, clock: { watch.now }, pause: { watch.pause($0) })
    }

    @Test("register and send: that is all")
    func send() throws {
        var bus = try bus(Watch())
        try bus.register(
            CommandType("Confirm", handledBy: "orders"), validate: { $0.payload.isEmpty ? "empty" : nil }
        ) { command, _ in .done(command.payload.reversed()) }
        #expect(try bus.send(.sample(1, payload: [1, 2])) == .done([2, 1]))
        #expect(try bus.send(.sample(2)) == .rejected(.invalid("empty")))
        #expect(throws: CommandRegistrationError.self) {
            try bus.register(CommandType("Confirm", handledBy: "orders")) { _, _ in .pass }
        }
        guard case .rejected(.noHandler) = try bus.send(.sample(3, type: "Cancel")) else {
            Issue.record("Cancel was handled")
            return
        }
    }

    @Test("it waits between attempts, and goes on even if the clock stands still")
    func retry() throws {
        let watch = Watch()
        var bus = try bus(watch)
        var attempts = 0
        try bus.register(CommandType("Confirm", handledBy: "orders", retry: .everySecond(attempts: 3))) { _, _ in
            attempts += 1
            return attempts < 3 ? .fail(.server) : .pass
        }
        #expect(try bus.send(.sample(1)) == .done([]))
        #expect(attempts == 3 && watch.pauses == [.seconds(1), .seconds(1)])
        var stopped = try LocalCommandBus(.init(), clock: { .zero }, pause: { _ in })
        try stopped.register(CommandType("Confirm", handledBy: "orders", retry: .everySecond(attempts: 3))) { _, _ in
            .fail(.server)
        }
        #expect(try stopped.send(.sample(1)) == .failed(.server, attempts: 3))
    }

    @Test("middleware runs around the handler, and sees what came of it")
    func middleware() throws {
        var trail: [String] = []
        let log = LocalCommandBus.Middleware(
            "log",
            onTheWayIn: {
                trail.append("in \($0.number)")
                return .pass
            },
            onTheWayBack: {
                trail.append("out \($0.number) \($1)")
                return .pass
            })
        let guardian = LocalCommandBus.Middleware("guard", onTheWayIn: { $0.number == 2 ? .reject("no") : .pass })
        var bus = try bus(Watch(), middleware: [log, guardian])
        try bus.register(CommandType("Confirm", handledBy: "orders")) { _, _ in .pass }
        #expect(try bus.send(.sample(1)) == .done([]))
        #expect(try bus.send(.sample(2)) == .rejected(.refused(by: "guard", "no")))
        #expect(trail.count == 4 && trail[1] == "out 1 done([])" && trail[3].hasPrefix("out 2 rejected"))
    }

    @Test("a handler may send other commands; one that sends its own is told so, and one without end meets an end")
    func nested() throws {
        var bus = try bus(Watch())
        var answers: [CommandBus.Answer] = []
        try bus.register(CommandType("Confirm", handledBy: "orders")) { command, bus in
            if let own = try? CommandEnvelope.sample(command.number) { answers.append(bus.send(own)) }
            if let other = try? CommandEnvelope.sample(9, type: "Bill") { answers.append(bus.send(other)) }
            return .pass
        }
        try bus.register(CommandType("Bill", handledBy: "billing")) { _, _ in .done([1]) }
        try bus.register(CommandType("Loop", handledBy: "loops")) { command, bus in
            guard let next = try? CommandEnvelope.sample(command.number + 1, type: "Loop") else { return .pass }
            if case .rejected(.busy) = bus.send(next) { return .done([UInt8(command.number)]) }
            return .pass
        }
        #expect(try bus.send(.sample(1)) == .done([]))
        guard case .rejected(.invalid) = answers.first else {
            Issue.record("\(answers)")
            return
        }
        #expect(answers.last == .done([1]))
        #expect(try bus.send(.sample(100, type: "Loop")) == .done([]))
        #expect(try bus.send(.sample(100 + LocalCommandBus.deepest - 1, type: "Loop")) == .done([163]))
    }

    @Test("queued commands are executed by whoever works on the queue, and dead letters by whoever replays them")
    func queued() throws {
        let queue = try CommandBus.QueueSettings("orders", queue: .init())
        var bus = try bus(Watch(), queues: [queue])
        var isDown = true
        try bus.register(CommandType("Ship", handledBy: "orders", delivery: .queued("orders"))) { _, _ in
            isDown ? .fail(.server) : .pass
        }
        #expect(try bus.send(.sample(1, type: "Ship")) == .accepted(queue: "orders"))
        #expect(bus.work(on: "orders") == .parked)
        #expect(bus.work(on: "orders") == nil)
        isDown = false
        var plan = bus.bus.replayPlan(for: "orders")
        #expect(plan.letters == 1)
        #expect(bus.replay(&plan, of: "orders") == .answer(.done([]), to: []))
        #expect(bus.replay(&plan, of: "orders") == nil)
        #expect(try bus.send(.sample(1, type: "Ship")) == .done([]))
    }
}
