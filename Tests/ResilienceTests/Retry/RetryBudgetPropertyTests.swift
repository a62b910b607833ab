import Resilience
import Testing
import Timeline

@Suite("Whatever happens to a retry budget", .tags(.property))
struct RetryBudgetPropertyTests {
    @Test("it grants what a plain count of the same rule grants, and each permit comes back once")
    func agreesWithModel() throws {
        for seed in UInt64(0)..<120 {
            var traffic = try BudgetTraffic(seed: seed, extreme: false)
            if let violation = try traffic.run(steps: 300) {
                Issue.record("seed \(seed): \(violation)")
                return
            }
        }
    }

    @Test("clocks that jump, permits handed back twice and settings that change break nothing")
    func extremes() throws {
        for seed in UInt64(0)..<120 {
            var traffic = try BudgetTraffic(seed: seed, extreme: true)
            if let violation = try traffic.run(steps: 200) {
                Issue.record("seed \(seed): \(violation)")
                return
            }
        }
    }
}

/// The rules of all kinds, written down the slow way: lists of what happened, and sums over them.
private struct BudgetModel {
    var kind: RetryBudget.Kind
    var tokens = 0.0
    var calls = 0
    var extras = 0
    var deposits: [(tenth: Int64, amount: Double)] = []

    init(_ kind: RetryBudget.Kind) {
        self.kind = kind
        switch kind {
        case .throttle(let maxTokens, _): tokens = maxTokens
        case .quota(let capacity, _, _): tokens = Double(capacity)
        case .inFlight, .window: break
        }
    }

    private func tenth(_ now: Instant, _ length: Duration) -> Int64 {
        now.nanoseconds / (length.nanoseconds / 10)
    }

    mutating func began(_ now: Instant) {
        calls += 1
        if case .window(let length, let share, _) = kind { deposits.append((tenth(now, length), share)) }
    }

    mutating func ended(_ outcome: CircuitBreaker.Outcome, cost: Double?) {
        switch (kind, outcome) {
        case (.throttle(let most, _), .failure): tokens = min(max(0, tokens - 1), most)
        case (.throttle(let most, let ratio), .success): tokens = min(tokens + ratio, most)
        case (.quota(let capacity, _, let deposit), .success):
            tokens = min(tokens + (cost ?? Double(deposit)), Double(capacity))
        default: break
        }
    }

    /// Whether there is a permit, and what it costs.
    mutating func withdraw(_ failure: FailureKind?, _ now: Instant) -> Double? {
        switch kind {
        case .throttle(let most, _):
            return tokens > most / 2 + 1e-6 ? 0 : nil
        case .quota(_, let costs, _):
            let isSpecial = failure.map { costs.exceptions.includes($0) } ?? false
            let cost = Double(isSpecial ? costs.special : costs.usual)
            guard tokens >= cost else { return nil }
            tokens -= cost
            return cost
        case .inFlight(let rate, let least):
            return extras < least || Double(extras) <= rate * Double(calls + extras) + 1e-9 ? 0 : nil
        case .window(let length, _, let perSecond):
            let newest = tenth(now, length)
            let sum = deposits.filter { newest - $0.tenth < 10 }.reduce(0) { $0 + $1.amount }
            guard sum + perSecond * length.seconds >= 1 - 1e-6 else { return nil }
            deposits.append((newest, -1))
            return 0
        }
    }
}

private struct BudgetTraffic {
    private var random: RandomStream
    private let extreme: Bool
    private var budget: RetryBudget
    private var model: BudgetModel
    private var now = Instant.zero
    private var permits: [(permit: RetryBudget.Permit, cost: Double)] = []
    private var spent: [RetryBudget.Permit] = []

    init(seed: UInt64, extreme: Bool) throws {
        random = RandomStream(seed: seed, name: "budget", purpose: extreme ? "extremes" : "traffic")
        self.extreme = extreme
        let settings = try Self.settings(&random)
        budget = RetryBudget(settings)
        model = BudgetModel(settings.kind)
    }

