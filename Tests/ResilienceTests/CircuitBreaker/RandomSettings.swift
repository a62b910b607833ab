import Resilience
import Timeline

/// Settings drawn from all that are allowed.
enum RandomSettings {
    static func draw(_ random: inout RandomStream, extreme: Bool) throws -> CircuitBreaker.Settings {
        let few = Int(random.below(4)) + 1
        let probes = extreme && random.chance(0.3) ? .max : few
        let openTime = length(&random, extreme)
        return try CircuitBreaker.Settings(
            window: window(&random, extreme), tripRule: tripRule(&random),
            minimumCalls: extreme && random.chance(0.2) ? .max : few, failureRate: random.positiveUniform(),
            slowCalls: random.chance(0.5) ? .init(over: .milliseconds(2), rate: random.positiveUniform()) : nil,
            judging: random.chance(0.5) ? .everyResult : .failures, openTime: openTime,
            growth: random.chance(0.5) ? .constant : .init(factor: 1 + 3 * random.positiveUniform(), cap: .maximum),
            strictEnds: random.chance(0.5), probes: probes,
            probeLimit: random.chance(0.5) ? .total : .concurrent,
            probeRule: [.rate, .rateFromMinimum, .consecutive, .successes(Int(random.below(UInt64(few))) + 1)][
                Int(random.below(4))],
            ignoredProbe: random.chance(0.2) ? .reopens : .freesPlace, halfOpenLimit: length(&random, extreme),
            afterHalfOpenLimit: random.chance(0.7) ? .open : .closed, automaticHalfOpen: random.chance(0.3),
            halfOpensWhenRead: random.chance(0.3),
            health: CircuitBreaker.HealthReaction.allCases[Int(random.below(4))])
    }

    private static func length(_ random: inout RandomStream, _ extreme: Bool) -> Duration {
        guard extreme else { return .milliseconds(Int64(random.below(1_000)) + 1) }
        return [.nanoseconds(1), .nanoseconds(7), .seconds(1), .maximum][Int(random.below(4))]
    }

    private static func window(_ random: inout RandomStream, _ extreme: Bool) -> CircuitBreaker.Window {
        let length = length(&random, extreme)
        let buckets = Int(random.below(5)) + 1
        return [
            .calls(Int(random.below(9)) + 4), .time(length, buckets: buckets),
            .interval(length, buckets: buckets), .interval(.zero),
        ][Int(random.below(4))]
    }

    private static func tripRule(_ random: inout RandomStream) -> CircuitBreaker.TripRule {
        let few = Int(random.below(4)) + 1
        return [.rate, .rate, .failures(few), .consecutive(few), .callers][Int(random.below(5))]
    }
}
