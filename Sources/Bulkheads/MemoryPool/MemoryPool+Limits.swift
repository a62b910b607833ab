extension MemoryPool {
    /// What a request is measured by.
    enum Yardstick {
        /// Everything reserved, and the limits.
        case asThingsAre
        /// What would be left if everything evictable were evicted, and the limits.
        case afterEvictions
        /// Everything reserved, and what the books can hold.
        case whateverTheLimits
    }

    /// The first account from there up that refuses so many bytes more; nil if none does.
    func refuser(of bytes: Int, at account: Int, _ yardstick: Yardstick) -> Int? {
        var (growth, position) = (bytes, account)
        while true {
            let held = accounts[position]
            let charge = yardstick == .afterEvictions ? held.pinned : held.all
            guard growth <= Self.most - charge.base else { return position }
            let grown = held.charge(for: charge.base + growth)
            let isAllowed = yardstick == .whateverTheLimits ? grown <= Self.most : held.allows(grown)
            guard isAllowed else { return position }
            guard position > 0 else { return nil }
            growth = grown - charge.bytes
            position = held.parent
        }
    }

    /// Evicts until every limit allows so many bytes more; if that cannot be, evicts nothing and says why.
    mutating func makeRoom(for bytes: Int, at account: Int, evicted: inout [Eviction]) -> Refusal? {
        guard let first = refuser(of: bytes, at: account, .asThingsAre) else { return nil }
        if let firm = refuser(of: bytes, at: account, .afterEvictions) {
            return refuse(bytes, at: account, by: firm)
        }
        var over: Int? = first
        while let level = over, let eviction = evictFirst(within: level) {
            evicted.append(eviction)
            over = refuser(of: bytes, at: account, .asThingsAre)
        }
        return nil
    }

    mutating func refuse(_ bytes: Int, at account: Int, by firm: Int) -> Refusal {
        let refusal = Refusal(
            by: .limit(level(at: firm)), wanted: wanted(bytes, at: account, of: firm), used: accounts[firm].used,
            limit: accounts[firm].limit, durability: durability(of: bytes, at: account, refusedBy: firm))
        accounts[firm].totals.tripped += 1
        if firm == account {
            accounts[account].totals.refusedHere += 1
        } else {
            accounts[account].totals.refusedAbove += 1
        }
        return refusal
    }

    /// What an account's use would become; it stops at what the books can hold.
    private func wanted(_ bytes: Int, at account: Int, of firm: Int) -> Int {
        var (growth, position) = (min(bytes, Self.most), account)
        while true {
            let held = accounts[position]
            let grown = held.charge(for: held.all.base + growth)
            if position == firm { return held.used(for: grown) }
            growth = grown - held.all.bytes
            position = held.parent
        }
    }

    /// A transient majority, or a tie, is worth waiting for, as in Elasticsearch.
    private func durability(of bytes: Int, at account: Int, refusedBy firm: Int) -> Durability {
        if firm == account { return accounts[account].durability }
        var (transient, permanent) = (0, 0)
        for position in accounts.indices where isAccount(position, within: firm) {
            let held = accounts[position]
            let charge = held.charge(for: held.own + (position == account ? min(bytes, Self.most) : 0))
            switch held.durability {
            case .transient: transient += charge
            case .permanent: permanent += charge
            }
        }
        return transient >= permanent ? .transient : .permanent
    }

    func unnumbered(_ source: Refusal.Source) -> Refusal {
        Refusal(
            by: source, wanted: accounts[0].used, used: accounts[0].used, limit: accounts[0].limit,
            durability: .permanent)
    }
}
