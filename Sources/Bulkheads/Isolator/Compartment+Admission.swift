internal import Resilience
public import Timeline

extension Compartment {
    /// Asks to let a call in.
    /// - Parameters:
    ///   - task: the caller's number for the call.
    ///   - priority: what it counts for in a queue that knows priorities.
    ///   - deadline: when nobody waits for it any more. A semaphore lets no call wait for longer; threads drop calls
    ///     that are too late if ``ThreadPool/Settings/expired`` says so.
    ///   - now: the time.
    public mutating func ask(
        _ task: UInt64, priority: ThreadPool.Priority = .normal, deadline: Instant = .distantFuture, at now: Instant
    ) -> Answer {
        totals.asked += 1
        if deadline <= now, dropsExpired { return refuse(.expired, nil, [], at: now) }
        if case .rejected(let wait)? = limiterRefusal(at: now) {
            return refuse(.rateLimited, wait == .maximum ? nil : wait, [], at: now)
        }
        var transitions: [CircuitBreaker.Transition] = []
        var permit: CircuitBreaker.Permit?
        if settings.breaker != nil, let admission = breaker?.admit(at: now) {
            if let transition = admission.transition { transitions.append(transition) }
            switch admission {
            case .permitted(let granted, _):
                permit = granted
            case .rejected(let rejection, _):
                return refuse(.circuitOpen, rejection.retryAfter, transitions, at: now)
            }
        }
        let call = CallTable.Call(task: task, askedAt: now, deadline: deadline, startedAt: now, breaker: permit)
        return enter(call, priority, transitions, at: now)
    }

    private mutating func enter(
        _ call: CallTable.Call, _ priority: ThreadPool.Priority, _ transitions: [CircuitBreaker.Transition],
        at now: Instant
    ) -> Answer {
        var transitions = transitions
        guard !calls.isFull else {
            ignore(call, &transitions, at: now)
            return refuse(.full, nil, transitions, at: now)
        }
        let permit = calls.insert(call)
        let place =
            threads == nil
            ? askSemaphore(permit, call.deadline, now) : askThreads(permit, priority, call.deadline, now)
        var displaced: Dropped?
        let verdict: Verdict
        switch place {
        case .refused(let reason):
            _ = calls.remove(permit)
            ignore(call, &transitions, at: now)
            return refuse(reason, nil, transitions, at: now)
        case .run:
            start(permit, call, as: .running, at: now)
            verdict = .run(permit)
        case .runInCaller:
            start(permit, call, as: .runningInCaller, at: now)
            verdict = .runInCaller(permit)
        case .queued(let place, let other):
            calls.wait(permit, ticket: place.ticket)
            verdict = .queued(permit, position: place.position)
            if let other { displaced = drop(other, isExpired: false, &transitions, at: now) }
        }
        takeToken(at: now)
        return Answer(verdict: verdict, displaced: displaced, transitions: transitions)
    }

    /// Where the bulkhead puts a call.
    private enum Place {
        case run
        case runInCaller
        case queued(QueuePlace, displaced: Permit?)
        case refused(Reason)
    }

    private mutating func askThreads(
        _ permit: Permit, _ priority: ThreadPool.Priority, _ deadline: Instant, _ now: Instant
    ) -> Place {
        let number = UInt64(permit.number)
        switch threads?.submit(number, priority: priority, deadline: deadline, at: now) {
        case .run: return .run
        case .callerRuns: return .runInCaller
        case .queued(let place): return .queued(place, displaced: nil)
        case .displaced(let other, let place): return .queued(place, displaced: Permit(task: other))
        case .rejected(let rejection): return .refused(rejection.reason == .expired ? .expired : .full)
        case nil: return .refused(.full)
        }
    }

    private mutating func askSemaphore(_ permit: Permit, _ deadline: Instant, _ now: Instant) -> Place {
        guard let longest = semaphore?.settings.maximumWait else { return .refused(.full) }
        let wait = deadline == .distantFuture ? longest : min(longest, deadline - now)
        switch semaphore?.acquire(UInt64(permit.number), maximumWait: wait, at: now) {
        case .permitted: return .run
        case .waiting(let place): return .queued(place, displaced: nil)
        case .rejected, nil: return .refused(.full)
        }
    }

    /// A semaphore always lets nobody wait who has given up.
    private var dropsExpired: Bool {
        switch settings.isolation {
        case .threads(let threads): threads.expired == .drop
        case .semaphore: true
        }
    }

    private mutating func refuse(
        _ reason: Reason, _ retryAfter: Duration?, _ transitions: [CircuitBreaker.Transition], at now: Instant
    ) -> Answer {
        let refusal = Refusal(reason: reason, retryAfter: retryAfter, at: now)
        lastRefusal = refusal
        totals.count(reason)
        let verdict: Verdict =
            if let instead = answer(insteadOf: reason.kind) { .fallback(instead, because: refusal) } else {
                .refused(refusal)
            }
        return Answer(verdict: verdict, displaced: nil, transitions: transitions)
    }
}

extension Compartment.Permit {
    /// The permit of a task of the thread pool or a caller of the semaphore, which know calls by their permits.
    init(task: UInt64) { self.init(number: UInt32(truncatingIfNeeded: task)) }
}
