import Gateway
import Resilience
import Testing
import Timeline

/// Whatever happens to the requests, the backends and the time.
@Suite("Whatever happens to a proxy")
struct ProxyPropertyTests {
    @Test("each request ends once and with a status, goes to members alone, and not oftener than it may")
    func lives() throws {
        var seen = ProxyLife.Seen()
        for seed in 0..<60 as Range<UInt64> {
            var life = try ProxyLife(seed: seed)
            for step in 0..<400 {
                if let problem = try life.step() ?? life.check() {
                    Issue.record("seed \(seed), step \(step): \(problem)")
                    return
                }
            }
            if let problem = try life.drain() { Issue.record("seed \(seed), at the end: \(problem)") }
            seen.add(life.seen)
        }
        // What never happened would prove nothing.
        #expect(seen.retries > 500 && seen.waits > 200, "\(seen)")
        #expect(seen.lates > 300 && seen.refusedByBudget > 50, "\(seen)")
        #expect(seen.causes.count == Reply.Cause.allCases.count, "\(seen.causes)")
    }
}

private struct ProxyLife {
    struct Seen {
        var retries = 0, waits = 0, lates = 0, refusedByBudget = 0
        var causes: Set<Reply.Cause> = []

        mutating func add(_ other: Seen) {
            retries += other.retries
            waits += other.waits
            lates += other.lates
            refusedByBudget += other.refusedByBudget
            causes.formUnion(other.causes)
        }
    }

    /// A request as the rules see it.
    struct Known {
        var request: Request
        var deadline: Instant
        var sent = 0
        var attempt: Attempt?
        var waitsUntil: Instant?
        /// Whether some backend may have seen something of it.
        var wasSeen = false
        var isOver = false
    }

    private static let quota = RetryBudget.Kind.quota(capacity: 30, costs: .init(5, after: [], 5), deposit: 0)
    private static let fewAtOnce = RetryBudget.Kind.inFlight(maxRate: 0, minConcurrency: 3)

    var random: RandomStream
    var proxy: Proxy
    var now = Instant.zero
    var known: [CallID: Known] = [:]
    var order: [CallID] = []
    var old: [AttemptID] = []
    var members: [String] = []
    var seen = Seen()
    var begun = 0
    var ended = 0

    init(seed: UInt64) throws {
        random = RandomStream(seed: seed, name: "proxy", purpose: "life")
        let algorithms: [Balancer.Algorithm] = [
            .roundRobin, .smoothRoundRobin(maxFails: 0), .leastConnections, .powerOfTwoChoices,
            .peakEWMA(decay: .seconds(10)), .consistentHash(.ring(.xxhash(.pointsPerWeight(20)))),
        ]
        var settings = try Proxy.Settings(
            balancing: .init(algorithms[Int(seed % 6)], panic: PanicMode(below: random.chance(0.5) ? 0 : 0.5)),
            timeout: .fixed(TimeLimit(.milliseconds(500))))
        settings.deadline = random.chance(0.5) ? try TimeLimit(.milliseconds(900)) : nil
        if random.chance(0.6) {
            let scope: Proxy.Breaker.Scope = random.chance(0.7) ? .backend : .upstream
            settings.breaker = try tripping(after: 4, scope: scope)
        }
        if random.chance(0.5) {
            settings.outliers = try .init(interval: .seconds(1), baseEjectionTime: .seconds(2), maxEjectionPercent: 50)
        }
        if random.chance(0.85) {
            settings.retries = try retries(
                1 + Int(random.below(4)), wait: random.chance(0.5) ? .zero : .milliseconds(60),
                budget: [nil, Self.quota, Self.fewAtOnce][Int(random.below(3))],
                target: random.chance(0.7) ? .elsewhere : .stay, repeats: random.chance(0.8) ? .idempotent : .all)
        }
        let stream = RandomStream(seed: seed, name: "proxy", purpose: "proxy")
        proxy = Proxy(settings, [], random: stream, at: now)
        try join()
    }

