public import Resilience
public import Timeline

extension Proxy {
    /// A request has come.
    /// - Parameter deadline: how long its client waits, if it has said so; the earlier of this and of the proxy's own counts.
    public mutating func begin(_ request: Request, deadline: Deadline = .never, at now: Instant) -> ProxyStep {
        totals.requests += 1
        let hash = settings.balancing.algorithm.usesKey ? balancer.hash(settings.hashKey.key(of: request)) : 0
        var request = request
        settings.forwarding.forward(&request)
        let ends = settings.deadline.map { deadline.limited(to: $0.limit, from: now) } ?? deadline
        return send(calls.add(ProxiedCall(request, hash: hash, deadline: ends, at: now)), at: now)
    }

    /// The wait before another attempt is over; before its end the request goes on waiting.
    public mutating func resume(_ id: CallID, at now: Instant) -> ProxyStep {
        guard case .waits(let until) = calls[id]?.phase else { return .nothing }
        return now < until ? .wait(id, until: until) : send(id, at: now)
    }

    /// Outliers whose time is over come back; to be called at ``nextInterval``, or whenever something else is.
    public mutating func advance(to now: Instant) {
        guard let changes = outliers?.advance(to: now, using: &random) else { return }
        for change in changes { note(change, at: now) }
    }

    /// When ``advance(to:)`` will have something to do; nil for never.
    public var nextInterval: Instant? { outliers?.nextInterval }

    mutating func note(_ change: OutlierDetector.Change, at now: Instant) {
        guard hosts.indices.contains(change.host), let id = hosts[change.host] else { return }
        if case .ejected = change {
            balancer.set(.ejected, true, of: id, at: now)
        } else {
            balancer.set(.ejected, false, of: id, at: now)
        }
    }

    /// Sends a request: where it was sent last if it stays there, else to a backend that it was not sent to yet, if there is
    /// one.
    mutating func send(_ id: CallID, staying: Bool = false, at now: Instant) -> ProxyStep {
        advance(to: now)
        guard let call = calls[id] else { return .nothing }
        guard case .run(let until, let bound) = timeout.start(at: now, callersDeadline: call.deadline) else {
            return answer(id, call.came == nil ? .outOfTime : nil, at: now)
        }
        let staysAt = staying || settings.retries?.target == .stay ? call.last : nil
        switch choose(for: call, staying: staysAt, at: now) {
        case .refused(let cause, let wait):
            return answer(id, call.came == nil ? cause : nil, retryAfter: wait, at: now)
        case .chosen(let chosen, let permit):
            guard let attempt = attempt(id, call, chosen, until: until, at: now) else {
                return answer(id, .noBackend, at: now)
            }
            let sent = ProxiedCall.Sent(
                backend: chosen, permit: permit, at: now, bound: bound, connection: attempt.connection)
            calls.change(id) { $0.sends(sent, to: attempt.address) }
            count(attempt, at: now)
            return .send(attempt)
        }
    }

    private mutating func count(_ attempt: Attempt, at now: Instant) {
        balancer.begin(attempt.backend)
        totals.attempts += 1
        if case .new = attempt.connection { totals.newConnections += 1 }
        if attempt.id.number == 1 { budget?.callBegan(at: now) }
    }

    private mutating func attempt(
        _ id: CallID, _ call: ProxiedCall, _ backend: BackendID, until: Instant, at now: Instant
    ) -> Attempt? {
        guard let entry = known(backend), let address = balancer.backends.address(of: backend) else { return nil }
        var request = call.request
        entry.headers.apply(to: &request.headers)
        let left = until == .distantFuture ? Duration.maximum : until - now
        settings.deadlineField?.set(left, in: &request.headers)
        let mayBeEarly = request.method.isSafe && !call.waitsForHandshake
        let connection = known[backend.place]?.connections.take(mayBeEarly: mayBeEarly, at: now)
        return Attempt(
            id: AttemptID(call: id, number: call.attempts + 1), backend: backend, address: address, request: request,
            until: until, connection: connection ?? .new(Handshake(settings.connections.security)))
    }
}
