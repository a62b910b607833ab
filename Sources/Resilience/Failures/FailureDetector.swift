public import Timeline

/// What the end of a call means to the guards around it.
///
/// The breaker is told the ``Verdict/outcome``, the retry and the fallback decide by the ``Verdict/failure``.
/// A kind in neither set counts as a success: the callee answered, if not as hoped. These are resilience4j's
/// recorded, ignored and unrecorded exceptions.
public struct FailureDetector: Hashable, Sendable {
    /// The kinds that speak against the callee.
    public let failures: FailureKinds
    /// The kinds that say nothing about the callee and do not count at all, even if they are among ``failures``.
    public let ignored: FailureKinds
    /// A call that takes longer than this is slow; nil if slowness does not matter.
    public let slowLimit: Duration?

    /// Checks the settings.
    /// - Parameters:
    ///   - failures: by default what is ``FailureKinds/transient``.
    ///   - ignored: by default the rejections of the caller's own guards, which must not open the breaker of a
    ///     healthy callee, and what was cancelled or had expired.
    ///   - slowLimit: zero or more.
    /// - Throws: a ``SettingError`` for a negative limit.
    public init(
        failures: FailureKinds = .transient,
        ignored: FailureKinds = [.rejections, .cancelled, .expired],
        slowLimit: Duration? = nil
    ) throws(SettingError) {
        if let slowLimit, slowLimit < .zero {
            throw SettingError("slowLimit", given: slowLimit, allowed: "0s or more")
        }
        self.failures = failures
        self.ignored = ignored
        self.slowLimit = slowLimit
    }

    /// What a breaker is told of a call that failed in this way, or did not fail.
    public func outcome(of failure: FailureKind?) -> CircuitBreaker.Outcome {
        guard let failure else { return .success }
        if ignored.includes(failure) { return .ignored }
        return failures.includes(failure) ? .failure : .success
    }

    /// Judges a call by its end and the time that it took.
    public func judge(_ end: CallEnd, took: Duration) -> Verdict {
        Verdict(
            failure: end.failure, outcome: outcome(of: end.failure), isSlow: slowLimit.map { took > $0 } ?? false,
            retryAfter: end.retryAfter)
    }
}
