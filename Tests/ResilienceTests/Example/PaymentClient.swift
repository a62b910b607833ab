import Resilience
import Timeline

/// A client of a payment service whose calls are guarded by a retry, a breaker and a time limit, with a real clock.
///
/// It is the example of the module's page: the patterns decide, and the client waits, calls and sleeps.
actor PaymentClient {
    private var breaker: CircuitBreaker
    private let retry: RetryPolicy
    private let limit: TimeLimit
    private var random = RandomStream(seed: .random(in: 0 ... .max), name: "payment", purpose: "jitter")
    private let start = ContinuousClock.now

    init(breaker: CircuitBreaker.Settings, retry: RetryPolicy, limit: TimeLimit) {
        self.breaker = CircuitBreaker(breaker)
        self.retry = retry
        self.limit = limit
    }

    /// Why a charge came to nothing.
    struct Failed: Error {
        let kind: FailureKind
        let reason: RetryPolicy.Reason
    }

    /// Makes a call, more than once if need be.
    func charge<Answer: Sendable>(_ call: @escaping @Sendable () async throws -> Answer) async throws -> Answer {
        var state = RetryState(startedAt: now)
        while true {
            let (answer, failure, retryAfter) = await attempt(call)
            if let answer { return answer }
            switch retry.next(after: failure, state: &state, retryAfter: retryAfter, at: now, using: &random) {
            case .retry(let wait): try await Task.sleep(for: .nanoseconds(wait.nanoseconds))
            case .giveUp(let reason): throw Failed(kind: failure, reason: reason)
            }
        }
    }

    /// Makes one attempt, if the breaker lets it pass, and tells the breaker how it went.
    private func attempt<Answer: Sendable>(
        _ call: @escaping @Sendable () async throws -> Answer
    ) async -> (Answer?, FailureKind, retryAfter: Timeline.Duration?) {
        let began = now
        switch breaker.admit(at: began) {
        case .rejected(let rejection, _):
            return (nil, .circuitOpen, rejection.retryAfter)
        case .permitted(let permit, _):
            let (answer, failure) = await Self.within(limit.limit, call)
            // The actor may have served others meanwhile; the permit says which state this call belongs to.
            let outcome: CircuitBreaker.Outcome = answer == nil ? .failure : .success
            _ = breaker.record(outcome, took: now - began, permit: permit, at: now)
            return (answer, failure, nil)
        }
    }

    /// The call's answer, or how it failed; a call that takes longer is cancelled.
    private static func within<Answer: Sendable>(
        _ limit: Timeline.Duration, _ call: @escaping @Sendable () async throws -> Answer
    ) async -> (Answer?, FailureKind) {
        await withTaskGroup(of: (Answer?, FailureKind).self) { group in
            group.addTask {
                do {
                    return (try await call(), .server)
                } catch {
                    return (nil, .server)
                }
            }
            group.addTask {
                try? await Task.sleep(for: .nanoseconds(limit.nanoseconds))
                return (nil, .timeout)
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? (nil, .cancelled)
        }
    }

    /// The patterns' time: a monotonic clock's, counted from when the client was made.
    private var now: Instant {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return Instant(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    /// For a dashboard.
    var state: CircuitBreaker.State { breaker.state }
}