    mutating func step() throws -> String? {
        now = now + .milliseconds(Int64(random.below(30)))
        switch random.below(40) {
        case 0: try join()
        case 1: obstruct()
        case 2 where !old.isEmpty: return late()
        case 3 where !order.isEmpty: return take(order[any()]) { $0.cancel($1, at: $2) }
        case 4..<18: return try begin()
        case 18..<22: return resume()
        default: return end()
        }
        return nil
    }

    private mutating func any() -> Int { Int(random.below(UInt64(order.count))) }

    private mutating func join() throws {
        members = (1...6).map { "b\($0)" }.filter { _ in random.chance(0.7) }
        proxy.update(to: try members.map { .init(try Backend($0, weight: Int(random.below(3)))) }, at: now)
    }

    private mutating func obstruct() {
        let ids = proxy.balancer.backends.ids
        guard !ids.isEmpty else { return }
        let id = ids[Int(random.below(UInt64(ids.count)))]
        proxy.set(random.chance(0.5) ? .unhealthy : .full, random.chance(0.5), of: id, at: now)
    }

    private mutating func begin() throws -> String? {
        let methods: [Gateway.Method] = [.get, .get, .put, .post]
        var sent = try request(methods[Int(random.below(4))])
        sent.body = Body(size: random.chance(0.2) ? 5_000 : 10)
        let deadline: Deadline = random.chance(0.1) ? Deadline(now + .milliseconds(Int64(random.below(300)))) : .never
        let limit = proxy.settings.deadline?.limit ?? .maximum
        begun += 1
        let step = proxy.begin(sent, deadline: deadline, at: now)
        switch step {
        case .send(let attempt):
            guard known[attempt.id.call] == nil else { return "two requests have one name" }
            order.append(attempt.id.call)
            known[attempt.id.call] = Known(request: sent, deadline: min(deadline.moment, now + limit))
            return follow(step, attempt.id.call)
        case .answer(let reply):
            ended += 1
            return judge(reply, sent: 0)
        case .wait, .nothing: return "a request that begins neither goes nor is answered"
        }
    }

    /// The time of what has waited is over.
    private mutating func resume() -> String? {
        guard let call = order.first(where: { known[$0]?.waitsUntil != nil }), let until = known[call]?.waitsUntil
        else { return nil }
        now = max(now, until)
        return take(call) { $0.resume($1, at: $2) }
    }

    private mutating func end() -> String? {
        let sent = order.compactMap { known[$0]?.attempt }
        guard !sent.isEmpty else { return nil }
        let attempt = sent[Int(random.below(UInt64(sent.count)))]
        let end = outcome()
        if case .timedOut = end { now = max(now, attempt.until) }
        old.append(attempt.id)
        return take(attempt.id.call, after: end) { $0.ended(attempt.id, end, at: $2) }
    }

    private mutating func outcome() -> AttemptEnd {
        switch random.below(10) {
        case 0: .notConnected
        case 1: .broken
        case 2: .timedOut
        case 3: .answered(Response(.serviceUnavailable))
        case 4: .answered(Response(.internalServerError))
        case 5: .answered(Response(Status(Int(random.below(700)))))
        default: .answered(Response(.ok))
        }
    }

    /// What is told of an attempt that is over, or was of a request that is.
    private mutating func late() -> String? {
        let before = (proxy.balancer.backends.inFlight, proxy.callCount, proxy.budget)
        let id = old[Int(random.below(UInt64(old.count)))]
        guard case .nothing = proxy.ended(id, outcome(), at: now) else { return "what is over goes on" }
        seen.lates += 1
        let after = (proxy.balancer.backends.inFlight, proxy.callCount, proxy.budget)
        return before == after ? nil : "what is late changes something"
    }

    private mutating func take(
        _ call: CallID, after end: AttemptEnd? = nil, _ change: (inout Proxy, CallID, Instant) -> ProxyStep
    ) -> String? {
        known[call]?.attempt.map { old.append($0.id) }
        known[call]?.attempt = nil
        known[call]?.waitsUntil = nil
        if let end {
            if case .notConnected = end {} else { known[call]?.wasSeen = true }
        }
        return follow(change(&proxy, call, now), call)
    }

