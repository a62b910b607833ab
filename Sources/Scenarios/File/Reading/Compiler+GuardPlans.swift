import Bulkheads
import Resilience
import Simulation
import Timeline

// The settings of guards, one kind after the other.

extension Compiler {
    mutating func semaphore(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let reader = SectionReader(tree, SemaphoreKeys.section, &findings)
        let permits = reader.value(SemaphoreKeys.permits, &findings)
        let wait = reader.value(SemaphoreKeys.wait, &findings)
        guard let permits, let wait else { return nil }
        return .semaphore(try Semaphore.Settings(permits: permits, maximumWait: wait))
    }

    mutating func bulkhead(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let reader = SectionReader(tree, BulkheadKeys.section, &findings)
        return try threads(reader).map { .bulkhead($0) }
    }

    /// The threads and the queue that a mapping has the settings of.
    mutating func threads(_ reader: SectionReader) throws(SettingError) -> ThreadPool.Settings? {
        let threads = reader.value(BulkheadKeys.threads, &findings)
        let core = reader.value(BulkheadKeys.core, &findings)
        let most = reader.value(BulkheadKeys.maximum, &findings)
        let queue = reader.value(BulkheadKeys.queue, &findings)
        let keepAlive = reader.value(BulkheadKeys.keepAlive, &findings)
        let whenFull = reader.value(BulkheadKeys.whenFull, &findings)
        let order = reader.value(QueueKeys.order, &findings)
        let expired = reader.value(QueueKeys.expired, &findings)
        let longest = reader.value(QueueKeys.maximumWait, &findings)
        guard let core = threads ?? core, let queue, let keepAlive, let whenFull, let order, let expired, let longest
        else { return nil }
        if let most, most < core {
            findings.add("max: \(most) is less than core, \(core)", at: reader.place(of: "max"))
            return nil
        }
        return try ThreadPool.Settings(
            core: core, maximum: most, queue: queue, keepAlive: keepAlive, whenFull: whenFull, order: order,
            expired: expired, maximumWait: longest ?? .maximum)
    }

    mutating func retry(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let reader = SectionReader(tree, RetryKeys.section, &findings)
        let attempts = reader.value(RetryKeys.attempts, &findings)
        let backoff = reader.value(RetryKeys.backoff, &findings)
        let jitter = reader.value(RetryKeys.jitter, &findings)
        let kinds = reader.value(RetryKeys.on, &findings)
        let longest = reader.value(RetryKeys.longest, &findings)
        let serverDelay = reader.value(RetryKeys.serverDelay, &findings)
        guard let attempts, let backoff, let jitter, let kinds, let longest, let serverDelay else { return nil }
        return .retry(
            try RetryPolicy(
                attempts: attempts, backoff: backoff, jitter: jitter, retryable: kinds, maxDuration: longest,
                serverDelay: serverDelay))
    }

    mutating func hedge(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let reader = SectionReader(tree, HedgeKeys.section, &findings)
        let after = reader.value(HedgeKeys.after, &findings)
        let hedges = reader.value(HedgeKeys.hedges, &findings)
        let settles = reader.value(HedgeKeys.settles, &findings)
        guard let after, let hedges, let settles else { return nil }
        return .hedge(
            try HedgePlan(
                HedgePolicy(delay: after.delay, maxHedges: hedges, settling: settles), observes: after.observes))
    }

    mutating func fallback(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let reader = SectionReader(tree, FallbackKeys.section, &findings)
        let answer = reader.required(FallbackKeys.answer, &findings)
        let kinds = reader.value(FallbackKeys.on, &findings)
        let limit = reader.value(FallbackKeys.limit, &findings)
        guard let answer, let kinds, let limit else { return nil }
        if case .call(let target) = answer {
            fallbackCalls.append(
                FallbackCall(
                    edge: plan.edges.count, stage: guardsRead, compartment: nil, target: target,
                    place: reader.place(of: FallbackKeys.answer.name)))
        }
        return .fallback(FallbackPlan(try Fallback.Settings(source: answer.source, kinds: kinds, limit: limit)))
    }
}

extension Compiler {
    mutating func breaker(
        _ tree: Tree, of section: Section = BreakerKeys.section
    ) throws(SettingError) -> GuardPlan? {
        let reader = SectionReader(tree, section, &findings)
        let before = findings.problems.count
        let base = reader.value(BreakerKeys.preset, &findings)??.settings ?? .standard
        let window = reader.given(BreakerKeys.window, &findings)
        let minimum = reader.given(BreakerKeys.minimum, &findings)
        if case .calls(let count)? = window, let minimum, minimum > count {
            findings.add(
                "minimum: \(minimum) calls never are in a window of \(count) calls", at: reader.place(of: "minimum"))
            return nil
        }
        let rule = reader.given(BreakerKeys.rule, &findings)
        let slow = reader.given(BreakerKeys.slow, &findings).map { $0 ?? CircuitBreaker.SlowCalls.never }
        let halfOpens = reader.given(BreakerKeys.halfOpens, &findings)
        let settings = try CircuitBreaker.Settings(
            from: base, window: window, tripRule: rule.map(\.trip), minimumCalls: minimum,
            failureRate: reader.given(BreakerKeys.failures, &findings), slowCalls: slow,
            judging: reader.given(BreakerKeys.judges, &findings), openTime: reader.given(BreakerKeys.open, &findings),
            growth: reader.given(BreakerKeys.growth, &findings),
            strictEnds: reader.given(BreakerKeys.strict, &findings),
            probes: reader.given(BreakerKeys.probes, &findings),
            probeLimit: reader.given(BreakerKeys.probeLimit, &findings),
            probeRule: reader.given(BreakerKeys.probeRule, &findings),
            ignoredProbe: reader.given(BreakerKeys.ignoredProbe, &findings),
            halfOpenLimit: reader.given(BreakerKeys.halfOpenLimit, &findings),
            afterHalfOpenLimit: reader.given(BreakerKeys.afterLimit, &findings),
            automaticHalfOpen: halfOpens.map { $0 == .time }, halfOpensWhenRead: halfOpens.map { $0 == .reading },
            health: reader.value(BreakerKeys.health, &findings))
        let counts = reader.value(BreakerKeys.counts, &findings)
        let ignores = reader.value(BreakerKeys.ignores, &findings)
        let scope = reader.value(BreakerKeys.each, &findings)
        guard let counts, let ignores, let scope, findings.problems.count == before else { return nil }
        let detector = try FailureDetector(failures: counts, ignored: ignores)
        var breaker = BreakerPlan(settings, detector: detector, scope: scope)
        if case .own(let own)? = rule { breaker.ownRule = own }
        return .breaker(breaker)
    }
}

extension TripRuleNotation.Rule {
    /// The breaker's part of the rule.
    fileprivate var trip: CircuitBreaker.TripRule {
        switch self {
        case .breakers(let rule): rule
        case .own: .callers
        }
    }
}
