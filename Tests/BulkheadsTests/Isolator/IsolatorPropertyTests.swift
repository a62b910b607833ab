import Bulkheads
import Resilience
import Testing
import Timeline

@Suite("Whatever happens to an isolator")
struct IsolatorPropertyTests {
    @Test("every call has one fate, in equals out, and when all have ended nothing is held")
    func randomTraffic() throws {
        for seed in UInt64(0)..<80 {
            var traffic = try RandomTraffic(seed: seed)
            for _ in 0..<150 {
                try traffic.step()
                if let violation = traffic.violation {
                    Issue.record("seed \(seed): \(violation)")
                    return
                }
            }
            traffic.endAll()
            if let leak = traffic.leak {
                Issue.record("seed \(seed): \(leak)")
                return
            }
        }
    }

    @Test("a compartment decides the same with and without the traffic of the others")
    func isolation() throws {
        for seed in UInt64(0)..<40 {
            var both = try RandomTraffic(seed: seed)
            var alone = try RandomTraffic(seed: seed)
            alone.onlyCompartment = 0
            for _ in 0..<150 {
                try both.step()
                try alone.step()
            }
            #expect(!both.log[0].isEmpty)
            guard both.log[0] == alone.log[0], both.isolator.compartments[0] == alone.isolator.compartments[0] else {
                Issue.record("seed \(seed): the other compartments are felt")
                return
            }
        }
    }
}

/// Random requests, endings, withdrawals, settings and clocks, with a note of every call's fate.
///
/// Each compartment has its own random stream, so that what is done to one is the same whether the others are used.
private struct RandomTraffic {
    private(set) var isolator: Isolator
    /// The hash values of what each compartment has answered.
    private(set) var log: [[Int]] = [[], [], []]
    private(set) var violation: String?
    /// If set, nothing is done to the others.
    var onlyCompartment: Int?

    private var choice: RandomStream
    private var streams: [RandomStream]
    private var now = Instant.zero
    private var nextTask: [UInt64] = [0, 0, 0]
    private var calls: [[Call]] = [[], [], []]
    private var dead: [[Compartment.Permit]] = [[], [], []]
    private var answers: [[Fallback.Permit]] = [[], [], []]

    private struct Call {
        let task: UInt64
        let permit: Compartment.Permit
        var isRunning: Bool
    }

    init(seed: UInt64) throws {
        choice = RandomStream(seed: seed, name: "isolator", purpose: "choice")
        streams = (0..<3).map { RandomStream(seed: seed, name: "isolator \($0)", purpose: "traffic") }
        let rules = (0..<3).map { Isolator.Rule(types: $0...$0, to: $0) }
        var compartments: [Compartment.Settings] = []
        for index in 0..<3 { compartments.append(try Self.settings(&streams[index], isSemaphore: nil)) }
        isolator = Isolator(try .init(compartments: compartments, rules: rules))
    }

    mutating func step() throws {
        moveClock()
        let compartment = Int(choice.below(3))
        guard onlyCompartment == nil || onlyCompartment == compartment else { return }
        switch streams[compartment].below(100) {
        case ..<45: ask(compartment)
        case ..<75: end(compartment)
        case ..<82: withdraw(compartment)
        case ..<88: endAnswer(compartment)
        case ..<92: endTwice(compartment)
        case ..<97: advance(compartment)
        default: try change(compartment)
        }
        check(compartment)
    }

    /// Ends all that runs until nothing waits, and every fallback.
    mutating func endAll() {
        for compartment in 0..<3 {
            while let running = calls[compartment].first(where: \.isRunning) { end(compartment, running) }
            // A semaphore may have no permits at all.
            while let waiting = calls[compartment].first { withdraw(compartment, waiting) }
            for permit in answers[compartment] {
                _ = isolator.fallbackEnded(.success, permit: permit, in: compartment)
            }
            answers[compartment] = []
            check(compartment)
        }
    }

    var leak: String? {
        for (index, compartment) in isolator.compartments.enumerated() {
            guard calls[index].isEmpty else { return "\(calls[index].count) calls wait for nothing" }
            guard compartment.running == 0, compartment.queued == 0 else { return "calls" }
            guard compartment.threads?.active ?? 0 == 0, compartment.semaphore?.inUse ?? 0 == 0 else {
                return "permits"
            }
            guard compartment.breaker?.totals.inFlight ?? 0 == 0 else { return "breaker" }
            guard compartment.fallback.inFlight == 0 else { return "fallback" }
        }
        return violation
    }

