import Resilience
import Timeline

extension RetryPolicy {
    /// What nobody waits for in person: as often as it takes, with waits that double from 100 ms to 10 s and full jitter.
    /// What the caller's own guards refuse, an open breaker say, is tried again too.
    static func persistent(attempts: Int = RetryPolicy.unlimited) throws(SettingError) -> RetryPolicy {
        try RetryPolicy(
            attempts: attempts, backoff: .exponential(initial: .milliseconds(100), cap: .seconds(10)),
            retryable: [.transient, .rejections])
    }
}
