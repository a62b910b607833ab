import Resilience
import Sagas
import Timeline

/// Drives one saga through lost, late and repeated replies, and notes what breaks a promise.
struct ChaosDriver {
    /// A call or an undo on its way.
    struct Message: Hashable {
        var isUndo: Bool
        var step: Int
        var attempt: Int
    }

    let definition: SagaDefinition
    var random: RandomStream
    var saga: Saga
    var services = FakeServices()
    var now = Instant.zero
    /// What the saga waits for.
    var outstanding: Message?
    /// What a service may still execute although nobody waits for it.
    var stragglers: [Message] = []
    /// Replies that were given already, or come when nobody waits for them.
    var echoes: [(Message, Saga.Reply)] = []
    var timers: [Instant] = []
    var lastAttempts: [Message: Int] = [:]
    var confirmedUndos: Set<Int> = []
    var calledSteps: Set<Int> = []
    var hasPassedPointOfNoReturn = false
    var ending: Saga.Ending?
    /// Promises that were broken.
    var complaints: [String] = []

    init(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "saga", purpose: "chaos")
        definition = try .random(&random)
        saga = Saga(id: seed, amountInCents: 100, key: 1)
        self.random = random
    }

    /// Chaos for a while, then good replies only; the saga must end.
    mutating func run() {
        if random.chance(0.02) { cancel() }
        follow(saga.start(at: now, under: definition))
        for _ in 0..<random.below(80) where ending == nil {
            disturb()
        }
        var rounds = 0
        while ending == nil && rounds < 500 {
            settle()
            rounds += 1
        }
        drain()
        judgeEnding()
    }

    /// One random thing happens.
    private mutating func disturb() {
        switch random.below(100) {
        case 0..<60 where outstanding != nil: answer()
        case 60..<66 where !stragglers.isEmpty: executeStraggler()
        case 66..<76 where !echoes.isEmpty: deliverEcho()
        case 76..<78: cancel()
        default: passTime(by: .milliseconds(Int64(random.below(40))))
        }
    }

    /// What is waited for succeeds, or else the next timer fires.
    private mutating func settle() {
        if let message = outstanding {
            let done = execute(message)
            deliver(message, done ? .success(result: 1) : .failure(retryAfter: nil, outcome: .notExecuted))
        } else {
            passTime(by: (timers.min() ?? now) - now)
        }
    }

    /// The outstanding call is answered, well or badly, or given up.
    private mutating func answer() {
        guard let message = outstanding else { return }
        let retryAfter = random.chance(0.3) ? Duration.milliseconds(Int64(random.below(60))) : nil
        switch random.below(10) {
        case 0..<4 where execute(message):
            deliver(message, .success(result: Int64(message.step)))
        case 4..<6 where execute(message):
            echoes.append((message, .success(result: Int64(message.step))))
            deliver(message, .failure(retryAfter: retryAfter, outcome: .unknown))
        case 6, 7:
            stragglers.append(message)
            deliver(message, .failure(retryAfter: retryAfter, outcome: .unknown))
        default:
            // Nothing was executed by this attempt; a marked key refuses, which is as definite.
            deliver(message, .failure(retryAfter: retryAfter, outcome: .notExecuted))
        }
    }

    private mutating func execute(_ message: Message) -> Bool {
        if message.isUndo {
            services.undo(message.step)
            return true
        }
        return services.call(message.step)
    }

    private mutating func executeStraggler() {
        let message = stragglers.remove(at: Int(random.below(UInt64(stragglers.count))))
        if execute(message) { echoes.append((message, .success(result: Int64(message.step)))) }
    }

    private mutating func deliverEcho() {
        let (message, reply) = echoes[Int(random.below(UInt64(echoes.count)))]
        noteConfirmation(message, reply)
        let directive = handOver(message, reply)
        if directive != .none { complaints.append("\(message) was answered twice: \(directive)") }
    }

    private mutating func deliver(_ message: Message, _ reply: Saga.Reply) {
        outstanding = nil
        echoes.append((message, reply))
        noteConfirmation(message, reply)
        notePointOfNoReturn(message, reply)
        let directive = handOver(message, reply)
        if directive == .none { complaints.append("\(message) got no directive") }
        follow(directive)
    }

    private mutating func handOver(_ message: Message, _ reply: Saga.Reply) -> Saga.Directive {
        let (step, attempt) = (message.step, message.attempt)
        return message.isUndo
            ? saga.undoReplied(step: step, attempt: attempt, reply: reply, at: now, under: definition, using: &random)
            : saga.stepReplied(step: step, attempt: attempt, reply: reply, at: now, under: definition, using: &random)
    }

    private mutating func cancel() {
        let refusal = saga.cancelRefusal(under: definition)
        do {
            follow(try saga.cancel(at: now, under: definition), mayAbandon: true)
        } catch {
            if error != refusal {
                complaints.append("refused as \(error), announced as \(String(describing: refusal))")
            }
        }
    }

    /// Lets time pass, with both deadlines and every timer that is due, in random order of arrival.
    private mutating func passTime(by length: Duration) {
        now = now + max(.zero, length)
        let deadlineFirst = random.chance(0.5)
        if deadlineFirst { fireDeadlines() }
        let due = timers.count { $0 <= now }
        timers.removeAll { $0 <= now }
        for _ in 0..<due {
            follow(saga.resume(at: now, under: definition))
        }
        if !deadlineFirst { fireDeadlines() }
    }

    private mutating func fireDeadlines() {
        follow(saga.deadlinePassed(at: now, under: definition), mayAbandon: true)
        follow(saga.compensationDeadlinePassed(at: now, under: definition), mayAbandon: true)
    }

    /// Whatever is still on its way arrives; none of it may move the saga.
    private mutating func drain() {
        while !stragglers.isEmpty { executeStraggler() }
        for _ in echoes { deliverEcho() }
        passTime(by: .minutes(60))
        cancel()
    }
}
