public import Timeline

extension MemoryPool {
    /// A line that one of the levels crossed.
    public struct Alert: Hashable, Sendable {
        /// Which level.
        public let level: Level
        /// Which line, in numbers.
        public let alert: MemoryMonitor.Alert
    }

    /// Corrects the pool's use to what the process really uses; nil to go by the books again.
    ///
    /// As with Elasticsearch's real memory, the pool's limit then holds for the measured bytes; what is reserved and
    /// released after the measurement is added and taken away with its overhead. The children's limits go by the
    /// books still. A negative number counts as 0.
    public mutating func measure(_ bytes: Int?, at now: Instant) -> [Alert] {
        measured = bytes.map { min(max(0, $0), Self.most) }
        accounts[0].correction = measured.map { $0 - accounts[0].all.bytes } ?? 0
        return alerts(at: 0, now)
    }

    /// How a level is watched: its pressure and its growth; nil if there is no such child.
    public func monitor(of level: Level) -> MemoryMonitor? { position(of: level).map { monitors[$0] } }

    /// Takes the samples of growth that are due, and returns the forecasts that have become worth an alert.
    ///
    /// Levels that nothing happens to are sampled here alone; call it at ``nextSample``.
    public mutating func advance(to now: Instant) -> [Alert] {
        var alerts: [Alert] = []
        for position in monitors.indices {
            guard let alert = monitors[position].advance(to: now) else { continue }
            alerts.append(Alert(level: level(at: position), alert: alert))
        }
        return alerts
    }

    /// When the next sample of growth is due; nil before the first use.
    public var nextSample: Instant? { monitors[0].nextSample }

    /// What a call has brought about: those who were evicted may be anywhere, else it is felt from there up.
    mutating func change(at account: Int, _ evicted: [Eviction], _ now: Instant) -> Change {
        Change(evicted: evicted, alerts: evicted.isEmpty ? alerts(at: account, now) : alertsEverywhere(now))
    }

    /// Shows the monitors what has changed from an account up.
    mutating func alerts(at account: Int, _ now: Instant) -> [Alert] {
        var alerts: [Alert] = []
        var position = account
        while true {
            observe(position, now, &alerts)
            guard position > 0 else { return alerts }
            position = accounts[position].parent
        }
    }

    mutating func alertsEverywhere(_ now: Instant) -> [Alert] {
        var alerts: [Alert] = []
        for position in accounts.indices { observe(position, now, &alerts) }
        return alerts
    }

    private mutating func observe(_ position: Int, _ now: Instant, _ alerts: inout [Alert]) {
        let (used, limit) = (accounts[position].used, accounts[position].limit)
        if used > accounts[position].peak {
            accounts[position].peak = used
            accounts[position].peakAt = now
        }
        guard let alert = monitors[position].observe(used, limit: limit, at: now) else { return }
        alerts.append(Alert(level: level(at: position), alert: alert))
    }
}
