import Resilience
import Sagas
import Timeline

/// Drives one saga through lost, late and repeated replies, crashes of its orchestrator and orders of its operator, and
/// notes what breaks a promise.
///
/// What the saga decides is stored before it is carried out. A crash forgets the saga; its events are read back.
struct ChaosDriver {
    /// A call or an undo on its way.
    struct Message: Hashable {
        var isUndo: Bool
        var step: Int
        var attempt: Int
    }

    /// Where the orchestrator crashes while it deals with something.
    enum CrashPoint: CaseIterable {
        /// Before what it decided is stored: nobody knows of it.
        case beforeStoring
        /// When it is stored, before anything is sent.
        case beforeSending
        /// When all is sent.
        case afterSending
    }

    let definition: SagaDefinition
    var random: RandomStream
    var saga: Saga
    /// All that was stored.
    var events: [Saga.Event] = []
    var services = FakeServices()
    var now = Instant.zero
    /// What the saga waits for.
    var outstanding: Set<Message> = []
    /// What a service may still execute although nobody waits for it.
    var stragglers: [Message] = []
    /// Replies that were given already, or come when nobody waits for them.
    var echoes: [(Message, Saga.Reply)] = []
    var crashes = 0
    /// Promises that were broken.
    var complaints: [String] = []

    init(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "saga", purpose: "chaos")
        definition = try .random(&random)
        saga = Saga(id: seed)
        self.random = random
    }

    /// Chaos for a while, then good replies only; the saga must end.
    mutating func run() {
        if random.chance(0.02) { obey(.cancel) }
        handle(.start)
        for _ in 0..<random.below(80) where !saga.isOver { disturb() }
        var rounds = 0
        while !saga.isOver, rounds < 500 {
            settle()
            rounds += 1
        }
        drain()
        judgeEnding()
    }

    /// One random thing happens.
    private mutating func disturb() {
        switch random.below(100) {
        case 0..<60 where !outstanding.isEmpty: answer(oneOutstanding())
        case 60..<66 where !stragglers.isEmpty: executeStraggler()
        case 66..<74 where !echoes.isEmpty: deliverEcho()
        case 74..<77: obey(randomOrder())
        case 77..<80: crash(at: .afterSending)
        default: passTime(by: .milliseconds(Int64(random.below(40))))
        }
    }

    /// What is waited for succeeds, or else the next timer fires, or an operator helps.
    private mutating func settle() {
        if let message = outstanding.min(by: { ($0.step, $0.attempt) < ($1.step, $1.attempt) }) {
            let done = execute(message)
            deliver(message, done ? .success(nil) : .failure(.init(.unspecified, .notExecuted)))
        } else if let due = saga.due(under: definition) {
            passTime(by: due - now)
        } else {
            obey(saga.isStopped ? .resume : .retryNow)
        }
    }

    private mutating func oneOutstanding() -> Message {
        let all = outstanding.sorted { ($0.step, $0.attempt) < ($1.step, $1.attempt) }
        return all[Int(random.below(UInt64(all.count)))]
    }

    /// A call that is waited for is answered, well or badly, or given up.
    private mutating func answer(_ message: Message) {
        let retryAfter = random.chance(0.3) ? Duration.milliseconds(Int64(random.below(60))) : nil
        let lost = Saga.Reply.failure(.init(.unspecified, .unknown), retryAfter: retryAfter)
        switch random.below(10) {
        case 0..<4 where execute(message): deliver(message, .success(nil))
        case 4..<6 where execute(message):
            echoes.append((message, .success(nil)))
            deliver(message, lost)
        case 6, 7:
            stragglers.append(message)
            deliver(message, lost)
        default:
            // Nothing was executed by this attempt; a marked key refuses, which is as definite.
            let failure = Saga.Failure(.unspecified, .notExecuted, isRetryable: !random.chance(0.1))
            deliver(message, .failure(failure, retryAfter: retryAfter))
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
        if execute(message) { echoes.append((message, .success(nil))) }
    }

    private mutating func deliverEcho() {
        let (message, reply) = echoes[Int(random.below(UInt64(echoes.count)))]
        handle(input(message, reply))
    }

    private mutating func deliver(_ message: Message, _ reply: Saga.Reply) {
        outstanding.remove(message)
        echoes.append((message, reply))
        handle(input(message, reply), mayCrash: true)
    }

    private func input(_ message: Message, _ reply: Saga.Reply) -> Saga.Input {
        let (step, attempt) = (message.step, message.attempt)
        return message.isUndo
            ? .undoReplied(step: step, attempt: attempt, reply) : .stepReplied(step: step, attempt: attempt, reply)
    }

    /// The saga takes something in; what it decides is stored and carried out, unless the orchestrator crashes.
    private mutating func handle(_ input: Saga.Input, mayCrash: Bool = false) {
        var decided: [Saga.Event] = []
        saga.handle(input, at: now, under: definition, using: &random, into: &decided)
        carryOut(decided, mayCrash && random.chance(0.05) ? CrashPoint.allCases[Int(random.below(3))] : nil)
    }

    private mutating func carryOut(_ decided: [Saga.Event], _ point: CrashPoint?) {
        if point == .beforeStoring { return crash(at: .beforeStoring) }
        events += decided
        if point == .beforeSending { return crash(at: .beforeSending) }
        for event in decided { carryOut(event) }
        if point == .afterSending { crash(at: .afterSending) }
    }

    private mutating func crash(at point: CrashPoint) {
        guard !events.isEmpty, crashes < 50 else { return }
        crashes += 1
        stragglers += outstanding.sorted { ($0.step, $0.attempt) < ($1.step, $1.attempt) }
        outstanding = []
        saga = Saga(id: saga.id)
        for event in events { saga.evolve(event, under: definition) }
        if !saga.isOver { handle(.recovered) }
    }

    private mutating func obey(_ order: Saga.Order) {
        let refusal = saga.refusal(of: order, under: definition)
        var decided: [Saga.Event] = []
        do {
            try saga.obey(order, at: now, under: definition, into: &decided)
            carryOut(decided, nil)
        } catch {
            if error != refusal || !decided.isEmpty { complaints.append("refused as \(error)") }
        }
    }

    private mutating func randomOrder() -> Saga.Order {
        switch random.below(6) {
        case 0: .cancel
        case 1: .pause
        case 2, 3: .resume
        case 4: .retryNow
        default: .skip(step: Int(random.below(UInt64(definition.steps.count))), nil)
        }
    }

    private mutating func passTime(by length: Duration) {
        now = now + max(.zero, length)
        handle(.timePassed, mayCrash: true)
    }

    /// Whatever is still on its way arrives; none of it may move the saga.
    private mutating func drain() {
        stragglers += outstanding.sorted { ($0.step, $0.attempt) < ($1.step, $1.attempt) }
        outstanding = []
        let count = events.count
        while !stragglers.isEmpty { executeStraggler() }
        for _ in echoes { deliverEcho() }
        passTime(by: .minutes(60))
        obey(.cancel)
        handle(.recovered)
        if events.count != count { complaints.append("\(events[count...]) after the end") }
    }
}
