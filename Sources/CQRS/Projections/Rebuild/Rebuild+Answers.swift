public import Resilience
public import Timeline

// The answers; each is false if it was not asked for, or not any more.
extension Rebuild {
    /// Takes in that the new version is being made, or that it may not be.
    @discardableResult
    public mutating func prepared(_ isProposed: Bool, for ticket: Ticket) -> Bool {
        guard errand.awaits(ticket), phase == .preparing else { return false }
        errand.settle()
        phase = isProposed ? .replaying : .ended(.overtaken)
        return true
    }

    /// Takes in what came of the switch.
    @discardableResult
    public mutating func served(_ outcome: ServingVersion.Switch, for ticket: Ticket) -> Bool {
        guard errand.awaits(ticket), phase == .switching else { return false }
        errand.settle()
        switch outcome {
        case .switched(let position), .wasThere(let position): phase = .handingOver(at: position)
        case .refused: phase = .dropping(version: new, then: .overtaken)
        }
        return true
    }

    /// Takes in that the old version has come to where it hands over.
    @discardableResult
    public mutating func handedOver(_ ticket: Ticket) -> Bool {
        guard errand.awaits(ticket), case .handingOver(let position) = phase else { return false }
        drop(old, then: .switched(at: position))
        return true
    }

    /// Takes in what came of dropping a version.
    @discardableResult
    public mutating func dropped(_ outcome: ServingVersion.Withdrawal, for ticket: Ticket) -> Bool {
        guard errand.awaits(ticket), case .dropping(let version, let ending) = phase else { return false }
        errand.settle()
        switch outcome {
        case .withdrawn: phase = .ended(ending)
        case .serves(let since) where version == new: phase = .handingOver(at: since)
        case .serves, .taken: phase = .ended(.overtaken)
        }
        return true
    }

    /// Takes in that a step failed, or that nobody waits for it any more.
    @discardableResult
    public mutating func failed(
        _ failure: FailureKind, for ticket: Ticket, at now: Instant, using random: inout RandomStream
    ) -> Bool {
        guard errand.awaits(ticket) else { return false }
        if let reason = errand.fail(failure, retryAfter: nil, settings.retry, at: now, using: &random) {
            phase = .ended(.gaveUp(reason))
        }
        return true
    }
}
