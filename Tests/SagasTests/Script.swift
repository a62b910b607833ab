import Resilience
import Sagas
import Testing
import Timeline

/// A saga with all that its methods need, fed line by line.
struct Stage {
    var saga = Saga(id: 7, amountInCents: 1_999, key: 42)
    var definition: SagaDefinition
    var random = RandomStream(seed: 1, name: "saga", purpose: "jitter")

    /// An input; times are in milliseconds.
    enum Input: Sendable {
        case start
        case ok(Int, attempt: Int = 1, result: Int64 = 0)
        case fails(Int, attempt: Int = 1, _ outcome: Saga.Outcome = .notExecuted, retryAfter: Int64? = nil)
        case undone(Int, attempt: Int = 1)
        case undoFails(Int, attempt: Int = 1, _ outcome: Saga.Outcome = .notExecuted, retryAfter: Int64? = nil)
        case resume
        case deadline
        case compensationDeadline
        case cancel
    }

    /// An input at a time, and the directive that must follow.
    struct Line: Sendable {
        let time: Int64
        let input: Input
        let expected: Saga.Directive

        init(_ time: Int64, _ input: Input, _ expected: Saga.Directive) {
            (self.time, self.input, self.expected) = (time, input, expected)
        }
    }

    init(_ definition: SagaDefinition) {
        self.definition = definition
    }

    /// Feeds one input; nil if it was refused.
    mutating func feed(_ input: Input, at time: Int64) -> Saga.Directive? {
        let now = Instant.after(.milliseconds(time))
        switch input {
        case .start: return saga.start(at: now, under: definition)
        case .ok(let step, let attempt, let result):
            return reply(step, attempt, .success(result: result), now)
        case .fails(let step, let attempt, let outcome, let after):
            return reply(step, attempt, .failure(retryAfter: after.map(Duration.milliseconds), outcome: outcome), now)
        case .undone(let step, let attempt): return undoReply(step, attempt, .success(result: 0), now)
        case .undoFails(let step, let attempt, let outcome, let after):
            return undoReply(
                step, attempt, .failure(retryAfter: after.map(Duration.milliseconds), outcome: outcome), now)
        case .resume: return saga.resume(at: now, under: definition)
        case .deadline: return saga.deadlinePassed(at: now, under: definition)
        case .compensationDeadline: return saga.compensationDeadlinePassed(at: now, under: definition)
        case .cancel: return try? saga.cancel(at: now, under: definition)
        }
    }

    private mutating func reply(_ step: Int, _ attempt: Int, _ reply: Saga.Reply, _ now: Instant) -> Saga.Directive {
        saga.stepReplied(step: step, attempt: attempt, reply: reply, at: now, under: definition, using: &random)
    }

    private mutating func undoReply(_ step: Int, _ attempt: Int, _ reply: Saga.Reply, _ now: Instant) -> Saga.Directive
    {
        saga.undoReplied(step: step, attempt: attempt, reply: reply, at: now, under: definition, using: &random)
    }

    /// Feeds all lines and compares what follows each.
    mutating func play(_ lines: [Line], sourceLocation: SourceLocation = #_sourceLocation) {
        for (number, line) in lines.enumerated() {
            let directive = feed(line.input, at: line.time)
            #expect(directive == line.expected, "line \(number): \(line.input)", sourceLocation: sourceLocation)
        }
    }

    /// What has become of each step.
    var statuses: [Saga.StepStatus] { definition.steps.indices.map(saga.status(of:)) }
}

extension Instant {
    /// So many milliseconds after the clock's zero.
    static func ms(_ count: Int64) -> Instant { .after(.milliseconds(count)) }
}

extension SagaDefinition {
    /// Reserve, charge, confirm (the pivot), notify (until done, a second apart).
    static func order(
        timeLimit: Duration? = nil, charge: Retry = .attempts(.once), confirm: Retry = .attempts(.once),
        undo: RetryPolicy? = nil, compensationLimit: Duration = .minutes(5)
    ) throws -> SagaDefinition {
        try SagaDefinition(
            name: "order",
            steps: [
                Step(name: "reserve", undo: "release"),
                Step(name: "charge", undo: "refund", retry: charge),
                Step(name: "confirm", isPivot: true, retry: confirm),
                Step(name: "notify", retry: .untilDone(.constant(.seconds(1)), .none)),
            ],
            timeLimit: timeLimit,
            compensation: Compensation(timeLimit: compensationLimit, retry: try undo ?? .everySecond(attempts: 2)))
    }
}

extension RetryPolicy {
    /// So many attempts, exactly a second apart.
    static func everySecond(attempts: Int) throws -> RetryPolicy {
        try RetryPolicy(attempts: attempts, backoff: .constant(.seconds(1)), jitter: .none)
    }
}
