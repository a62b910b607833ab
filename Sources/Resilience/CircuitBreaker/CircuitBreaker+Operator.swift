public import Timeline

extension CircuitBreaker {
    /// A state that an operator holds the breaker in.
    public enum Hold: Hashable, Sendable, CaseIterable {
        /// Reject every call.
        case open
        /// Let every call pass and judge none: the breaker is disabled.
        case closed
        /// Let every call pass and only count.
        case metricsOnly
    }

    /// Holds the breaker that way until ``reset(at:)``; nil if it is already held that way.
    ///
    /// Results of calls made before are stale. A held breaker's window is empty.
    public mutating func force(_ hold: Hold, at now: Instant) -> Transition? {
        let next: Phase =
            switch hold {
            case .open: .forcedOpen
            case .closed: .disabled
            case .metricsOnly: .metricsOnly
            }
        guard next != phase else { return nil }
        return enter(next, because: .forced, at: now)
    }

    /// Closes the breaker with an empty window and a new generation, from any phase; nil if it was closed.
    public mutating func reset(at now: Instant) -> Transition? {
        guard phase != .closed else {
            begin(.closed, at: now)
            return nil
        }
        return enter(.closed, because: .reset, at: now)
    }

    /// What came of an operator's order.
    public enum Ordered: Hashable, Sendable {
        /// The breaker went to the state.
        case entered(Transition)
        /// The breaker was in the state already and began it anew, with empty counts and a new generation; that
        /// is no transition.
        case restarted
        /// The breaker may not go there from where it is, and is as it was.
        case refused(from: State, to: State)
    }

    /// Sends the breaker to a state, if ``State/canBecome(_:)`` allows it.
    ///
    /// To open and half-open it goes as by itself, except that an opening is not counted among the ``trips``.
    /// - Parameters:
    ///   - target: the state.
    ///   - openFor: how long to stay open, without growth and not less than zero; by default the open time.
    ///   - now: when.
    public mutating func transition(
        to target: State, openFor openTime: Duration? = nil, at now: Instant
    ) -> Ordered {
        guard state.canBecome(target) else { return .refused(from: state, to: target) }
        let isThere = state == target
        let next = phase(for: target, openFor: openTime, at: now)
        guard !isThere else {
            begin(next, at: now)
            return .restarted
        }
        return .entered(enter(next, because: .forced, at: now))
    }
}
