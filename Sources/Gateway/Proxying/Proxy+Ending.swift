import Resilience
public import Timeline

extension Proxy {
    /// An attempt has ended. What is told of one that is over, as when its answer comes after its time, changes nothing.
    public mutating func ended(_ id: AttemptID, _ end: AttemptEnd, at now: Instant) -> ProxyStep {
        guard let call = calls[id.call], let sent = call.sent, call.attempts == id.number else {
            totals.late += 1
            return .nothing
        }
        let verdict = settings.failures.judge(end.callEnd, took: max(.zero, now - sent.at))
        settle(sent, end, verdict, at: now)
        calls.change(id.call) {
            $0.came = end
            $0.phase = .choosing
        }
        if wasTooEarly(end, sent), !call.isResponding {
            calls.change(id.call) { $0.waitsForHandshake = true }
            return send(id.call, staying: true, at: now)
        }
        guard let wait = waitBeforeRetry(id.call, end, verdict, at: now) else { return answer(id.call, nil, at: now) }
        totals.retries += 1
        if wait > .zero {
            calls.change(id.call) { $0.phase = .waits(until: now + wait) }
            return .wait(id.call, until: now + wait)
        }
        return send(id.call, at: now)
    }

    /// The client does not wait any more, whether the request is with a backend or waits for its next attempt.
    public mutating func cancel(_ id: CallID, at now: Instant) -> ProxyStep {
        guard let call = calls[id] else { return .nothing }
        if call.sent != nil { return ended(AttemptID(call: id, number: call.attempts), .cancelled, at: now) }
        calls.change(id) { $0.came = .cancelled }
        return answer(id, nil, at: now)
    }

    /// The owner begins to pass on what a backend answers: whatever comes of it, nothing is tried again.
    public mutating func responds(_ id: AttemptID) {
        guard calls[id.call]?.attempts == id.number else { return }
        calls.change(id.call) { $0.isResponding = true }
    }

    /// RFC 8470, section 5.2: the backend wants the request once the handshake is over.
    private func wasTooEarly(_ end: AttemptEnd, _ sent: ProxiedCall.Sent) -> Bool {
        guard case .answered(let response) = end, response.status.code == 425,
            case .new(let handshake) = sent.connection
        else { return false }
        return handshake.resumption == .earlyData
    }

    /// Tells everybody who counts how an attempt went.
    private mutating func settle(
        _ sent: ProxiedCall.Sent, _ end: AttemptEnd, _ verdict: FailureDetector.Verdict, at now: Instant
    ) {
        let took = max(.zero, now - sent.at)
        balancer.end(sent.backend, took: took, verdict.outcome, at: now)
        timeout.record(took: took, outcome: end.timing(boundBy: sent.bound), at: now)
        settleConnection(sent, end, at: now)
        if let permit = sent.permit {
            if settings.breaker?.scope == .upstream {
                _ = breaker?.record(verdict.outcome, took: took, permit: permit, at: now)
            } else if known(sent.backend) != nil {
                let pause = pause(end, verdict)
                _ = known[sent.backend.place]?.breaker?.record(
                    verdict.outcome, took: took, permit: permit, retryAfter: pause, at: now)
            }
        }
        guard let outcome = end.outlierOutcome, let host = known(sent.backend)?.host,
            let change = outliers?.record(outcome, of: host, at: now, using: &random)
        else { return }
        note(change, at: now)
    }

    /// How long a backend is left alone because it asks for that. A 429 may be meant for this client alone, and asks nothing
    /// of the others.
    private func pause(_ end: AttemptEnd, _ verdict: FailureDetector.Verdict) -> Duration? {
        guard case .answered(let response) = end, response.status == .serviceUnavailable,
            let asked = verdict.retryAfter, let longest = settings.breaker?.longestPause, longest > .zero
        else { return nil }
        return asked > .zero ? min(asked, longest) : nil
    }

    private mutating func settleConnection(_ sent: ProxiedCall.Sent, _ end: AttemptEnd, at now: Instant) {
        guard known(sent.backend) != nil else { return }
        if case .new = sent.connection, !end.sentNothing {
            known[sent.backend.place]?.connections.connected(at: sent.at)
        }
        // RFC 9112, section 9.3: what is over is free again, unless its end was announced.
        if case .answered(let response) = end, end.isAnswer, !response.headers.hasElement("close", in: .connection) {
            known[sent.backend.place]?.connections.putBack(at: now)
        }
    }

    /// How long to wait before the request is sent again; nil if it is not. Where it is, the budget has been asked.
    private mutating func waitBeforeRetry(
        _ id: CallID, _ end: AttemptEnd, _ verdict: FailureDetector.Verdict, at now: Instant
    ) -> Duration? {
        guard let call = calls[id] else { return nil }
        let policy = settings.retries?.policy
        let helps = verdict.failure.map { policy?.retryable.includes($0) ?? false } ?? false
        budget?.attemptEnded(helps ? .failure : verdict.failure == nil ? .success : .ignored, permit: call.permit)
        calls.change(id) { $0.permit = nil }
        guard let failure = verdict.failure, let retries = settings.retries, !call.isResponding,
            retries.allow(call.request, after: end)
        else { return nil }
        var state = call.retry
        let asked = verdict.retryAfter.flatMap { binds(call, failure, retries) ? $0 : nil }
        guard
            case .retry(let wait) = retries.policy.next(
                after: failure, state: &state, retryAfter: asked, at: now, using: &random),
            call.deadline.leavesTime(for: wait, at: now)
        else { return nil }
        return withdraw(id, state, after: failure, at: now) ? wait : nil
    }

    /// Whether the next attempt has to wait for what the backend asks: if it goes there again, and where the client asks too
    /// often, which it does wherever it goes.
    private func binds(_ call: ProxiedCall, _ failure: FailureKind, _ retries: Retries) -> Bool {
        failure == .rateLimit || retries.target == .stay || !hasUntried(call)
    }

    private mutating func withdraw(
        _ id: CallID, _ state: RetryState, after failure: FailureKind, at now: Instant
    ) -> Bool {
        let permit = budget?.withdraw(after: failure, at: now)
        guard budget == nil || permit != nil else {
            totals.refusedByBudget += 1
            return false
        }
        calls.change(id) {
            $0.retry = state
            $0.permit = permit
        }
        return true
    }

    /// Ends a request: with what came last, or, where there is a cause that says so, without a backend.
    mutating func answer(
        _ id: CallID, _ cause: Reply.Cause?, retryAfter: Duration? = nil, at now: Instant
    ) -> ProxyStep {
        guard let call = calls.remove(id) else { return .nothing }
        // Of a retry that came to nothing the permit is still there.
        if let permit = call.permit { budget?.attemptEnded(.ignored, permit: permit) }
        if call.attempts > 0 { budget?.callEnded() }
        let cause = cause ?? call.came?.cause ?? .noBackend
        totals.answered[cause, default: 0] += 1
        return .answer(
            Reply(
                response: call.came?.response ?? Self.response(to: cause, retryAfter), cause: cause,
                attempts: call.attempts, backend: call.address))
    }

    private static func response(to cause: Reply.Cause, _ retryAfter: Duration?) -> Response {
        var response = Response(cause.status)
        if let retryAfter { RetryAfter.set(retryAfter, in: &response) }
        return response
    }
}