    private mutating func ask(_ compartment: Int) {
        let task = nextTask[compartment]
        nextTask[compartment] += 1
        let priority = ThreadPool.Priority.allCases[Int(streams[compartment].below(4))]
        let patience = Duration.milliseconds(Int64(streams[compartment].below(2000)))
        let deadline = streams[compartment].chance(0.5) ? now + patience : .distantFuture
        let request = Isolator.Request(type: compartment, priority: priority, deadline: deadline)
        let answer = isolator.ask(request, task: task, at: now)
        log[compartment].append(answer.hashValue)
        if answer.compartment != compartment { violation = "routed to \(answer.compartment)" }
        switch answer.answer.verdict {
        case .run(let permit), .runInCaller(let permit):
            calls[compartment].append(Call(task: task, permit: permit, isRunning: true))
        case .queued(let permit, let position):
            calls[compartment].append(Call(task: task, permit: permit, isRunning: false))
            if position < 1 { violation = "position" }
        case .fallback(let instead, _):
            answers[compartment].append(instead.permit)
        case .refused:
            break
        }
        if let displaced = answer.answer.displaced { drop(compartment, displaced) }
    }

    private mutating func end(_ compartment: Int) {
        let running = calls[compartment].filter(\.isRunning)
        guard !running.isEmpty else { return }
        end(compartment, running[Int(streams[compartment].below(UInt64(running.count)))])
    }

    private mutating func end(_ compartment: Int, _ call: Call) {
        let kinds = FailureKind.allCases
        let kind = streams[compartment].chance(0.4) ? kinds[Int(streams[compartment].below(UInt64(kinds.count)))] : nil
        guard let ending = isolator.ended(call.permit, in: compartment, failure: kind, at: now) else {
            violation = "a running call cannot end"
            return
        }
        if ending.task != call.task { violation = "another call ended" }
        if kind == .client, ending.instead != nil { violation = "an invalid request got an answer" }
        bury(compartment, call.permit)
        if let instead = ending.instead { answers[compartment].append(instead.permit) }
        log[compartment].append(ending.hashValue)
        note(compartment, ending.change)
    }

    private mutating func withdraw(_ compartment: Int) {
        guard !calls[compartment].isEmpty else { return }
        withdraw(compartment, calls[compartment][Int(streams[compartment].below(UInt64(calls[compartment].count)))])
    }

    private mutating func withdraw(_ compartment: Int, _ call: Call) {
        let change = isolator.withdraw(call.permit, from: compartment, at: now)
        log[compartment].append(change.hashValue)
        if (change == nil) != call.isRunning { violation = "withdrew what runs, or not what waits" }
        if change != nil { bury(compartment, call.permit) }
    }

    private mutating func endAnswer(_ compartment: Int) {
        guard let permit = answers[compartment].popLast() else { return }
        let ended = isolator.fallbackEnded(.success, permit: permit, in: compartment)
        let again = isolator.fallbackEnded(.success, permit: permit, in: compartment)
        if !ended || again { violation = "an answer ended twice, or never" }
    }

    private mutating func endTwice(_ compartment: Int) {
        let before = isolator.compartments[compartment]
        for permit in dead[compartment].suffix(5) + calls[compartment].filter({ !$0.isRunning }).map(\.permit) {
            if isolator.ended(permit, in: compartment, at: now) != nil { violation = "a dead permit ended" }
        }
        if isolator.compartments[compartment] != before { violation = "a dead permit changed something" }
    }

    private mutating func advance(_ compartment: Int) {
        guard let change = isolator.advance(compartment, to: now) else { return }
        note(compartment, change)
        let event = isolator.compartments[compartment].nextEvent
        if let event, event <= now, now != .distantFuture { violation = "something is still due" }
    }

    private mutating func change(_ compartment: Int) throws {
        var settings = isolator.settings.compartments
        let isSemaphore = isolator.compartments[compartment].semaphore != nil
        settings[compartment] = try Self.settings(&streams[compartment], isSemaphore: isSemaphore)
        let changes = isolator.changeSettings(
            try .init(compartments: settings, rules: isolator.settings.rules), at: now)
        guard let changes else {
            violation = "settings refused"
            return
        }
        note(compartment, changes[compartment])
    }

