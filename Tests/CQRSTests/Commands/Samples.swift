import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

extension Instant {
    /// So many milliseconds after the clock's zero.
    static func ms(_ count: Int64) -> Instant { .after(.milliseconds(count)) }
}

extension EventID {
    /// The id of a number.
    static func n(_ number: Int) -> EventID { EventID(high: 0, low: UInt64(number)) }
}

extension CommandEnvelope {
    /// A command of a number.
    static func sample(
        _ number: Int, type: String = "Confirm", of sequence: String? = "order-1", payload: [UInt8] = [],
        deadline: Instant? = nil
    ) throws -> CommandEnvelope {
        try CommandEnvelope(
            id: .n(number), type: type, sequence: sequence, payload: payload, issuedAt: .zero, deadline: deadline)
    }

    /// The number of its id.
    var number: Int { Int(id.low) }
}

extension RetryPolicy {
    /// Attempts a second apart, without jitter.
    static func everySecond(attempts: Int, for kinds: FailureKinds = .transient) throws -> RetryPolicy {
        try RetryPolicy(attempts: attempts, backoff: .constant(.seconds(1)), jitter: .none, retryable: kinds)
    }
}

extension CommandFailure {
    static var server: CommandFailure { .fault(.server) }
}

extension CommandBus.Step {
    var ticket: CommandBus.Ticket? {
        switch self {
        case .validate(let ticket), .run(_, let ticket), .wait(_, let ticket): ticket
        case .answer, .joined, .postponed, .parked, .late: nil
        }
    }

    var answer: CommandBus.Answer? {
        if case .answer(let answer, _) = self { answer } else { nil }
    }

    var callers: [UInt64]? {
        if case .answer(_, let callers) = self { callers } else { nil }
    }

    var stage: CommandBus.Stage? {
        if case .run(let stage, _) = self { stage } else { nil }
    }
}

/// A bus with what its methods need.
struct Office {
    var bus: CommandBus
    var random = RandomStream(seed: 1, name: "commands", purpose: "jitter")

    /// A bus with a queue `orders`, a local type `Confirm` and a queued type `Ship`.
    init(
        middleware: [String] = [], retry: RetryPolicy? = nil, conflictRetries: Int = 3, capacity: Int = 100,
        deadLetters: DeadLetterQueue.Settings = .standard, vanishedWorkers: Int = 9, remembered: Int = 100,
        rememberedFor: Duration = .seconds(3_600), concurrency: Int = 100
    ) throws {
        let queue = try CommandBus.QueueSettings(
            "orders", queue: .init(capacity: capacity, visibility: .seconds(30)), deadLetters: deadLetters,
            vanishedWorkers: vanishedWorkers)
        bus = CommandBus(
            try .init(
                middleware: middleware, queues: [queue], rememberedAnswers: remembered, rememberedFor: rememberedFor,
                concurrency: concurrency))
        try bus.register(
            CommandType("Confirm", handledBy: "orders", retry: retry, conflictRetries: conflictRetries))
        try bus.register(
            CommandType(
                "Ship", handledBy: "orders", delivery: .queued("orders"), retry: retry,
                conflictRetries: conflictRetries))
    }

    /// Replies to a step.
    mutating func reply(
        _ step: CommandBus.Step?, _ reply: CommandBus.Reply, at now: Instant = .zero
    ) throws -> CommandBus.Step {
        let ticket = try #require(step?.ticket)
        return bus.resume(ticket, with: reply, at: now, using: &random)
    }

    /// Sends a command, and finds it valid.
    mutating func send(_ command: CommandEnvelope, from caller: UInt64 = 0, at now: Instant = .zero) throws
        -> CommandBus.Step
    {
        let step = bus.send(command, from: caller, at: now)
        guard case .validate = step else { return step }
        return try reply(step, .pass, at: now)
    }

    /// Sends a queued command of a number.
    mutating func ship(_ number: Int, of sequence: String? = "order-1", at now: Instant = .zero) throws
        -> CommandBus.Answer?
    {
        try send(.sample(number, type: "Ship", of: sequence), at: now).answer
    }

    /// Takes a command from the queue, which must be that one, and replies to its handler.
    mutating func work(
        _ number: Int, _ reply: CommandBus.Reply = .pass, at now: Instant = .zero
    ) throws -> CommandBus.Step {
        let step = bus.take(from: "orders", at: now)
        let ticket = try #require(step?.ticket, "command \(number)")
        #expect(bus.command(of: ticket)?.number == number)
        return try self.reply(step, reply, at: now)
    }

    /// Takes all that can be taken, and does it; returns the numbers.
    mutating func workAll(at now: Instant = .zero) throws -> [Int] {
        var numbers: [Int] = []
        while let step = bus.take(from: "orders", at: now) {
            numbers.append(try #require(step.ticket.flatMap { bus.command(of: $0)?.number }))
            _ = try reply(step, .pass, at: now)
        }
        return numbers
    }

    /// Takes up dead letters until the plan is finished; returns the numbers.
    mutating func replayAll(
        _ plan: inout ReplayPlan, at now: Instant = .zero, _ reply: (Int) -> CommandBus.Reply = { _ in .pass }
    ) throws -> [Int] {
        var numbers: [Int] = []
        while case .execute(let step) = bus.replay(&plan, of: "orders", at: now) {
            let number = try #require(step.ticket.flatMap { bus.command(of: $0)?.number })
            numbers.append(number)
            _ = try self.reply(step, reply(number), at: now)
        }
        return numbers
    }

    func metrics(_ type: String = "Ship") throws -> CommandMetrics { try #require(bus.metrics(of: type)) }

    func parked(of sequence: String = "order-1") -> [Int] {
        bus.deadLetters(of: "orders")?.letters(of: sequence).map { Int($0.id.low) } ?? []
    }
}

/// The value, which must be there; `#require` takes no call that changes something.
func required<Value>(_ value: Value?, location: SourceLocation = #_sourceLocation) throws -> Value {
    try #require(value, sourceLocation: location)
}
