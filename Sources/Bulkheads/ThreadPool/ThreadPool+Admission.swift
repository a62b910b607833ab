public import Timeline

extension ThreadPool {
    /// What happens to a submitted task.
    public enum Admission: Hashable, Sendable {
        /// Run it now.
        case run
        /// It waits.
        case queued(QueuePlace)
        /// It waits, and the named task, which had waited longest, never runs: tell its caller.
        case displaced(UInt64, QueuePlace)
        /// The caller runs it in its own thread and does nothing else meanwhile; the pool hears no more of it.
        case callerRuns
        /// It was turned away.
        case rejected(Rejection)
    }

    /// Why a task was turned away, and the pool at that moment.
    public struct Rejection: Hashable, Sendable {
        /// Why.
        public let reason: RejectionReason
        /// Threads.
        public let size: Int
        /// The most threads there may be; fewer than `size` just after a resize.
        public let maximum: Int
        /// Tasks that wait.
        public let queued: Int
        /// How many may wait.
        public let queue: Int
    }

    /// Why a task was turned away.
    public enum RejectionReason: Hashable, Sendable {
        /// All threads are busy, and the queue is full.
        case full
        /// The same, under ``RejectionPolicy/discard``: its caller would hear nothing from the JDK.
        case discarded
        /// The pool takes no more tasks.
        case shutDown
        /// Its deadline was over already.
        case expired
    }

    /// Hands in a task.
    /// - Parameters:
    ///   - task: the caller's number for it.
    ///   - priority: what it counts for if the order is by priority.
    ///   - deadline: when its result is of no more use.
    ///   - now: the time.
    @inlinable
    public mutating func submit(
        _ task: UInt64, priority: Priority = .normal, deadline: Instant = .distantFuture, at now: Instant
    ) -> Admission {
        // Part of the caller, to whom the usual answer then goes in a register.
        if runsAtOnce(deadline: deadline, at: now) { return .run }
        return queueOrReject(task, priority, deadline: deadline, at: now)
    }

    /// Counts a task that was handed in. True if a thread of the core, or an idle one, runs it.
    @usableFromInline
    mutating func runsAtOnce(deadline: Instant, at now: Instant) -> Bool {
        advance(to: now)
        totals.submitted += 1
        guard !isShutDown, !isTooLate(deadline, at: now) else { return false }
        if size < settings.core {
            _ = runOnNewThread()
            return true
        }
        guard !idleSince.isEmpty else { return false }
        takeIdleThread()
        return true
    }

    /// What becomes of a task that no thread has taken so far.
    @usableFromInline
    mutating func queueOrReject(
        _ task: UInt64, _ priority: Priority, deadline: Instant, at now: Instant
    ) -> Admission {
        // A queue without a thread to serve it starts one, as the JDK does for a core size of 0.
        if size > 0, waiting.count < settings.queue, !isShutDown, !isTooLate(deadline, at: now) {
            return .queued(enqueue(task, priority, deadline: deadline, at: now))
        }
        return growOrReject(task, priority, deadline: deadline, at: now)
    }

    /// What becomes of a task that may not simply wait. Apart, so that the way past it is short.
    @inline(never)
    private mutating func growOrReject(
        _ task: UInt64, _ priority: Priority, deadline: Instant, at now: Instant
    ) -> Admission {
        guard !isShutDown else { return reject(.shutDown) }
        guard !isTooLate(deadline, at: now) else { return reject(.expired) }
        if size < settings.maximum { return runOnNewThread() }
        switch settings.whenFull {
        case .abort: return reject(.full)
        case .callerRuns:
            totals.ranByCaller += 1
            return .callerRuns
        case .discard: return reject(.discarded)
        case .discardOldest: return displace(for: task, priority, deadline: deadline, at: now)
        }
    }

    private func isTooLate(_ deadline: Instant, at now: Instant) -> Bool {
        settings.expired == .drop && deadline <= now && deadline != .distantFuture
    }

    private mutating func enqueue(
        _ task: UInt64, _ priority: Priority, deadline: Instant, at now: Instant
    ) -> QueuePlace {
        let lane = settings.order.lane(for: priority)
        let ticket = waiting.append(task, since: now, deadline: deadline, to: lane)
        switch settings.order {
        case .fifo: return QueuePlace(position: waiting.count, ticket: ticket)
        case .lifo: return QueuePlace(position: 1, ticket: ticket)
        case .priority:
            var position = 0
            for lane in 0...lane { position += waiting.length(of: lane) }
            return QueuePlace(position: position, ticket: ticket)
        }
    }

    private mutating func runOnNewThread() -> Admission {
        active += 1
        totals.started += 1
        totals.largestSize = max(totals.largestSize, size)
        return .run
    }

    /// The longest idle thread takes from a queue; a direct hand-off goes to the one that became idle last, as in
    /// the JDK's unfair `SynchronousQueue`.
    private mutating func takeIdleThread() {
        _ = settings.queue == 0 ? idleSince.popLast() : idleSince.popFirst()
        active += 1
        totals.started += 1
    }

    /// One for one, so that a queue that was made smaller gets no longer. With a direct hand-off nothing may wait,
    /// so nothing is displaced either.
    private mutating func displace(
        for task: UInt64, _ priority: Priority, deadline: Instant, at now: Instant
    ) -> Admission {
        let slot = settings.queue > 0 ? waiting.displaceable(for: priority, in: settings.order) : WaitList.none
        guard slot != WaitList.none else { return reject(.full) }
        let displaced = waiting.remove(slot).task
        totals.discarded += 1
        return .displaced(displaced, enqueue(task, priority, deadline: deadline, at: now))
    }

    private mutating func reject(_ reason: RejectionReason) -> Admission {
        switch reason {
        case .full: totals.full += 1
        case .discarded: totals.discarded += 1
        case .shutDown: totals.shutDown += 1
        case .expired: totals.expired += 1
        }
        return .rejected(
            Rejection(
                reason: reason, size: size, maximum: settings.maximum, queued: waiting.count, queue: settings.queue))
    }
}