    private mutating func note(_ compartment: Int, _ change: Compartment.Change) {
        log[compartment].append(change.hashValue)
        for dropped in change.dropped { drop(compartment, dropped) }
        for start in change.starts {
            guard let index = calls[compartment].firstIndex(where: { $0.permit == start.permit }) else {
                violation = "started what is not there"
                return
            }
            let call = calls[compartment][index]
            if call.isRunning || call.task != start.task { violation = "started twice" }
            calls[compartment][index].isRunning = true
        }
    }

    private mutating func drop(_ compartment: Int, _ dropped: Compartment.Dropped) {
        let call = calls[compartment].first { $0.task == dropped.task }
        guard let call, !call.isRunning else {
            violation = "dropped what did not wait"
            return
        }
        bury(compartment, call.permit)
        if let instead = dropped.instead { answers[compartment].append(instead.permit) }
    }

    private mutating func bury(_ compartment: Int, _ permit: Compartment.Permit) {
        calls[compartment].removeAll { $0.permit == permit }
        dead[compartment].append(permit)
    }

    private mutating func check(_ index: Int) {
        let compartment = isolator.compartments[index]
        let running = calls[index].count(where: \.isRunning)
        let queued = calls[index].count - running
        if compartment.running != running { violation = "\(compartment.running) running, not \(running)" }
        if compartment.queued != queued { violation = "\(compartment.queued) queued, not \(queued)" }
        let totals = compartment.totals
        let gone = totals.refused + totals.displaced + totals.withdrawn
        if totals.asked != gone + totals.started + queued { violation = "in is not out: \(totals), \(queued)" }
        if totals.started != totals.succeeded + totals.failed + totals.ignored + running { violation = "started" }
        if totals.asked != Int(nextTask[index]) { violation = "asked" }
        if compartment.fallback.inFlight != answers[index].count { violation = "fallback" }
        if let threads = compartment.threads, threads.queued != queued { violation = "threads" }
        if let semaphore = compartment.semaphore, semaphore.inUse != running { violation = "semaphore" }
    }

    private mutating func moveClock() {
        switch choice.below(60) {
        case 0: now = Instant(nanoseconds: Int64(bitPattern: choice.next()))
        case 1: now = choice.chance(0.5) ? .distantFuture : Instant(nanoseconds: .min)
        case 2: now = .zero
        default: now = now + .milliseconds(Int64(choice.below(500)))
        }
    }

    private static func settings(
        _ random: inout RandomStream, isSemaphore: Bool?
    ) throws -> Compartment.Settings {
        let isolation: Compartment.Isolation
        if isSemaphore ?? random.chance(0.4) {
            let wait: Duration = [.zero, .milliseconds(800), .maximum][Int(random.below(3))]
            isolation = .semaphore(try .init(permits: Int(random.below(4)), maximumWait: wait))
        } else {
            let orders: [ThreadPool.Order] = [.fifo, .lifo, .priority(ageing: nil), .priority(ageing: .seconds(1))]
            isolation = .threads(
                try .init(
                    core: Int(random.below(3)), queue: [0, 1, 3, 8][Int(random.below(4))],
                    whenFull: ThreadPool.RejectionPolicy.allCases[Int(random.below(4))],
                    order: orders[Int(random.below(4))], expired: random.chance(0.5) ? .drop : .run,
                    maximumWait: random.chance(0.5) ? .maximum : .seconds(2)))
        }
        let limiter =
            random.chance(0.4)
            ? try RateLimiter.Settings.tokenBucket(limit: Int(random.below(3)) + 1, per: .seconds(1)) : nil
        let breaker =
            random.chance(0.7)
            ? try CircuitBreaker.Settings(
                window: .calls(Int(random.below(5)) + 1), openTime: .seconds(2), probes: Int(random.below(3)) + 1,
                automaticHalfOpen: random.chance(0.5)) : nil
        let fallback = try Fallback.Settings(source: random.chance(0.7) ? .cache : nil, limit: Int(random.below(4)))
        return try .init(isolation: isolation, limiter: limiter, breaker: breaker, fallback: fallback)
    }
}
