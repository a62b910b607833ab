import EventSourcing
public import Timeline

/// A command bus that runs handlers and middleware itself, in the caller's thread: a thin runner of a ``CommandBus``.
///
/// ```
/// var bus = LocalCommandBus(try .init(), clock: { now }, pause: { sleep($0) })
/// try bus.register(CommandType("ConfirmOrder", handledBy: "orders")) { command, _ in .done([]) }
/// let answer = bus.send(try CommandEnvelope(id: id, type: "ConfirmOrder", issuedAt: now))
/// ```
public struct LocalCommandBus {
    /// Executes a command. It may send others by the bus that it is given; one of the same id is refused then, for it
    /// would wait for itself.
    public typealias Handler = (CommandEnvelope, inout LocalCommandBus) -> CommandBus.Reply
    /// Says what is wrong with a command; nil if it is valid.
    public typealias Validation = (CommandEnvelope) -> String?

    /// What runs around every handler.
    public struct Middleware {
        /// What it is called.
        public var name: String
        /// On the way in: pass, or turn back with another reply.
        public var onTheWayIn: (CommandEnvelope) -> CommandBus.Reply
        /// On the way back: pass, or make another outcome of it.
        public var onTheWayBack: (CommandEnvelope, CommandOutcome) -> CommandBus.Reply

        /// Middleware; what is left out lets everything pass.
        public init(
            _ name: String, onTheWayIn: @escaping (CommandEnvelope) -> CommandBus.Reply = { _ in .pass },
            onTheWayBack: @escaping (CommandEnvelope, CommandOutcome) -> CommandBus.Reply = { _, _ in .pass }
        ) {
            self.name = name
            self.onTheWayIn = onTheWayIn
            self.onTheWayBack = onTheWayBack
        }
    }

    /// How deep handlers can send commands from within handlers.
    public static let deepest = 64

    /// The bus that decides what is to be run, to look at and to work on its dead letters.
    public var bus: CommandBus

    private var handlers: [String: (validate: Validation, handle: Handler)] = [:]
    private let middleware: [Middleware]
    private let clock: () -> Instant
    private let pause: (Duration) -> Void
    private var random: RandomStream

    /// A bus without handlers.
    /// - Parameters:
    ///   - settings: those of the bus; its middleware is the one below, its concurrency at most ``deepest``.
    ///   - middleware: from outside in, with different names.
    ///   - clock: tells the time.
    ///   - pause: waits; it is called between two attempts.
    ///   - seed: where the jitter of waits comes from.
    /// - Throws: a ``SettingError`` if two middlewares have the same name.
    public init(
        _ settings: CommandBus.Settings, middleware: [Middleware] = [], clock: @escaping () -> Instant,
        pause: @escaping (Duration) -> Void, seed: UInt64 = 0
    ) throws(SettingError) {
        let all = try CommandBus.Settings(
            middleware: middleware.map(\.name), queues: settings.queues,
            rememberedAnswers: settings.rememberedAnswers, rememberedFor: settings.rememberedFor,
            concurrency: min(settings.concurrency, Self.deepest))
        bus = CommandBus(all)
        self.middleware = middleware
        self.clock = clock
        self.pause = pause
        random = RandomStream(seed: seed, name: "commands", purpose: "jitter")
    }

    /// Registers a type with its handler.
    /// - Throws: if the type is registered already, or its queue is unknown.
    public mutating func register(
        _ type: CommandType, validate: @escaping Validation = { _ in nil }, handle: @escaping Handler
    ) throws(CommandRegistrationError) {
        if let first = bus.registeredTypes.first(where: { $0.name == type.name }) {
            throw .registered(type: type.name, handler: first.handler, second: type.handler)
        }
        try bus.register(type)
        handlers[type.name] = (validate, handle)
    }

    /// Sends a command, and executes it at once unless its type is queued.
    public mutating func send(_ command: CommandEnvelope) -> CommandBus.Answer {
        switch drive(bus.send(command, at: clock())) {
        case .answer(let answer, _): return answer
        case .joined:
            // Its first is further up in this very thread.
            _ = bus.withdraw(0, from: command.id, at: clock())
            return .rejected(.invalid("it is being executed by whoever sends it again"))
        default: return .cancelled
        }
    }

    /// Executes the next command of a queue; nil if there is none now.
    public mutating func work(on queue: String) -> CommandBus.Step? {
        bus.take(from: queue, at: clock()).map { drive($0) }
    }

    /// Executes the next dead letter of a plan; nil if there is none left.
    public mutating func replay(_ plan: inout ReplayPlan, of queue: String) -> CommandBus.Step? {
        guard case .execute(let step) = bus.replay(&plan, of: queue, at: clock()) else { return nil }
        return drive(step)
    }

    /// Takes steps until there is nothing more to run.
    private mutating func drive(_ first: CommandBus.Step) -> CommandBus.Step {
        var step = first
        while true {
            switch step {
            case .validate(let ticket):
                step = bus.resume(ticket, with: validate(ticket), at: clock(), using: &random)
            case .run(let stage, let ticket):
                let reply = run(stage, ticket)
                step = bus.resume(ticket, with: reply, at: clock(), using: &random)
            case .wait(let moment, let ticket):
                pause(max(.zero, moment - clock()))
                // A clock that the pause does not move must not keep the wait going for ever.
                step = bus.resume(ticket, with: .pass, at: max(moment, clock()), using: &random)
            case .answer, .joined, .postponed, .parked, .late:
                return step
            }
        }
    }

    private func validate(_ ticket: CommandBus.Ticket) -> CommandBus.Reply {
        guard let command = bus.command(of: ticket), let handler = handlers[command.type] else { return .pass }
        return handler.validate(command).map { .reject($0) } ?? .pass
    }

    private mutating func run(_ stage: CommandBus.Stage, _ ticket: CommandBus.Ticket) -> CommandBus.Reply {
        guard let command = bus.command(of: ticket) else { return .pass }
        switch stage {
        case .middleware(let index) where middleware.indices.contains(index):
            return middleware[index].onTheWayIn(command)
        case .wayBack(let index, let outcome) where middleware.indices.contains(index):
            return middleware[index].onTheWayBack(command, outcome)
        case .middleware, .wayBack: return .pass
        case .handler: return handlers[command.type]?.handle(command, &self) ?? .reject("no handler")
        }
    }
}
