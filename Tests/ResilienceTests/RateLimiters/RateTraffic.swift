import Resilience
import Timeline

/// Random requests of a limiter, with all promises checked after every step against the list of grants.
struct RateTraffic {
    private(set) var limiter: RateLimiter

    private struct Grant {
        let due: Instant
        let permits: Int
    }

    private var random: RandomStream
    private var grants: [Grant] = []
    private var now = Instant.after(.nanoseconds(1_000))
    private var latest = Instant.zero
    /// Requests for more than one permit, which some kinds promise less about.
    private let mostPermits: Int
    private let burst: Int

    init(_ algorithm: RateLimiter.Algorithm, seed: UInt64) throws {
        random = RandomStream(seed: seed, name: algorithm.rawValue, purpose: "traffic")
        let limit = Int(random.below(5)) + 1
        let per = Int64(limit) + Int64(random.below(60))
        burst = algorithm == .tokenBucket ? Int(random.below(8)) + 1 : limit
        mostPermits = random.chance(0.5) ? 1 : burst
        limiter = RateLimiter(
            try .init(
                algorithm, limit: limit, per: .nanoseconds(per), burst: algorithm == .tokenBucket ? burst : nil))
    }

    /// The first promise that is broken, in words; nil if none is.
    mutating func run(steps: Int) -> String? {
        for step in 0..<steps {
            moveClock()
            if let violation = self.step() ?? checkWindows() {
                return "step \(step), \(now.nanoseconds) ns: \(violation); \(limiter), \(grants.suffix(12))"
            }
        }
        return nil
    }

    private mutating func moveClock() {
        let per = UInt64(limiter.settings.rate.per.nanoseconds)
        switch random.below(20) {
        case 0: now = now - .nanoseconds(Int64(random.below(per)))
        case 1: now = now + .nanoseconds(Int64(random.below(per * 10)))
        case ..<8: break
        default: now = now + .nanoseconds(Int64(random.below(per / 2 + 1)))
        }
    }

    private mutating func step() -> String? {
        switch random.below(20) {
        case ..<3: return giveBack()
        case 3 where random.chance(0.3):
            let there = limiter.available(at: now)
            return limiter.drain(at: now) == max(0, there) && limiter.available(at: now) <= 0 ? seen() : "drain"
        default: return ask()
        }
    }

    private mutating func seen() -> String? {
        latest = max(latest, now)
        return nil
    }

    private mutating func ask() -> String? {
        let permits = Int(random.below(UInt64(mostPermits))) + 1
        let per = UInt64(limiter.settings.rate.per.nanoseconds)
        let maxWait = random.chance(0.5) ? Duration.zero : .nanoseconds(Int64(random.below(per * 4)))
        let before = limiter
        let decision = limiter.acquire(permits, at: now, maxWait: maxWait)
        latest = max(latest, now)
        let hadThem = before.available(at: now) >= permits
        if hadThem != (decision == .granted(after: .zero)) { return "\(decision) with \(before.available(at: now))" }
        if let wait = before.wait(for: permits, at: now), let broken = check(before, permits, wait, patience: .zero) {
            return "wait: \(broken)"
        }
        switch decision {
        case .granted(let wait):
            if wait > maxWait { return "waits \(wait), not \(maxWait)" }
            grants.append(Grant(due: wait > .zero ? now + wait : latest, permits: permits))
            return nil
        case .rejected(.maximum):
            // Several slots are never there at once; all else is there after some time.
            return limiter.settings.algorithm == .smooth && permits > 1 ? nil : "never"
        case .rejected(let retryAfter):
            return check(before, permits, retryAfter, patience: maxWait).map { "retry: \($0)" }
        }
    }

    /// Granted after that time, and not a nanosecond sooner.
    private func check(_ limiter: RateLimiter, _ permits: Int, _ time: Duration, patience: Duration) -> String? {
        var onTime = limiter
        if onTime.acquire(permits, at: now + time, maxWait: patience).wait == nil { return "\(time) is too early" }
        guard time > .zero else { return nil }
        var early = limiter
        let sooner = now + (time - .nanoseconds(1))
        return early.acquire(permits, at: sooner, maxWait: patience).wait == nil ? nil : "\(time) is too late"
    }

