public import Resilience
public import Timeline

extension Compartment {
    /// Says that a call that ran has ended, and in which way it failed, if it did.
    ///
    /// Nil, and nothing changes, if the permit is dead or its call still waits. A call that was withdrawn ends as
    /// ``FailureKind/cancelled``: its thread was busy until now all the same.
    /// - Parameters:
    ///   - permit: that of the call.
    ///   - failure: nil if it did not fail.
    ///   - forNobody: whether nobody waited for the result any more, whatever it is.
    ///   - now: the time.
    public mutating func ended(
        _ permit: Permit, failure: FailureKind? = nil, forNobody: Bool = false, at now: Instant
    ) -> Ending? {
        let state = calls.state(of: permit)
        guard state == .running || state == .runningInCaller, let call = calls.remove(permit) else { return nil }
        let ran = max(.zero, now - call.startedAt)
        let outcome = settings.detector.outcome(of: failure)
        totals.count(outcome, ran: ran)
        var change = Change()
        if let permit = call.breaker, let transition = breaker?.record(outcome, took: ran, permit: permit, at: now) {
            change.transitions.append(transition)
        }
        let instead = failure.flatMap { answer(insteadOf: $0) }
        if state == .running {
            let isForNobody = forNobody || failure == .cancelled
            let end: ThreadPool.Outcome = isForNobody ? .forNobody : failure == nil ? .success : .failure
            free(end, startedAt: call.startedAt, &change, at: now)
        }
        return Ending(
            task: call.task, waited: max(.zero, call.startedAt - call.askedAt), ran: ran, outcome: outcome,
            instead: instead, change: change)
    }

    /// Takes a call that nobody waits for any more out of the queue, so that it never runs; nil if it is not there.
    ///
    /// The result is what the breaker does about it, hardly ever anything.
    public mutating func withdraw(_ permit: Permit, at now: Instant) -> Change? {
        guard calls.state(of: permit) == .queued, let call = calls.remove(permit) else { return nil }
        _ = threads?.cancel(UInt64(permit.number), ticket: call.ticket)
        _ = semaphore?.withdraw(UInt64(permit.number), ticket: call.ticket)
        totals.withdrawn += 1
        var change = Change()
        ignore(call, &change.transitions, at: now)
        return change
    }

    /// Says how an answer from the fallback ended; false if it had been said before.
    public mutating func fallbackEnded(_ outcome: CircuitBreaker.Outcome, permit: Fallback.Permit) -> Bool {
        fallback.ended(outcome, permit: permit)
    }

    /// Frees what a call ran on, and hands it to the next that waits.
    private mutating func free(
        _ outcome: ThreadPool.Outcome, startedAt: Instant, _ change: inout Change, at now: Instant
    ) {
        if threads != nil {
            go(on: threads?.finish(outcome, startedAt: startedAt, at: now), &change, at: now)
        } else {
            let next = semaphore?.release(forNobody: outcome == .forNobody, at: now)
            dropExpiredWaiters(&change, at: now)
            if let next { start(Permit(task: next.caller), &change, at: now) }
        }
    }

    /// What a free thread does next: those that are too late it drops, one by one.
    mutating func go(on next: ThreadPool.Next?, _ change: inout Change, at now: Instant) {
        var next = next
        while let step = next {
            switch step {
            case .run(let started):
                start(Permit(task: started.task), &change, at: now)
                return
            case .expired(let late):
                if let dropped = drop(Permit(task: late.task), isExpired: true, &change.transitions, at: now) {
                    change.dropped.append(dropped)
                }
                next = threads?.nextAfterExpired(at: now)
            case .rest:
                return
            }
        }
    }

    mutating func dropExpiredWaiters(_ change: inout Change, at now: Instant) {
        while let late = semaphore?.popExpired(at: now) {
            guard let dropped = drop(Permit(task: late.caller), isExpired: true, &change.transitions, at: now) else {
                continue
            }
            change.dropped.append(dropped)
        }
    }

    mutating func start(_ permit: Permit, _ change: inout Change, at now: Instant) {
        guard let call = calls.call(of: permit) else { return }
        start(permit, call, as: .running, at: now)
        change.starts.append(Start(task: call.task, permit: permit, waited: max(.zero, now - call.askedAt)))
    }

    mutating func start(_ permit: Permit, _ call: CallTable.Call, as state: CallTable.State, at now: Instant) {
        calls.start(permit, as: state, at: now)
        totals.countStart(after: max(.zero, now - call.askedAt))
    }

    /// Takes out a call that the bulkhead will never run.
    mutating func drop(
        _ permit: Permit, isExpired: Bool, _ transitions: inout [CircuitBreaker.Transition], at now: Instant
    ) -> Dropped? {
        guard let call = calls.remove(permit) else { return nil }
        if isExpired { totals.expired += 1 } else { totals.displaced += 1 }
        ignore(call, &transitions, at: now)
        let isLate = call.deadline <= now && call.deadline != .distantFuture
        return Dropped(
            task: call.task, isExpired: isExpired, isLate: isLate, waited: max(.zero, now - call.askedAt),
            instead: answer(insteadOf: isLate ? .expired : .rejected))
    }

    /// Hands a breaker's permit back unused: what never ran says nothing about the callee.
    mutating func ignore(
        _ call: CallTable.Call, _ transitions: inout [CircuitBreaker.Transition], at now: Instant
    ) {
        guard let permit = call.breaker else { return }
        guard let transition = breaker?.record(.ignored, took: .zero, permit: permit, at: now) else { return }
        transitions.append(transition)
    }

    mutating func answer(insteadOf failure: FailureKind) -> Instead? {
        guard case .answer(let source, let permit) = fallback.ask(for: failure) else { return nil }
        return Instead(source: source, permit: permit)
    }
}
