internal import Resilience
internal import Simulation
internal import Timeline

/// What leads a breaker from state to state, in few words: the labels of the arrows in its drawing.
struct BreakerArrows: Hashable, Sendable {
    /// From closed to open.
    var opens: String
    /// The same for slow calls; empty without a rule about them.
    var opensForSlow: String
    /// From open to half-open.
    var probes: String
    /// From half-open back to open.
    var reopens: String
    /// From half-open to closed.
    var closes: String

    init(_ settings: CircuitBreaker.Settings, ownRule: BreakerPlan.OwnRule?) {
        opens = Self.opens(settings, ownRule)
        opensForSlow =
            settings.slowCalls.map {
                "or \(Figures.percent($0.rate)) over \($0.limit)"
            } ?? ""
        let isByItself = settings.automaticHalfOpen || settings.halfOpensWhenRead
        probes = "\(settings.openTime)\(settings.growth.text)\(isByItself ? " over" : ", next call")"
        let limit = "\(settings.halfOpenLimit)"
        reopens = Self.reopens(settings) + (settings.afterHalfOpenLimit == .open ? ", or \(limit)" : "")
        closes = Self.closes(settings) + (settings.afterHalfOpenLimit == .closed ? ", or \(limit) over" : "")
    }

    private static func opens(_ settings: CircuitBreaker.Settings, _ ownRule: BreakerPlan.OwnRule?) -> String {
        if let ownRule { return "own rule: \(Figures.percent(ownRule.share)) bad" }
        switch settings.tripRule {
        case .rate: return "\(Figures.percent(settings.failureRate)) failed"
        case .failures(let count): return "\(count) failed"
        case .consecutive(let count): return "\(count) failed in a row"
        case .callers: return "own rule"
        }
    }

    private static func reopens(_ settings: CircuitBreaker.Settings) -> String {
        switch settings.probeRule {
        case .rate, .rateFromMinimum: "\(Figures.percent(settings.failureRate)) failed"
        case .consecutive: "1 failed"
        case .successes(let count): "\(settings.probes - count + 1) failed"
        }
    }

    private static func closes(_ settings: CircuitBreaker.Settings) -> String {
        switch settings.probeRule {
        case .rate: "\(probes(settings.probes)), under \(Figures.percent(settings.failureRate)) failed"
        case .rateFromMinimum:
            "\(probes(min(settings.probes, settings.minimumCalls))), under \(Figures.percent(settings.failureRate)) failed"
        case .consecutive: "\(probes(settings.probes)) ok"
        case .successes(let count): "\(count) of \(probes(settings.probes)) ok"
        }
    }

    private static func probes(_ count: Int) -> String { count == 1 ? "1 probe" : "\(count) probes" }
}

extension CircuitBreaker.Growth {
    /// How many times as long each open time is as the one before: ` x2`; nothing if all are the same.
    fileprivate var text: String {
        guard factor > 1 else { return "" }
        return " x\(Figures.decimal(factor, places: factor == factor.rounded() ? 0 : 1))"
    }
}