    private mutating func giveBack() -> String? {
        guard !grants.isEmpty else { return nil }
        let index = max(0, grants.count - 1 - Int(random.below(3)))
        // The windows of larger requests may hold a little more; giving back would blur by how much.
        if limiter.settings.algorithm == .fixedWindow, mostPermits > 1 { return nil }
        let grant = grants[index]
        let returned = limiter.giveBack(grant.permits, due: grant.due, at: now)
        if returned < 0 || returned > grant.permits { return "\(returned) of \(grant.permits) given back" }
        if returned > 0, grant.due < latest { return "given back too late" }
        latest = max(latest, now)
        if returned > 0 { grants.remove(at: index) }
        return nil
    }

    private func checkWindows() -> String? {
        switch limiter.settings.algorithm {
        case .tokenBucket: checkTokenBucket()
        case .smooth: checkSlots()
        case .fixedWindow: checkAligned(limiter.settings.rate.limit + mostPermits - 1)
        case .slidingLog: checkLog()
        case .slidingCounter: checkAligned(limiter.settings.rate.limit) ?? checkEstimate()
        }
    }

    private var inOrder: [Grant] { grants.sorted { $0.due < $1.due } }

    /// burst + rate × length in every window that begins and ends with a grant, and so in every window.
    private func checkTokenBucket() -> String? {
        let sorted = inOrder
        let rate = limiter.settings.rate
        guard let last = sorted.last else { return nil }
        // Windows that end with the newest grant, or before it if it was put in between.
        for end in sorted.suffix(12) where end.due <= last.due {
            var sum = 0
            for grant in sorted.reversed() where grant.due <= end.due {
                sum += grant.permits
                let length = (end.due - grant.due).nanoseconds
                if Int64(sum - burst) * rate.per.nanoseconds > length * Int64(rate.limit) {
                    return "\(sum) permits in \(length) ns"
                }
            }
        }
        return nil
    }

    /// Each grant has its slots, which end with the one that it is due in, to itself.
    private func checkSlots() -> String? {
        let rate = limiter.settings.rate
        func slot(_ grant: Grant) -> Int64 { grant.due.nanoseconds * Int64(rate.limit) / rate.per.nanoseconds }
        let sorted = inOrder
        for (earlier, later) in zip(sorted, sorted.dropFirst()) where slot(later) - slot(earlier) < later.permits {
            return "slot \(slot(later)) is taken twice"
        }
        return nil
    }

    private func checkAligned(_ most: Int) -> String? {
        var sums: [Int64: Int] = [:]
        for grant in grants {
            sums[grant.due.nanoseconds / limiter.settings.rate.per.nanoseconds, default: 0] += grant.permits
        }
        let largest = sums.values.max() ?? 0
        return largest > most ? "\(largest) in a window" : nil
    }

    /// Any limit + 1 permits in a row take at least a window's length.
    private func checkLog() -> String? {
        let dues = inOrder.flatMap { Array(repeating: $0.due, count: $0.permits) }
        let rate = limiter.settings.rate
        for (first, beyond) in zip(dues, dues.dropFirst(rate.limit)) where beyond - first < rate.per {
            return "\(rate.limit + 1) permits in \(beyond - first)"
        }
        return nil
    }

    /// The estimate from the listed grants, when the newest of them is due.
    private func checkEstimate() -> String? {
        guard let last = inOrder.last else { return nil }
        let rate = limiter.settings.rate
        let per = rate.per.nanoseconds
        let window = last.due.nanoseconds / per
        func sum(_ number: Int64) -> Int64 {
            Int64(grants.reduce(0) { $0 + ($1.due.nanoseconds / per == number ? $1.permits : 0) })
        }
        let left = (window + 1) * per - last.due.nanoseconds
        let weighted = sum(window) * per + sum(window - 1) * left
        return weighted > Int64(rate.limit) * per ? "the estimate is \(weighted) / \(per)" : nil
    }
}
