import ReferencePatterns
import Resilience
import Timeline

extension Twins {
    static func breaker() throws -> Result {
        let settings = try CircuitBreaker.Settings(
            window: .calls(100), slowCalls: .init(over: .milliseconds(20), rate: 0.9), openTime: .milliseconds(50))
        let calls = CallTable()
        var ours = BreakerUse(breaker: CircuitBreaker(settings))
        let reference = reference_breaker_create(100, 0.5, 20_000_000, 0.9, 50_000_000, 10)
        defer { reference_breaker_destroy(reference) }
        let result = compare("breaker: admit, record") {
            ours.run(calls)
        } reference: {
            reference_breaker_run(reference, calls.took, calls.outcomes, UInt64(tableSize), UInt64(uses))
        }
        precondition(ours.breaker.trips > 100, "the breaker opens now and then")
        return result
    }

    /// One call in ten fails, and for a short while in every few thousand, four of five.
    private struct CallTable {
        let took = lengths(mean: .milliseconds(1), purpose: "calls")
        let outcomes: [UInt8]

        init() {
            var random = RandomStream(seed: 1, name: "twins", purpose: "outcomes")
            outcomes = (0..<tableSize).map { call in
                random.chance(call % 4_096 < 200 ? 0.8 : 0.1) ? 1 : 0
            }
        }
    }

    private struct BreakerUse {
        var breaker: CircuitBreaker
        var now = Instant.zero

        mutating func run(_ calls: CallTable) -> UInt64 {
            var digest = DecisionDigest()
            for use in 0..<uses {
                let call = use & (tableSize - 1)
                let admission = breaker.admit(at: now)
                let took = Duration(nanoseconds: calls.took[call])
                now = now + took
                switch admission {
                case .rejected(let rejection, _):
                    digest.mix(UInt64(bitPattern: rejection.retryAfter?.nanoseconds ?? 0))
                case .permitted(let permit, _):
                    digest.mix(UInt64(permit.generation))
                    let outcome: CircuitBreaker.Outcome = calls.outcomes[call] == 0 ? .success : .failure
                    if let transition = breaker.record(outcome, took: took, permit: permit, at: now) {
                        digest.mix(
                            UInt64(bitPattern: transition.at.nanoseconds) << 2 | UInt64(transition.to.rawValue))
                    }
                }
            }
            return digest.value
        }
    }
}
