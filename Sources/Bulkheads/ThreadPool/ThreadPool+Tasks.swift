public import Timeline

extension ThreadPool {
    /// What happens to a submitted task.
    public enum Admission: Hashable, Sendable {
        /// Run it now.
        case run
        /// It waits, at that position, counted from 1.
        case queued(position: Int)
        /// It was turned away.
        case rejected(Rejection)
    }

    /// The pool at the moment when it turned a task away: all threads busy and the queue full.
    public struct Rejection: Hashable, Sendable {
        /// Threads, all of them active.
        public let size: Int
        /// The most threads there may be; fewer than `size` just after a resize.
        public let maximum: Int
        /// Tasks that wait.
        public let queued: Int
        /// How many may wait.
        public let queue: Int
    }

    /// A task that leaves the queue to be run now.
    public struct Start: Hashable, Sendable {
        /// The task.
        public let task: UInt64
        /// How long it waited.
        public let waited: Duration
    }

    /// Hands in a task.
    public mutating func submit(_ task: UInt64, at now: Instant) -> Admission {
        advance(to: now)
        totals.submitted += 1
        if size < settings.core { return runOnNewThread() }
        if takeIdleThread() {
            totals.started += 1
            return .run
        }
        // A queue without a thread to serve it starts one, as the JDK does for a core size of 0.
        if size == 0 { return runOnNewThread() }
        if waiting.count < settings.queue {
            waiting.append(Waiter(task: task, since: now))
            return .queued(position: waiting.count)
        }
        if size < settings.maximum { return runOnNewThread() }
        totals.rejected += 1
        return .rejected(
            Rejection(size: size, maximum: settings.maximum, queued: waiting.count, queue: settings.queue))
    }

    /// Says that a running task has ended; its thread takes the returned one next.
    ///
    /// Nil if no task waits, if there are more threads than may be and this one ends, or if nothing was running.
    public mutating func finish(at now: Instant) -> Start? {
        guard active > 0 else { return nil }
        active -= 1
        totals.completed += 1
        guard active + idle < settings.maximum else { return nil }
        if let start = startNext(at: now) { return start }
        idleSince.append(now)
        advance(to: now)
        return nil
    }

    /// Takes a task out of the queue; false if it is not there.
    ///
    /// The cost grows with the number of tasks ahead of it.
    public mutating func cancel(_ task: UInt64) -> Bool {
        guard waiting.remove(where: { $0.task == task }) != nil else { return false }
        totals.withdrawn += 1
        return true
    }

    /// Takes all waiting tasks out of the queue, oldest first; those that run are left to ``finish(at:)``.
    public mutating func drain() -> [UInt64] {
        let tasks = waiting.elements.map(\.task)
        waiting.removeAll()
        totals.withdrawn += tasks.count
        return tasks
    }

    private mutating func runOnNewThread() -> Admission {
        startThread()
        totals.started += 1
        return .run
    }

    /// The longest idle thread takes from a queue; a direct hand-off goes to the one that became idle last, as in
    /// the JDK's unfair `SynchronousQueue`.
    private mutating func takeIdleThread() -> Bool {
        guard !idleSince.isEmpty else { return false }
        _ = settings.queue == 0 ? idleSince.popLast() : idleSince.popFirst()
        active += 1
        return true
    }

    mutating func startThread() {
        active += 1
        totals.largestSize = max(totals.largestSize, size)
    }

    /// Puts a thread, freed or new, to work on the oldest waiting task; nil if none waits.
    mutating func startNext(at now: Instant) -> Start? {
        guard let next = waiting.popFirst() else { return nil }
        active += 1
        totals.started += 1
        return Start(task: next.task, waited: max(.zero, now - next.since))
    }
}
