public import Timeline

extension ThreadPool {
    /// How a task ended.
    public enum Outcome: Hashable, Sendable, CaseIterable {
        /// With a result.
        case success
        /// With an error.
        case failure
        /// With a result that nobody waited for any more.
        case forNobody
    }

    /// What a freed thread does.
    public enum Next: Hashable, Sendable {
        /// It runs this task now.
        case run(Start)
        /// It finds that this task has expired, and does not run it: tell its caller, then call
        /// ``ThreadPool/nextAfterExpired(at:)``. The thread is active until then.
        case expired(Start)
        /// It waits for a task, or ends.
        case rest

        /// The task to run; nil if there is none.
        public var start: Start? {
            if case .run(let start) = self { start } else { nil }
        }
    }

    /// A task that leaves the queue.
    public struct Start: Hashable, Sendable {
        /// The task.
        public let task: UInt64
        /// How long it waited.
        public let waited: Duration
        /// Whether its deadline is over. If one that has expired is not late, it had waited for as long as may be.
        public let isLate: Bool
    }

    /// Says that a running task has ended, and what its thread does next.
    ///
    /// It rests if no task waits, or if there are more threads than may be and this one ends. Without a running
    /// task nothing changes.
    /// - Parameters:
    ///   - outcome: how the task ended.
    ///   - startedAt: when it began to run, to be counted in ``Totals/ran`` and ``Totals/longestRun``.
    ///   - now: the time.
    public mutating func finish(
        _ outcome: Outcome = .success, startedAt: Instant? = nil, at now: Instant
    ) -> Next {
        guard active > telling else { return .rest }
        advance(to: now)
        totals.count(outcome, ran: startedAt.map { max(.zero, now - $0) })
        return freeThread(at: now)
    }

    /// Says that the caller of an expired task has been told, and what the thread that was handed it does next.
    public mutating func nextAfterExpired(at now: Instant) -> Next {
        guard telling > 0 else { return .rest }
        advance(to: now)
        telling -= 1
        return freeThread(at: now)
    }

    /// Takes a task out of the queue; false if it is not there.
    ///
    /// With the ticket from its ``QueuePlace`` the cost is the same wherever it waits; without, it grows with the
    /// number of tasks ahead of it.
    public mutating func cancel(_ task: UInt64, ticket: UInt32? = nil) -> Bool {
        let slot = ticket.flatMap { waiting.holds(task, at: $0) ? $0 : nil } ?? waiting.slot(of: task)
        guard let slot else { return false }
        _ = waiting.remove(slot)
        totals.withdrawn += 1
        return true
    }

    /// Takes all waiting tasks out of the queue, in the order in which they would have run; those that run are left
    /// to ``finish(_:startedAt:at:)``.
    public mutating func drain() -> [UInt64] {
        var tasks: [UInt64] = []
        tasks.reserveCapacity(waiting.count)
        while !waiting.isEmpty { tasks.append(waiting.removeNext(in: settings.order, at: clock).task) }
        totals.withdrawn += tasks.count
        return tasks
    }

    @inline(__always)
    private mutating func freeThread(at now: Instant) -> Next {
        active -= 1
        guard !waiting.isEmpty, size < settings.maximum else { return rest(at: now) }
        return takeWaiting(at: now)
    }

    /// Lets a freed thread wait for a task, or end. Apart, so that the way past it is short.
    @inline(never)
    private mutating func rest(at now: Instant) -> Next {
        guard size < settings.maximum, !isShutDown else { return .rest }
        idleSince.append(now)
        if now + settings.keepAlive <= now { advance(to: now) }
        return .rest
    }

    /// Puts a thread, freed or new, to work on the next waiting task; there must be one.
    @inline(__always)
    mutating func takeWaiting(at now: Instant) -> Next {
        let waiter = waiting.removeNext(in: settings.order, at: now)
        let isLate = waiter.isOver(at: now)
        let start = Start(task: waiter.task, waited: waiter.waited(until: now), isLate: isLate)
        active += 1
        if isLate && settings.expired == .drop || start.waited > settings.maximumWait {
            telling += 1
            totals.expired += 1
            return .expired(start)
        }
        totals.started += 1
        totals.waited = totals.waited + start.waited
        totals.longestWait = max(totals.longestWait, start.waited)
        return .run(start)
    }
}
