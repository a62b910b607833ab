import Simulation
public import Timeline

/// Settings of a time limit and a breaker for the calls on an edge, proposed from what a run measured.
///
/// The rules are for calls that are much alike. A time limit leaves room above nearly all good answers; a breaker's
/// window is long enough to judge by and short enough to act in seconds; its threshold is one that a healthy service
/// practically never reaches by chance.
public struct Advice: Sendable {
    /// What was measured.
    public let record: EdgeRecord
    /// How long a call should be allowed to take.
    public let timeout: Duration
    /// The share of good answers that would have come later than that.
    public let cutOff: Double
    /// How many of the last calls to judge by.
    public let window: Int
    /// The share of failures from which on to open.
    public let threshold: Double
    /// The chance that a healthy service reaches it within one window.
    public let falseAlarm: Double
    /// The limit above which a call is slow.
    public let slowLimit: Duration
    /// How long to stay open.
    public let openTime: Duration
    /// How many calls to try with then.
    public let probes: Int

    /// With fewer good answers than this nothing is proposed.
    public static let leastCalls: UInt64 = 200

    /// What to set, or nil if the run has shown too little of the edge.
    init?(from record: EdgeRecord) {
        guard record.calls >= Self.leastCalls, record.rate > 0 else { return nil }
        self.record = record
        timeout = Self.rounded(max(record.quantile(0.999), record.quantile(0.99) * 1.5))
        cutOff = record.latencies.share(above: timeout)
        window = Self.window(for: record.rate)
        let failing = min(1, record.errorShare + cutOff)
        (threshold, falseAlarm) = Self.threshold(window: window, failing: failing)
        slowLimit = Self.rounded(record.quantile(0.99))
        openTime = Self.openTime(record.outages)
        probes = Self.probes(failing: failing, threshold: threshold)
    }

    /// The calls of five seconds, in round numbers: 20 at least, so that there is something to judge, and 200 at most,
    /// beyond which nothing is gained.
    private static func window(for rate: Double) -> Int {
        let wanted = rate * 5
        return min(200, max(20, Int((wanted / 10).rounded()) * 10))
    }

    /// The lowest threshold in steps of 5 %, from 20 % on, that a healthy window reaches less than once in a million;
    /// 95 % if there is none.
    private static func threshold(window: Int, failing: Double) -> (Double, Double) {
        let binomial = Binomial(trials: window, chance: failing)
        for step in 4...19 {
            let share = Double(step) / 20
            let chance = binomial.atLeast(Int((share * Double(window)).rounded(.up)))
            if chance < 1e-6 { return (share, chance) }
        }
        return (0.95, binomial.atLeast(Int((0.95 * Double(window)).rounded(.up))))
    }

    /// A tenth of the usual outage, so that little time is lost after it: 1 s to 30 s, and 5 s if none was seen.
    private static func openTime(_ outages: [Duration]) -> Duration {
        guard !outages.isEmpty else { return .seconds(5) }
        let seconds = (outages[outages.count / 2].seconds / 10).rounded()
        return .seconds(Int64(min(30, max(1, seconds))))
    }

    /// The fewest, from 3 on, that a healthy service fails less than once in a hundred times; at most 10.
    private static func probes(failing: Double, threshold: Double) -> Int {
        (3..<10).first { count in
            let enough = Int((threshold * Double(count)).rounded(.up))
            return Binomial(trials: count, chance: failing).atLeast(enough) < 0.01
        } ?? 10
    }

    /// The next length of two digits, so that nobody takes it for an exact one.
    private static func rounded(_ length: Duration) -> Duration {
        var unit: Int64 = 1
        while length.nanoseconds / unit >= 100 { unit *= 10 }
        return Duration(nanoseconds: (length.nanoseconds + unit - 1) / unit * unit)
    }
}

extension Advice {
    /// How long it takes to open when every call begins to fail.
    public var reaction: Duration {
        Duration(seconds: threshold * Double(window) / max(record.rate, .leastNormalMagnitude))
    }
}
