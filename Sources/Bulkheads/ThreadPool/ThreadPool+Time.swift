public import Timeline

extension ThreadPool {
    /// When ``advance(to:)`` will have a thread to end; nil if none is due.
    public var nextExpiry: Instant? {
        guard size > kept, let since = idleSince.first else { return nil }
        return since + settings.keepAlive
    }

    /// Ends the idle threads whose keep-alive has passed, and adds up busy and idle time until now.
    ///
    /// A clock that steps back adds no time.
    @inline(__always)
    public mutating func advance(to now: Instant) {
        if size > kept { endIdleThreads(until: now) }
        addThreadTime(until: now)
    }

    @inline(never)
    private mutating func endIdleThreads(until now: Instant) {
        while let end = nextExpiry, end <= now {
            if end > clock { addThreadTime(until: end) }
            _ = idleSince.popFirst()
        }
    }

    /// Threads that are kept however long they are idle.
    private var kept: Int { settings.coreTimesOut ? 0 : settings.core }

    @inline(__always)
    private mutating func addThreadTime(until now: Instant) {
        let passed = now - clock
        clock = now
        guard passed > .zero else { return }
        totals.busy = totals.busy + passed * Int64(active)
        if !idleSince.isEmpty { totals.idle = totals.idle + passed * Int64(idleSince.count) }
    }
}
