import Resilience
import Timeline

extension Proxy {
    /// Where a request goes.
    enum Choice {
        case chosen(BackendID, CircuitBreaker.Permit?)
        case refused(Reply.Cause, retryAfter: Duration?)
    }

    /// The backend for a request's next attempt, with its breaker's leave.
    /// - Parameter staying: where it goes in any case, if it may.
    mutating func choose(for call: ProxiedCall, staying: BackendID?, at now: Instant) -> Choice {
        guard settings.breaker?.scope == .upstream else { return chooseAdmitted(call, staying, at: now) }
        // The breaker is asked last, since it may count those that it lets through.
        guard let backend = candidate(for: call, staying, avoiding: call.tried, at: now) else { return nobody(at: now) }
        switch breaker?.admit(at: now) {
        case .rejected(let why, _): return .refused(.breakerOpen, retryAfter: why.retryAfter)
        case .permitted(let permit, _): return .chosen(backend, permit)
        case nil: return .chosen(backend, nil)
        }
    }

    /// Goes on choosing until a breaker lets the request through: first among those that it was not sent to yet.
    private mutating func chooseAdmitted(_ call: ProxiedCall, _ staying: BackendID?, at now: Instant) -> Choice {
        var avoided = call.tried
        var refused: [BackendID] = []
        var wait: Duration?
        while let backend = candidate(
            for: call, refused.isEmpty ? staying : nil, avoiding: avoided + refused, at: now)
        {
            if refused.contains(backend) {
                // None is left but those tried before, if there are any.
                guard !avoided.isEmpty else { break }
                avoided = []
                continue
            }
            switch known[backend.place]?.breaker?.admit(at: now) {
            case .permitted(let permit, _): return .chosen(backend, permit)
            case nil: return .chosen(backend, nil)
            case .rejected(let why, _):
                refused.append(backend)
                if let asked = why.retryAfter { wait = min(wait ?? .maximum, asked) }
            }
        }
        return refused.isEmpty ? nobody(at: now) : .refused(.breakerOpen, retryAfter: wait)
    }

    private mutating func candidate(
        for call: ProxiedCall, _ staying: BackendID?, avoiding avoided: [BackendID], at now: Instant
    ) -> BackendID? {
        if let staying, balancer.backends.isCandidate(staying) { return staying }
        return balancer.choose(hash: call.hash, avoiding: avoided, at: now, using: &random)
    }

    /// Nobody may be used; if it is known when the first ejected backend comes back, that is worth a wait.
    private func nobody(at now: Instant) -> Choice {
        guard let outliers else { return .refused(.noBackend, retryAfter: nil) }
        let back = known.compactMap { $0 }.compactMap { outliers.ejectionEnds($0.host) }.min()
        return .refused(.noBackend, retryAfter: back.map { max($0, outliers.nextInterval) - now })
    }

    /// Whether a request could go to a backend that it was not sent to yet.
    func hasUntried(_ call: ProxiedCall) -> Bool {
        known.contains { entry in
            guard let entry else { return false }
            return balancer.backends.isCandidate(entry.id) && !call.tried.contains(entry.id)
        }
    }
}
