import Resilience
import Testing
import Timeline

@Suite("Whatever happens to a hedged call", .tags(.property))
struct HedgedCallPropertyTests {
    @Test("there are no more hedges than allowed, each attempt is launched once, and the call ends once")
    func randomCalls() throws {
        for seed in UInt64(0)..<1_500 {
            var call = try RandomCall(seed: seed)
            if let violation = call.run() {
                Issue.record("seed \(seed): \(violation): \(call.policy)")
                return
            }
        }
    }
}

private struct RandomCall {
    let policy: HedgePolicy
    private var random: RandomStream
    private var call = HedgedCall()
    private var now = Instant.zero
    private var running: Set<Int> = []
    private var launched: Set<Int> = []
    private var winner: Int?
    private var succeeded = false

    init(seed: UInt64) throws {
        random = RandomStream(seed: seed, name: "hedge", purpose: "calls")
        let delays: [HedgePolicy.Delay] = [
            .fixed(.zero), .fixed(.milliseconds(3)), .fixed(.maximum), .observed(factor: 1.5), .afterFailure, .never,
        ]
        policy = try HedgePolicy(
            delay: delays[Int(random.below(6))], maxHedges: Int(random.below(10)) + 1,
            settling: random.chance(0.2) ? .all : .final)
    }

    mutating func run() -> String? {
        if let violation = follow(call.begin(policy, observed: observed(), at: now)) { return violation }
        for _ in 0..<80 {
            now = random.chance(0.1) ? now - .milliseconds(5) : now + .milliseconds(Int64(random.below(4)))
            if let violation = follow(step()) { return violation }
            if running.count != call.attemptsRunning { return "\(call.attemptsRunning) running, not \(running.count)" }
            if running.isEmpty, winner == nil { return "nothing runs and the call has not ended" }
        }
        return nil
    }

    private mutating func step() -> HedgedCall.Decision {
        guard random.chance(0.7) else { return call.timer(policy, observed: observed(), at: now) }
        // Some reports are of attempts that have ended, or never began.
        let attempt = Int(random.below(13)) - 1
        let failure: FailureKind? = random.chance(0.8) ? FailureKind.allCases[Int(random.below(9))] : nil
        if running.contains(attempt), failure == nil, winner == nil { succeeded = true }
        running.remove(attempt)
        return call.ended(attempt, failure: failure, policy, observed: observed(), at: now)
    }

    private mutating func follow(_ decision: HedgedCall.Decision) -> String? {
        switch decision {
        case .launch(let numbers, _):
            if winner != nil { return "a launch after the end" }
            for attempt in numbers {
                if !launched.insert(attempt).inserted { return "attempt \(attempt) launched twice" }
                running.insert(attempt)
            }
            if launched.count > policy.maxHedges + 1 { return "\(launched.count) attempts" }
            if policy.delay == .afterFailure, running.count > 1 { return "two attempts at the same time" }
            return refuse(numbers)
        case .settle(let attempt, let failure):
            if winner != nil { return "a second end" }
            winner = attempt
            return (failure == nil) == succeeded ? nil : "the wrong end"
        case .wait:
            return winner == nil ? nil : "a wait after the end"
        case .late:
            return nil
        }
    }

    private mutating func refuse(_ numbers: Range<Int>) -> String? {
        for attempt in numbers where attempt > 0 && random.chance(0.1) {
            running.remove(attempt)
            if let violation = follow(call.refused(attempt)) { return violation }
        }
        return nil
    }

    private mutating func observed() -> Duration? {
        random.chance(0.2) ? nil : .milliseconds(Int64(random.below(5)))
    }
}
