public import Timeline

extension ThreadPool {
    /// Takes no more tasks; those that wait still run, then the threads end. Idle threads end at once.
    public mutating func shutDown(at now: Instant) {
        advance(to: now)
        isShutDown = true
        idleSince.removeAll()
    }

    /// Takes no more tasks, and runs none of those that wait; those that run go on.
    /// - Returns: the tasks that will never run, in the order in which they would have: tell their callers.
    public mutating func shutDownNow(at now: Instant) -> [UInt64] {
        shutDown(at: now)
        return drain()
    }
}
