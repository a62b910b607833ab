import Resilience
import Timeline

/// Something that is asked of the world outside, again after each failure, until it is done.
struct Errand: Hashable, Sendable {
    enum State: Hashable, Sendable {
        case idle
        case asked(Ticket)
        case backingOff(until: Instant)
    }

    private(set) var state = State.idle
    private var attempts: RetryState?

    /// Whether nothing has been asked, or the wait after a failure is over.
    func isReady(at now: Instant) -> Bool {
        switch state {
        case .idle: true
        case .asked: false
        case .backingOff(let until): now >= until
        }
    }

    /// Whether nothing is being asked just now.
    var isIdle: Bool {
        if case .asked = state { false } else { true }
    }

    /// When the wait after a failure is over; nil if it does not wait.
    var wake: Instant? {
        if case .backingOff(let until) = state { until } else { nil }
    }

    /// Whether this is what was asked last, and is not answered.
    func awaits(_ ticket: Ticket) -> Bool { state == .asked(ticket) }

    /// The number of the attempt, from 1.
    var attempt: Int { attempts?.attempt ?? 1 }

    mutating func ask(_ ticket: Ticket, at now: Instant) {
        attempts = attempts ?? RetryState(startedAt: now)
        state = .asked(ticket)
    }

    mutating func settle() {
        self = Errand()
    }

    /// Waits before the next attempt, or says why there is none.
    mutating func fail(
        _ failure: FailureKind, retryAfter: Duration?, _ policy: RetryPolicy, at now: Instant,
        using random: inout RandomStream
    ) -> RetryPolicy.Reason? {
        var attempts = attempts ?? RetryState(startedAt: now)
        switch policy.next(after: failure, state: &attempts, retryAfter: retryAfter, at: now, using: &random) {
        case .retry(let wait):
            self.attempts = attempts
            state = .backingOff(until: now + Self.wait(wait))
            return nil
        case .giveUp(let reason):
            settle()
            return reason
        }
    }

    mutating func pause(until moment: Instant) {
        state = .backingOff(until: moment)
    }

    /// Never no wait at all, even if the settings say so: a source that is gone must not be asked in a hot loop, and a
    /// simulated clock must get on.
    static let leastWait = Duration.milliseconds(1)

    static func wait(_ wait: Duration) -> Duration { max(wait, leastWait) }
}
