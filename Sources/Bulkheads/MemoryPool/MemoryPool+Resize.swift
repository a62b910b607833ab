public import Timeline

extension MemoryPool {
    /// Replaces the settings of a pool at work; children may be added at the end.
    ///
    /// Reservations stay, and are charged with the new overheads. Levels that are then over their limit, from the
    /// lowest up, evict what can be evicted until they are not; what is pinned stays, and nothing more is reserved
    /// there until enough has been released. The monitors go on with what they have seen.
    /// - Returns: nil, and nothing changes, if there are fewer children than before or one has another parent.
    public mutating func changeSettings(_ new: Settings, at now: Instant) -> Change? {
        guard settings.children.count <= new.children.count else { return nil }
        for (old, child) in zip(settings.children, new.children) where old.parent != child.parent { return nil }
        let (terms, used) = (MemoryPool(new), accounts[0].used)
        monitors += terms.monitors.dropFirst(accounts.count)
        for position in monitors.indices { monitors[position].changeSettings(new.monitor) }
        accounts = terms.accounts.enumerated().map { position, account in
            position < accounts.count ? accounts[position].renewed(under: account) : account
        }
        settings = new
        table.order = new.eviction
        chargeAnew()
        if measured != nil { accounts[0].correction = used - accounts[0].all.bytes }
        return Change(evicted: evictOverLimits(), alerts: alertsEverywhere(now))
    }

    /// Charges every reservation under the terms in force, and puts the evictable ones in order.
    private mutating func chargeAnew() {
        for place in UInt32(0)..<UInt32(table.slots.count) where table[place].isAlive {
            let (account, bytes) = (Int(table[place].account), table[place].bytes)
            let isEvictable = table[place].isEvictable
            book(bytes, pinned: isEvictable ? 0 : bytes, net: 0, at: account)
            if isEvictable { table.push(place, onto: &accounts[account].evictable) }
        }
    }

    private mutating func evictOverLimits() -> [Eviction] {
        var evicted: [Eviction] = []
        for position in accounts.indices.reversed() {
            while accounts[position].used > accounts[position].limit, let eviction = evictFirst(within: position) {
                evicted.append(eviction)
            }
        }
        return evicted
    }
}
