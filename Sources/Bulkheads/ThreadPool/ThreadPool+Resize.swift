public import Timeline

extension ThreadPool {
    /// Replaces the settings of a pool at work and returns what the threads do that start because of it.
    ///
    /// - A larger core starts new threads for the tasks that wait. A larger maximum alone does not: such threads
    ///   start only when the queue is full.
    /// - A smaller maximum ends idle threads at once; running tasks go on, and their threads end after them.
    /// - A smaller core lets idle threads end when keep-alive has passed since they became idle (in the JDK it
    ///   is counted from the change).
    /// - Tasks above a smaller queue stay in it; no more are taken until there is room.
    /// - Another order counts from now on; priorities are those with which the tasks came into the queue.
    /// - Returns: a ``Next/run(_:)`` or ``Next/expired(_:)`` for each new thread.
    public mutating func resize(to new: Settings, at now: Instant) -> [Next] {
        advance(to: now)
        let added = max(0, new.core - settings.core)
        settings = new
        while size > settings.maximum, idleSince.popFirst() != nil {}
        advance(to: now)
        var taken: [Next] = []
        while taken.count < added, size < settings.core, !waiting.isEmpty {
            taken.append(takeWaiting(at: now))
        }
        totals.largestSize = max(totals.largestSize, size)
        return taken
    }

    /// Starts threads that are idle, up to the core size, before there are tasks for them.
    /// - Parameters:
    ///   - limit: how many at most; as many as are missing by default.
    ///   - now: the time.
    /// - Returns: how many were started (JDK: `prestartCoreThread`, `prestartAllCoreThreads`).
    public mutating func prestart(atMost limit: Int = .max, at now: Instant) -> Int {
        guard !isShutDown else { return 0 }
        advance(to: now)
        let missing = min(limit, settings.core - size)
        guard missing > 0 else { return 0 }
        for _ in 0..<missing { idleSince.append(now) }
        totals.largestSize = max(totals.largestSize, size)
        return missing
    }
}