    private mutating func follow(_ step: ProxyStep, _ call: CallID) -> String? {
        guard var request = known[call] else { return "nobody has asked for this" }
        defer { if known[call] != nil { known[call] = request } }
        switch step {
        case .send(let attempt):
            request.attempt = attempt
            request.sent += 1
            return judge(attempt, request)
        case .wait(_, let until):
            seen.waits += 1
            request.waitsUntil = until
            return until >= request.deadline ? "waits until nobody waits for it" : nil
        case .answer(let reply):
            known[call] = nil
            order.removeAll { $0 == call }
            ended += 1
            return judge(reply, sent: request.sent)
        case .nothing: return "a request gets stuck"
        }
    }

    private mutating func judge(_ attempt: Attempt, _ request: Known) -> String? {
        guard members.contains(attempt.address) else { return "\(attempt.address) is no member" }
        guard attempt.id.number == request.sent, request.sent <= proxy.settings.retries?.policy.attempts ?? 1 else {
            return "attempt \(attempt.id.number) of \(request.sent)"
        }
        guard attempt.until > now, attempt.until <= min(request.deadline, now + .milliseconds(500)) else {
            return "it may take until \(attempt.until)"
        }
        guard request.sent > 1 else { return nil }
        seen.retries += 1
        guard let retries = proxy.settings.retries else { return "sent again, though nothing is" }
        guard request.wasSeen else { return nil }
        guard request.request.body.size <= retries.mostKeptBytes else {
            return "a body that was not kept is sent again"
        }
        let mayRepeat = retries.repeats == .all || request.request.method.isIdempotent
        return mayRepeat ? nil : "\(request.request.method) is done twice"
    }

    private mutating func judge(_ reply: Reply, sent: Int) -> String? {
        seen.causes.insert(reply.cause)
        guard (100...599).contains(reply.response.status.code) else { return "answered with \(reply.response.status)" }
        return reply.attempts == sent ? nil : "\(reply.attempts) attempts are said, \(sent) were made"
    }

    func check() -> String? {
        guard begun - ended == order.count, proxy.callCount == order.count else { return "requests are lost" }
        let under = order.compactMap { known[$0]?.attempt }
        let onMembers = under.count { proxy.balancer.backends.contains($0.backend) }
        guard proxy.balancer.backends.inFlight == onMembers else { return "attempts under way are counted wrongly" }
        guard let budget = proxy.budget else { return nil }
        switch budget.settings.kind {
        case Self.fewAtOnce: return budget.extrasInFlight <= 3 ? nil : "more than three retries at once"
        default:
            let all = budget.balance(at: now) + Double(5 * budget.extrasInFlight)
            return all <= 30 ? nil : "the quota has grown to \(all)"
        }
    }

    /// All that is under way ends.
    mutating func drain() throws -> String? {
        while let call = order.first {
            let problem = known[call]?.waitsUntil == nil ? endFirst(call) : resume()
            if let problem = problem ?? check() { return problem }
        }
        seen.refusedByBudget += proxy.totals.refusedByBudget
        guard proxy.balancer.backends.inFlight == 0, proxy.callCount == 0 else { return "something is under way" }
        guard proxy.budget?.extrasInFlight ?? 0 == 0, proxy.budget?.callsInFlight ?? 0 == 0 else {
            return "permits are still out"
        }
        let answered = proxy.totals.answered.values.reduce(0, +)
        return answered == begun && ended == begun ? nil : "\(begun) requests, \(answered) answers"
    }

    private mutating func endFirst(_ call: CallID) -> String? {
        guard let attempt = known[call]?.attempt else { return "neither sent nor waiting" }
        now = max(now, attempt.until)
        return take(call, after: .timedOut) { $0.ended(attempt.id, .timedOut, at: $2) }
    }
}
