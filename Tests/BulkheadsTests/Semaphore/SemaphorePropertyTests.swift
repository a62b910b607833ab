import Bulkheads
import Testing
import Timeline

@Suite("Whatever happens to a semaphore")
struct SemaphorePropertyTests {
    @Test("permits are never more than there are, none lies idle while somebody waits, nobody is lost or overtaken")
    func randomWork() throws {
        for seed in UInt64(0)..<300 {
            var callers = try RandomCallers(seed: seed)
            if let violation = try callers.run(steps: 400) {
                Issue.record("seed \(seed): \(violation)")
                return
            }
        }
    }
}

/// Random callers, waits, resizes and clocks beside two plain lists: who waits, and who was refused and not yet told.
private struct RandomCallers {
    private struct Caller: Equatable {
        let number: UInt64
        let since: Instant
        let deadline: Instant
    }

    private var random: RandomStream
    private var semaphore: Semaphore
    private var now = Instant.zero
    private var nextCaller: UInt64 = 0
    private var tickets: [UInt64: UInt32] = [:]
    private var waiting: [Caller] = []
    private var refused: [Caller] = []
    private var inUse = 0
    private var permitted = 0
    private var rejected = 0
    private var withdrawn = 0

    init(seed: UInt64) throws {
        random = RandomStream(seed: seed, name: "semaphore", purpose: "work")
        semaphore = Semaphore(try Self.settings(&random))
    }

    mutating func run(steps: Int) throws -> String? {
        for _ in 0..<steps {
            moveClock()
            let inUseBefore = semaphore.inUse
            if let violation = try step() ?? check(inUseBefore: inUseBefore) {
                return "\(violation) at \(now.nanoseconds) ns: \(semaphore.settings), \(semaphore.totals)"
            }
        }
        return nil
    }

    private mutating func step() throws -> String? {
        switch random.below(100) {
        case ..<45: return acquire()
        case ..<75: return release()
        case ..<88: return popExpired()
        case ..<96: return withdraw()
        default: return try resize()
        }
    }

    private mutating func acquire() -> String? {
        let caller = nextCaller
        nextCaller += 1
        let own: Duration? = random.chance(0.5) ? nil : .milliseconds(Int64(random.below(3000)) - 500)
        let wait = own ?? semaphore.settings.maximumWait
        switch semaphore.acquire(caller, maximumWait: own, at: now) {
        case .permitted:
            if inUse >= semaphore.settings.permits { return "permitted without a permit" }
            if !waiting.isEmpty { return "a newcomer overtook" }
            (inUse, permitted) = (inUse + 1, permitted + 1)
            return nil
        case .waiting(let place):
            if wait <= .zero || inUse < semaphore.settings.permits { return "waits for nothing" }
            tickets[caller] = place.ticket
            waiting.append(Caller(number: caller, since: now, deadline: wait == .maximum ? .distantFuture : now + wait))
            return place.position == waiting.count ? nil : "position \(place.position)"
        case .rejected:
            rejected += 1
            return inUse >= semaphore.settings.permits && wait <= .zero
                ? nil : "rejected with a permit left, or in spite of its wait"
        }
    }

    private mutating func release() -> String? {
        let next = semaphore.release(at: now)
        guard inUse > 0 else { return next == nil ? nil : "a permit from nowhere" }
        inUse -= 1
        return compare(next.map { [$0] } ?? [], handOver())
    }

    private mutating func resize() throws -> String? {
        let settings = try Self.settings(&random)
        return compare(semaphore.resize(to: settings, at: now), handOver())
    }

    /// Whoever is first in line and in time gets what is free; those who are late step out.
    private mutating func handOver() -> [Caller] {
        var next: [Caller] = []
        while inUse < semaphore.settings.permits, !waiting.isEmpty {
            let first = waiting.removeFirst()
            if isOver(first) {
                refused.append(first)
                rejected += 1
            } else {
                next.append(first)
                (inUse, permitted) = (inUse + 1, permitted + 1)
            }
        }
        return next
    }

    private mutating func popExpired() -> String? {
        let popped = semaphore.popExpired(at: now)
        if !refused.isEmpty { return compare(popped.map { [$0] } ?? [], [refused.removeFirst()]) }
        let late = waiting.filter(isOver).min { ($0.deadline, $0.number) < ($1.deadline, $1.number) }
        waiting.removeAll { $0 == late }
        rejected += late == nil ? 0 : 1
        return compare(popped.map { [$0] } ?? [], late.map { [$0] } ?? [])
    }

    private mutating func withdraw() -> String? {
        let caller = random.below(nextCaller + 1)
        let ticket = [nil, tickets[caller], tickets[random.below(nextCaller + 1)], UInt32(random.below(40)), .max]
        let waits = waiting.contains { $0.number == caller }
        guard semaphore.withdraw(caller, ticket: ticket[Int(random.below(5))]) == waits else { return "withdrawn" }
        waiting.removeAll { $0.number == caller }
        withdrawn += waits ? 1 : 0
        return nil
    }

    private func compare(_ real: [Semaphore.Waiter], _ expected: [Caller]) -> String? {
        let waited = expected.map { max(.zero, now - $0.since) }
        let isSame = real.map(\.caller) == expected.map(\.number) && real.map(\.waited) == waited
        return isSame ? nil : "\(real), not \(expected)"
    }

    private func isOver(_ caller: Caller) -> Bool { caller.deadline != .distantFuture && caller.deadline <= now }

    private func check(inUseBefore: Int) -> String? {
        let permits = semaphore.settings.permits
        if semaphore.inUse != inUse || inUse > max(permits, inUseBefore) { return "\(semaphore.inUse) in use" }
        if semaphore.available != max(0, permits - inUse) { return "\(semaphore.available) available" }
        if semaphore.available > 0 && semaphore.waiting > 0 { return "a permit lies idle although somebody waits" }
        if semaphore.waiting != waiting.count { return "\(semaphore.waiting) waiting, not \(waiting.count)" }
        if semaphore.oldestWaiterSince != waiting.first?.since { return "oldest waiter" }
        let due = refused.first?.deadline ?? waiting.map(\.deadline).filter { $0 != .distantFuture }.min()
        if semaphore.nextExpiry != due { return "next expiry" }
        let totals = semaphore.totals
        if totals.asked != Int(nextCaller) { return "asked" }
        if totals.asked != totals.permitted + totals.rejected + totals.withdrawn + waiting.count {
            return "in is not out"
        }
        if totals.permitted != totals.finished + inUse || totals.permitted != permitted { return "permitted" }
        return totals.rejected == rejected && totals.withdrawn == withdrawn ? nil : "totals"
    }

    private mutating func moveClock() {
        switch random.below(60) {
        case 0: now = Instant(nanoseconds: Int64(bitPattern: random.next()))
        case 1: now = random.chance(0.5) ? .distantFuture : Instant(nanoseconds: .min)
        case 2: now = .zero
        default: now = now + .milliseconds(Int64(random.below(400)))
        }
    }

    private static func settings(_ random: inout RandomStream) throws -> Semaphore.Settings {
        try .init(
            permits: Int(random.below(6)),
            maximumWait: [.zero, .milliseconds(900), .seconds(5), .maximum][Int(random.below(4))])
    }
}
