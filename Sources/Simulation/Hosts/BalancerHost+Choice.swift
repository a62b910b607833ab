import Timeline

extension BalancerHost {
    /// The replica that a call goes to, from 0 within its balancer; nil if none may be called.
    mutating func choose(_ index: Int, key: UInt32) -> Int? {
        guard usable(index) > 0 else { return nil }
        switch balancers[index].plan.by {
        case .roundRobin: return inTurn(index)
        case .leastBusy: return leastBusy(index)
        case .random: return any(index)
        case .key: return key == 0 ? inTurn(index) : keeper(of: key, index)
        }
    }

    /// Whether a replica may be called now.
    private func isUsable(_ index: Int, _ replica: Int) -> Bool {
        balancers[index].isPanicking || replicas[balancers[index].first + replica].isEligible
    }

    /// How many may be called now.
    private func usable(_ index: Int) -> Int {
        balancers[index].isPanicking ? balancers[index].count : balancers[index].eligible
    }

    private mutating func inTurn(_ index: Int) -> Int? {
        for step in 0..<balancers[index].count {
            let replica = (balancers[index].next + step) % balancers[index].count
            if isUsable(index, replica) { return take(replica, index) }
        }
        return nil
    }

    private mutating func leastBusy(_ index: Int) -> Int? {
        var best: (replica: Int, busy: UInt32)?
        for step in 0..<balancers[index].count {
            let replica = (balancers[index].next + step) % balancers[index].count
            let busy = replicas[balancers[index].first + replica].underWay
            if isUsable(index, replica), best.map({ busy < $0.busy }) ?? true { best = (replica, busy) }
        }
        return best.map { take($0.replica, index) }
    }

    /// The next turn is that of the one behind.
    private mutating func take(_ replica: Int, _ index: Int) -> Int {
        balancers[index].next = (replica + 1) % balancers[index].count
        return replica
    }

    private mutating func any(_ index: Int) -> Int? {
        usable(index, number: Int(balancers[index].picks.below(UInt64(usable(index)))))
    }

    /// The replica that keeps a key. If it may not be called, its keys are spread over those that may; the keys of
    /// these stay where they are.
    private func keeper(of key: UInt32, _ index: Int) -> Int? {
        let home = Int(RandomStream.scramble(UInt64(key)) % UInt64(balancers[index].count))
        if isUsable(index, home) { return home }
        let other = RandomStream.scramble(UInt64(key) | 1 << 32) % UInt64(usable(index))
        return usable(index, number: Int(other))
    }

    /// The usable replica with so many usable ones before it.
    private func usable(_ index: Int, number: Int) -> Int? {
        var left = number
        for replica in 0..<balancers[index].count where isUsable(index, replica) {
            if left == 0 { return replica }
            left -= 1
        }
        return nil
    }
}
