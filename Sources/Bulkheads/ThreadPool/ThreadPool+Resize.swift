public import Timeline

extension ThreadPool {
    /// Replaces the settings of a pool at work and returns the waiting tasks that start because of it.
    ///
    /// - A larger core starts new threads for the tasks that wait. A larger maximum alone does not: such threads
    ///   start only when the queue is full.
    /// - A smaller maximum ends idle threads at once; running tasks go on, and their threads end after them.
    /// - A smaller core lets idle threads end when keep-alive has passed since they became idle (in the JDK it
    ///   is counted from the change).
    /// - Tasks above a smaller queue stay in it; no more are taken until there is room.
    public mutating func resize(to new: Settings, at now: Instant) -> [Start] {
        let added = max(0, new.core - settings.core)
        settings = new
        while size > settings.maximum, idleSince.popFirst() != nil {}
        advance(to: now)
        var starts: [Start] = []
        while starts.count < added, size < settings.core, let start = startNext(at: now) {
            starts.append(start)
        }
        totals.largestSize = max(totals.largestSize, size)
        return starts
    }
}
