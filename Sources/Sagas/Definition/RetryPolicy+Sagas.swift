public import Resilience
internal import Timeline

extension RetryPolicy {
    /// A single attempt.
    ///
    /// A pivot whose outcome is unknown has to be retried all the same: its waits double from 100 ms to 10 s.
    public static let once = known(attempts: 1)

    /// Eight attempts, with waits that double from 100 ms to 10 s, and full jitter.
    public static let persistent = known(attempts: 8)

    /// As many attempts as it takes; the settings must have been checked.
    static func endless(_ backoff: Backoff, _ jitter: Jitter) -> RetryPolicy {
        known(attempts: RetryPolicy.unlimited, backoff, jitter)
    }

    private static func known(
        attempts: Int,
        _ backoff: Backoff = .exponential(initial: .milliseconds(100), cap: .seconds(10)),
        _ jitter: Jitter = .full
    ) -> RetryPolicy {
        do {
            return try RetryPolicy(attempts: attempts, backoff: backoff, jitter: jitter)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