    /// The first rule that is broken, in words; nil if none is.
    mutating func run(steps: Int) throws -> String? {
        for _ in 0..<steps {
            moveClock()
            if let violation = try step() ?? check() { return "\(violation): \(budget.settings.kind)" }
        }
        return nil
    }

    private mutating func step() throws -> String? {
        switch random.below(100) {
        case ..<30:
            budget.callBegan(at: now)
            model.began(now)
        case ..<40 where model.calls > 0:
            budget.callEnded()
            model.calls -= 1
        case ..<55:
            let outcome = outcome()
            budget.attemptEnded(outcome, permit: nil)
            model.ended(outcome, cost: nil)
        case ..<80:
            return withdraw()
        case 99 where extreme:
            let settings = try Self.settings(&random)
            budget.changeSettings(settings)
        default:
            giveBack()
        }
        return nil
    }

    private mutating func withdraw() -> String? {
        let failure: FailureKind? = random.chance(0.8) ? FailureKind.allCases[Int(random.below(9))] : nil
        let permit = budget.withdraw(after: failure, at: now)
        guard !extreme else {
            if let permit { permits.append((permit, 0)) }
            return nil
        }
        let cost = model.withdraw(failure, now)
        if (permit != nil) != (cost != nil) { return "granted \(permit != nil), not \(cost != nil)" }
        guard let permit, let cost else { return nil }
        permits.append((permit, cost))
        model.extras += 1
        return nil
    }

    private mutating func giveBack() {
        if let old = spent.last, random.chance(0.3) {
            budget.attemptEnded(outcome(), permit: old)
        }
        guard !permits.isEmpty else { return }
        let (permit, cost) = permits.remove(at: Int(random.below(UInt64(permits.count))))
        let outcome = outcome()
        budget.attemptEnded(outcome, permit: permit)
        model.ended(outcome, cost: cost)
        model.extras -= 1
        spent.append(permit)
    }

    private mutating func outcome() -> CircuitBreaker.Outcome {
        CircuitBreaker.Outcome.allCases[Int(random.below(3))]
    }

    private func check() -> String? {
        let balance = budget.balance(at: now)
        if !(balance >= 0) { return "a balance of \(balance)" }
        if budget.extrasInFlight != permits.count { return "\(budget.extrasInFlight) out, not \(permits.count)" }
        if budget.callsInFlight != model.calls { return "\(budget.callsInFlight) calls, not \(model.calls)" }
        let totals = budget.totals
        if totals.granted - totals.returned != permits.count || totals.returned != spent.count {
            return "totals that do not add up"
        }
        switch budget.settings.kind {
        case .throttle(let most, _): return balance <= most ? nil : "too many tokens"
        case .quota(let capacity, _, _): return balance <= Double(capacity) ? nil : "too many units"
        case .inFlight, .window: return nil
        }
    }

    private mutating func moveClock() {
        guard extreme else {
            now = now + .milliseconds(Int64(random.below(random.chance(0.05) ? 3_000 : 60)))
            return
        }
        switch random.below(5) {
        case 0: now = Instant(nanoseconds: Int64(bitPattern: random.next()))
        case 1: now = Instant(nanoseconds: random.chance(0.5) ? .min : .max)
        default: now = now + .nanoseconds(Int64(random.below(1_000)) - 300)
        }
    }

    private static func settings(_ random: inout RandomStream) throws -> RetryBudget.Settings {
        let small = Int(random.below(6))
        // Shares and ratios of so many eighths, which are exact in thousandths and millionths.
        let eighths = Double(random.below(8) + 1) / 8
        let kinds: [RetryBudget.Kind] = [
            .throttle(maxTokens: Double(small + 1), tokenRatio: eighths),
            .quota(capacity: small * 7, costs: .init(small, after: .timeout, 2 * small), deposit: small / 2),
            .inFlight(maxRate: eighths, minConcurrency: small),
            .window(.seconds(Int64(small) + 1), share: eighths, minPerSecond: eighths * 2),
        ]
        return try RetryBudget.Settings(kinds[Int(random.below(4))])
    }
}
