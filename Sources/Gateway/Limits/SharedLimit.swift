public import Resilience
public import Timeline

/// One gateway's part of a limit that several gateways share.
///
/// It decides at once by what it knows: a token bucket of the whole limit, from which goes what it lets pass and what the
/// others say that they have. Each tells the others once in a period how many it has let pass (``report(at:)``), and they
/// hear of it a while later (``hear(_:at:)``): a sum of what each has passed, so that a report that is lost or comes twice does
/// no harm once another has come. So the bucket may come to owe permits, and refuses until they are earned.
///
/// With N gateways, a rate r, a burst b and news that are up to d = period + delay old, all gateways together let pass in any
/// time T at most
///
///     b + r·T                         if d is 0: exactly what one bucket does;
///     b + r·T + (N - 1)·(b + r·d)     else.
///
/// For the gateway that passes the last request of that time knows of all that the others had passed d before it; what it
/// does not know is what each of the other N - 1 has passed since, and none of them passes more than b + r·d in a time d. In
/// the long run the rate is r, however many gateways there are. The same sum says that a bucket never owes more than
/// (N - 1)·b + N·r·d: so much debt is kept, and nothing is forgotten.
///
/// (Other ways: one counter that all ask, which costs each request a round trip; or an N-th of the limit to each, which
/// refuses what one could have had while others do not use theirs.)
public struct SharedLimit: Hashable, Sendable {
    /// How a limit is shared; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// The limit for all together.
        public let bucket: TokenBucket.Settings
        /// How many gateways share it.
        public let gateways: Int
        /// How often each tells the others.
        public let period: Duration
        /// How long it takes at the most until they hear of it.
        public let delay: Duration

        /// Checks the settings.
        /// - Parameters:
        ///   - gateways: 1 to 1 000.
        ///   - period: 0 s, for at each request, to 1 min.
        ///   - delay: 0 s to 1 min.
        /// - Throws: a ``SettingError`` that names the first value out of its range.
        public init(
            _ bucket: TokenBucket.Settings, gateways: Int, period: Duration, delay: Duration
        ) throws(SettingError) {
            guard (1...1_000).contains(gateways) else {
                throw SettingError("gateways", given: gateways, allowed: "1 to 1000")
            }
            for (name, length) in [("period", period), ("delay", delay)] {
                guard length >= .zero, length <= .minutes(1) else {
                    throw SettingError(name, given: length, allowed: "0s to 1m")
                }
            }
            self.bucket = bucket
            self.gateways = gateways
            self.period = period
            self.delay = delay
        }

        /// How many requests all together may let pass in any time above what one bucket would.
        public var mostExcess: Int {
            let age = period + delay
            return age > .zero ? (gateways - 1) * (bucket.burst + earned(in: age)) : 0
        }

        /// How many permits one gateway may owe.
        public var mostDebt: Int {
            (gateways - 1) * bucket.burst + gateways * earned(in: period + delay)
        }

        /// Permits that are earned in a time, rounded up.
        private func earned(in time: Duration) -> Int {
            let (rate, per) = (bucket.rate, Int128(bucket.rate.per.nanoseconds))
            return Int((Int128(time.nanoseconds) * Int128(rate.limit) + per - 1) / per)
        }
    }

    /// What one gateway tells the others.
    public struct Report: Hashable, Sendable {
        /// The number of the gateway, from 0.
        public let from: Int
        /// When it began to count; a later one means that it has begun anew.
        public let since: Instant
        /// How many requests it has let pass since.
        public let passed: Int

        /// A report as it came; fewer than no requests count as none.
        public init(from: Int, since: Instant, passed: Int) {
            self.from = from
            self.since = since
            self.passed = max(0, passed)
        }
    }

    /// How the limit is shared.
    public let settings: Settings
    /// The number of this gateway, from 0.
    public let number: Int
    /// When ``report(at:)`` is to be called next.
    public private(set) var nextReport: Instant
    private let since: Instant
    private var bucket: TokenBucket
    private var passed = 0
    private var told = 0
    /// The latest of each gateway.
    private var heard: [Report]

    /// The part of a gateway that begins now.
    /// - Parameter number: from 0, below the number of gateways; no two have the same.
    /// - Throws: a ``SettingError`` for another number.
    public init(_ settings: Settings, gateway number: Int, at now: Instant) throws(SettingError) {
        guard (0..<settings.gateways).contains(number) else {
            throw SettingError("gateway", given: number, allowed: "0 to \(settings.gateways - 1)")
        }
        self.settings = settings
        self.number = number
        since = now
        nextReport = now + settings.period
        bucket = TokenBucket(settings.bucket)
        heard = (0..<settings.gateways).map { Report(from: $0, since: Instant(nanoseconds: .min), passed: 0) }
    }

    /// Asks for one request; refused, it says how long until it would be let pass, if no others were.
    public mutating func acquire(at now: Instant) -> RateDecision {
        let decision = bucket.acquire(at: now)
        if decision.wait != nil { passed += 1 }
        return decision
    }

    /// Requests that could pass here at once; below zero by as many as are owed.
    public func available(at now: Instant) -> Int { bucket.available(at: now) }

    /// What the others are to be told now: nil before it is time, and if it has let nothing pass since the last time.
    public mutating func report(at now: Instant) -> Report? {
        guard now >= nextReport else { return nil }
        nextReport = max(nextReport + settings.period, now)
        guard passed > told else { return nil }
        told = passed
        return Report(from: number, since: since, passed: passed)
    }

    /// Another gateway has told how many requests it has let pass. What is older than what was heard before says nothing.
    public mutating func hear(_ report: Report, at now: Instant) {
        guard heard.indices.contains(report.from), report.from != number else { return }
        let before = heard[report.from]
        guard report.since >= before.since else { return }
        let known = report.since == before.since ? before.passed : 0
        guard report.passed > known || report.since > before.since else { return }
        heard[report.from] = report
        bucket.debit(report.passed - known, at: now, mostDebt: settings.mostDebt)
    }
}
