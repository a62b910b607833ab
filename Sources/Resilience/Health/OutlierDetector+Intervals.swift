public import Timeline

extension OutlierDetector {
    /// Ends the interval if it is over: hosts whose time is over come back, rates are judged, and the next ejection of
    /// each host that was in use becomes shorter by the base time.
    /// - Returns: the changes, those of hosts coming back first, each kind by host; empty before the interval's end.
    public mutating func advance(to now: Instant, using random: inout RandomStream) -> [Change] {
        guard now >= nextInterval else { return [] }
        nextInterval = now + settings.interval
        var changes: [Change] = []
        for host in hosts.indices where hosts[host].isEjected && hosts[host].ejectionEnds <= now {
            changes.append(bringBack(host, at: now))
        }
        comparison = judge(.external, at: now, using: &random, into: &changes)
        localComparison = settings.splitsOrigins ? judge(.local, at: now, using: &random, into: &changes) : nil
        // After the judgement, or a host ejected at every interval's end would never stay out for longer.
        shortenNextEjections(at: now)
        return changes
    }

    /// Brings a host back at once, for example because a health check found it well; nil if it was not ejected.
    public mutating func reinstate(_ host: Int, at now: Instant) -> Change? {
        isEjected(host) ? bringBack(host, at: now) : nil
    }

    private mutating func bringBack(_ host: Int, at now: Instant) -> Change {
        hosts[host].isEjected = false
        hosts[host].returned = now
        // What was counted while it was out must not throw it out again at the first error.
        hosts[host].errors = 0
        hosts[host].gatewayErrors = 0
        hosts[host].localFailures = 0
        ejectedCount -= 1
        totals.returned &+= 1
        return .returned(host, at: now)
    }

    private mutating func shortenNextEjections(at now: Instant) {
        for host in hosts.indices where !hosts[host].isEjected && hosts[host].factor > 0 {
            if now - hosts[host].returned >= settings.interval { hosts[host].factor -= 1 }
        }
    }
}
