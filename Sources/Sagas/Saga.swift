public import Timeline

/// One running instance of a saga: a sequence of calls that all happen, or are taken back.
///
/// It decides and does nothing itself. Whoever drives it follows the ``Directive`` that each method returns and
/// reports what came of it. At most one call is outstanding at any time, attempts of a call are numbered from
/// 1 without gaps, and the driver reports every one of them: as a failure of unknown outcome when it gives up
/// waiting for it.
///
/// - **Forward.** The undo of a step is registered before its first call, because a lost reply leaves unknown
///   whether the step happened. A step that has failed for good turns the saga back, and so do the time limit
///   and an operator.
/// - **Back.** Undos are called in reverse order of registration, that of the failed or abandoned step first;
///   undoing what never happened must succeed. One undo that cannot be done does not stop the others, but the
///   saga then ends as ``Ending/compensationFailed(_:notUndone:)``.
/// - **Beyond the point of no return** it only goes forward, however long that takes; the time limit makes it
///   overdue.
///
/// A trivial value of 320 bytes. Time and chance come from the caller, and so does the definition, which is the
/// same for many sagas.
///
/// Source: Garcia-Molina and Salem, *Sagas*, SIGMOD 1987; pivot and retriable steps from Richardson,
/// *Microservices Patterns*.
public struct Saga: Sendable {
    var records: [16 of StepRecord]
    /// What tells this saga from all others; part of every idempotency key.
    public let id: UInt64
    /// What the saga is about, in cents.
    public let amountInCents: Int64
    var startTime = Instant.zero
    /// The wait before the last attempt, for decorrelated jitter; zero if there was none.
    var previousDelay = Duration.zero
    var activity = Activity.ready
    var timeLimitState = TimeLimitState.open
    /// Whom or what the saga is about: a customer, a product.
    public let key: UInt32
    var wayBack: Return?
    /// How often a call or an undo was made again.
    var repeatedCalls: UInt32 = 0

    /// A saga that has not been started.
    public init(id: UInt64, amountInCents: Int64, key: UInt32) {
        records = InlineArray(repeating: StepRecord())
        self.id = id
        self.amountInCents = amountInCents
        self.key = key
    }

    /// Starts the saga with its first step; nothing if it was started before.
    public mutating func start(at now: Instant, under definition: SagaDefinition) -> Directive {
        guard case .ready = activity else { return .none }
        startTime = now
        return call(0, under: definition)
    }

    /// Goes on after a back-off.
    ///
    /// A timer of an earlier back-off does no harm: nothing happens before the moment that was asked for last.
    public mutating func resume(at now: Instant, under definition: SagaDefinition) -> Directive {
        switch activity {
        case .backingOff(let until, let step) where now >= until:
            repeatedCalls.increment()
            return call(Int(step), under: definition)
        case .undoBackingOff(let until, let step) where now >= until:
            if records[Int(step)].status == .undone { return undoNext() }
            repeatedCalls.increment()
            return undo(Int(step))
        case .ready, .calling, .backingOff, .undoing, .undoBackingOff, .completed, .compensationOver:
            return .none
        }
    }

    /// The least wait before another attempt. Where attempts are not limited in number it is never zero, even if
    /// the settings say so: a simulated clock must get on.
    static func leastWait(retryAfter: Duration?, isEndless: Bool) -> Duration {
        max(retryAfter ?? .zero, isEndless ? .milliseconds(1) : .zero)
    }
}
