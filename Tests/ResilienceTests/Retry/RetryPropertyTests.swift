import Resilience
import Testing
import Timeline

@Suite("Whatever a retry is set to", .tags(.property))
struct RetryPropertyTests {
    private static let lengths: [Duration] = [
        .zero, .nanoseconds(1), .milliseconds(3), .nanoseconds(.max / 2 + 1), .maximum,
    ]

    @Test("a wait is never negative and never above the cap")
    func bounds() {
        for initial in Self.lengths {
            for cap in Self.lengths where cap >= initial {
                for backoff: Backoff in [
                    .linear(initial: initial, cap: cap), .exponential(initial: initial, cap: cap),
                    .exponential(initial: initial, factor: 1, cap: cap),
                    .exponential(initial: initial, factor: 1e300, cap: cap),
                ] {
                    expectBounds(
                        backoff, Jitter.allCases + [.proportional(1), .plusMinus(initial), .floor(initial)])
                }
                expectBounds(.constant(cap), [.none, .full, .equal, .decorrelated, .floor(initial)])
            }
        }
    }

    private func expectBounds(_ backoff: Backoff, _ jitters: [Jitter]) {
        for jitter in jitters {
            for attempt in [.min, 2, 40, 64, 1_100, .max] {
                for share in [0, 0.5, 1] {
                    for previous in [Duration.zero, .maximum] {
                        var memory = previous
                        let wait = backoff.delay(
                            afterAttempt: attempt, jitter: jitter, share: share, memory: &memory)
                        if wait < .zero || wait > backoff.cap || memory < .zero {
                            Issue.record("\(backoff) \(jitter) attempt \(attempt) share \(share): \(wait)")
                        }
                    }
                }
            }
        }
    }

    @Test("a constant wait is exceeded by no more than its jitter")
    func constantBounds() {
        for length in Self.lengths {
            for (jitter, most): (Jitter, Duration) in [
                (.proportional(1), length * Int64(2)), (.plusMinus(.seconds(1)), length + .seconds(1)),
            ] {
                for share in [0, 0.5, 1] {
                    var memory = Duration.zero
                    let wait = Backoff.constant(length).delay(
                        afterAttempt: 1, jitter: jitter, share: share, memory: &memory)
                    // Beyond 2⁵³ ns a number with a fraction is not exact to the nanosecond.
                    #expect(wait >= .zero && wait <= most + .microseconds(1))
                }
            }
        }
    }

    @Test("no decision traps, breaks its bounds, or lets a call go on for longer than it may")
    func decisions() throws {
        for seed in UInt64(0)..<200 {
            var random = RandomStream(seed: seed, name: "retry", purpose: "decisions")
            let policy = try randomPolicy(&random)
            var clock = Instant(nanoseconds: Int64(bitPattern: random.next()) >> Int64(random.below(63)))
            var state = RetryState(startedAt: clock)
            for attempt in 1...60 {
                let failure = FailureKind.allCases[Int(random.below(9))]
                let asked: Duration? = random.chance(0.3) ? length(&random) : nil
                clock = random.chance(0.1) ? clock - length(&random) : clock + length(&random)
                let decision = policy.next(
                    after: failure, state: &state, retryAfter: asked, at: clock, using: &random)
                guard case .retry(let wait) = decision else { break }
                let elapsed = max(.zero, clock - state.startedAt)
                let isSound =
                    policy.retryable.includes(failure) && attempt < policy.attempts && state.attempt == attempt + 1
                    && wait >= .zero && wait <= ceiling(policy, asked)
                    && policy.maxDuration.map { elapsed <= $0 && wait <= $0 - elapsed } ?? true
                if !isSound {
                    Issue.record("seed \(seed): \(decision) after \(elapsed), attempt \(attempt): \(policy)")
                }
            }
        }
    }

    private func ceiling(_ policy: RetryPolicy, _ asked: Duration?) -> Duration {
        let server: Duration =
            switch policy.serverDelay {
            case .ignored: .zero
            case .atLeast(let limit), .exactly(let limit): min(limit, asked ?? .zero)
            }
        guard case .constant(let length) = policy.backoff else { return max(policy.backoff.cap, server) }
        return max(length * Int64(2) + .seconds(3), server)
    }

    private func length(_ random: inout RandomStream) -> Duration {
        Self.lengths[Int(random.below(UInt64(Self.lengths.count)))]
    }

    private func randomPolicy(_ random: inout RandomStream) throws -> RetryPolicy {
        let (one, other) = (length(&random), length(&random))
        let (initial, cap) = (min(one, other), max(one, other))
        let backoffs: [Backoff] = [
            .constant(initial), .linear(initial: initial, cap: cap),
            .exponential(initial: initial, factor: 1 + 3 * random.uniform(), cap: cap),
        ]
        let backoff = backoffs[Int(random.below(3))]
        let jitters =
            Jitter.allCases + [.proportional(random.uniform()), .plusMinus(.seconds(3)), .floor(backoff.initial)]
        let delays: [RetryPolicy.ServerDelay] = [
            .ignored, .atLeast(upTo: length(&random)), .exactly(upTo: length(&random)),
        ]
        return try RetryPolicy(
            attempts: random.chance(0.5) ? RetryPolicy.unlimited : Int(random.below(9)) + 1, backoff: backoff,
            jitter: jitters[Int(random.below(UInt64(jitters.count)))],
            retryable: random.chance(0.8) ? .all : .transient,
            maxDuration: random.chance(0.5) ? length(&random) : nil,
            overrun: random.chance(0.5) ? .shortens : .givesUp, serverDelay: delays[Int(random.below(3))])
    }
}
