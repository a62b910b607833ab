import Resilience
import Simulation
import Timeline

// The settings of guards that limit rate and load.

extension Compiler {
    mutating func limiter(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let reader = SectionReader(tree, LimiterKeys.section, &findings)
        let settings = try rateSettings(reader)
        let wait = reader.value(LimiterKeys.wait, &findings)
        let scope = reader.value(LimiterKeys.per, &findings)
        let givesBack = reader.value(LimiterKeys.givesBack, &findings)
        guard let settings, let wait, let scope, let givesBack else { return nil }
        return .limiter(LimiterPlan(settings, wait: wait, scope: scope, givesBack: givesBack))
    }

    /// A limit on how often calls or requests may come.
    mutating func rateSettings(_ reader: SectionReader) throws(SettingError) -> RateLimiter.Settings? {
        let algorithm = reader.value(LimiterKeys.algorithm, &findings)
        let burst = reader.given(LimiterKeys.burst, &findings)
        guard let rate = reader.required(LimiterKeys.rate, &findings), let algorithm else { return nil }
        return try RateLimiter.Settings(algorithm, limit: rate.calls, per: rate.per, burst: burst)
    }

    mutating func throttle(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let reader = SectionReader(tree, ThrottleKeys.section, &findings)
        let threshold = reader.value(ThrottleKeys.threshold, &findings)
        let most = reader.value(ThrottleKeys.limit, &findings)
        let minimum = reader.value(ThrottleKeys.minimum, &findings)
        let window = reader.value(ThrottleKeys.window, &findings)
        guard let threshold, let most, let minimum, let window else { return nil }
        return .throttle(
            try AdaptiveThrottle.Settings(
                threshold: threshold, maximumRejection: most, minimumRequests: minimum, window: window))
    }

    mutating func concurrency(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let reader = SectionReader(tree, ConcurrencyKeys.section, &findings)
        let before = findings.problems.count
        let algorithm = reader.value(ConcurrencyKeys.algorithm, &findings)
        let backoff = reader.value(ConcurrencyKeys.backoff, &findings)
        let timeout = reader.value(ConcurrencyKeys.timeout, &findings)
        let alpha = reader.given(ConcurrencyKeys.alpha, &findings)
        let beta = reader.given(ConcurrencyKeys.beta, &findings)
        let queue = reader.value(ConcurrencyKeys.queue, &findings)
        let tolerance = reader.value(ConcurrencyKeys.tolerance, &findings)
        let smoothing = reader.given(ConcurrencyKeys.smoothing, &findings)
        let window = reader.given(ConcurrencyKeys.window, &findings)
        let (start, least, most) = (
            reader.given(ConcurrencyKeys.start, &findings), reader.given(ConcurrencyKeys.least, &findings),
            reader.given(ConcurrencyKeys.most, &findings)
        )
        guard let algorithm, let backoff, let timeout, let queue, let tolerance, findings.problems.count == before
        else {
            return nil
        }
        checkUse(of: algorithm, reader)
        let minimum = least ?? (algorithm == .vegas ? 1 : min(20, most ?? 20))
        let maximum = most ?? max(minimum, algorithm == .vegas ? 1_000 : 200)
        let initial = start ?? max(minimum, min(maximum, 20))
        let law: ConcurrencyLimit.Settings.Algorithm =
            switch algorithm {
            case .aimd: .aimd(.init(backoff: backoff, timeout: timeout))
            case .vegas:
                .vegas(
                    .init(
                        alpha: alpha.map { .constant($0) } ?? .logarithm(times: 3),
                        beta: beta.map { .constant($0) } ?? .logarithm(times: 6), smoothing: smoothing ?? 1))
            case .gradient2:
                .gradient(.init(queueSize: queue, tolerance: tolerance, smoothing: smoothing ?? 0.2))
            }
        let length = window ?? (algorithm == .gradient2 ? .seconds(1) : nil)
        return .concurrency(
            try ConcurrencyLimit.Settings(
                law, initial: initial, minimum: minimum, maximum: maximum,
                window: length.map { .init(minimumLength: $0, maximumLength: $0) }))
    }

    /// Complains about settings that another algorithm has.
    private mutating func checkUse(of algorithm: ConcurrencyKeys.Algorithm, _ reader: SectionReader) {
        let owners: [(key: String, algorithms: [ConcurrencyKeys.Algorithm])] = [
            (ConcurrencyKeys.backoff.name, [.aimd]), (ConcurrencyKeys.timeout.name, [.aimd]),
            (ConcurrencyKeys.alpha.name, [.vegas]), (ConcurrencyKeys.beta.name, [.vegas]),
            (ConcurrencyKeys.queue.name, [.gradient2]), (ConcurrencyKeys.tolerance.name, [.gradient2]),
            (ConcurrencyKeys.smoothing.name, [.vegas, .gradient2]),
        ]
        for (key, algorithms) in owners where !algorithms.contains(algorithm) && reader.tree[key] != nil {
            let names = algorithms.map { "\($0)" }.joined(separator: " or ")
            findings.add(
                "\(key): \(algorithm) has no such setting; it is one of \(names)", at: reader.place(of: key))
        }
    }
}
