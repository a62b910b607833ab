/// What to answer instead when a call has failed.
///
/// The fallback has a bulkhead of its own, so that it can be seen to fail: when a fallback is as slow as the call
/// that it stands in for, it fills up and rejects. The kinds of ends are Hystrix's.
public struct Fallback: Hashable, Sendable {
    /// How the fallback is set.
    public private(set) var settings: Settings
    /// Counts since the start.
    public private(set) var totals = Totals()
    private var places = Places()

    /// A fallback that nobody asks for an answer yet.
    public init(_ settings: Settings) {
        self.settings = settings
    }

    /// Answers that are being made now.
    public var inFlight: Int { places.taken }

    /// Leave to make one answer; hand it back with the result.
    public struct Permit: Hashable, Sendable {
        let ticket: Places.Ticket
    }

    /// What to do about a failed call.
    public enum Decision: Hashable, Sendable {
        /// Make the answer from there, and report with ``Fallback/ended(_:permit:)``.
        case answer(Source, Permit)
        /// The failure stands: as many answers as allowed are being made.
        case rejected
        /// The failure stands: there is nothing to answer instead.
        case missing
        /// The failure stands: the fallback is switched off.
        case disabled
        /// The failure stands: the fallback is not meant for its kind.
        case notFor(FailureKind)
    }

    /// Asks for an answer instead of a failure.
    public mutating func ask(for failure: FailureKind) -> Decision {
        guard settings.kinds.includes(failure) else {
            totals.notFor += 1
            return .notFor(failure)
        }
        guard settings.isEnabled else {
            totals.disabled += 1
            return .disabled
        }
        guard let source = settings.source else {
            totals.missing += 1
            return .missing
        }
        guard places.taken < settings.limit, let ticket = places.take() else {
            totals.rejected += 1
            return .rejected
        }
        return .answer(source, Permit(ticket: ticket))
    }

    /// Reports an answer: made, failed, or ignored if nobody waits for it any more.
    /// - Returns: whether it counted; false for a permit that had been handed back before.
    @discardableResult
    public mutating func ended(_ outcome: CircuitBreaker.Outcome, permit: Permit) -> Bool {
        guard places.giveBack(permit.ticket) != nil else { return false }
        switch outcome {
        case .success: totals.succeeded += 1
        case .failure: totals.failed += 1
        case .ignored: totals.ignored += 1
        }
        return true
    }

    /// Goes on with new settings. Answers that are being made go on; under a lower limit no new one begins before
    /// enough of them have ended.
    public mutating func changeSettings(_ settings: Settings) {
        self.settings = settings
    }
}
