import Gateway
import Timeline

extension BalancerHost {
    /// The replica that a call went to before, if it is to stay there and may.
    func kept(_ index: Int, _ tried: TriedReplicas) -> Int? {
        guard balancers[index].plan.retries == .stay, let latest = tried.latest else { return nil }
        return isCandidate(index, latest) ? latest : nil
    }

    /// The replica that a call goes to, from 0 within its balancer; nil if none may be called. Those that it has been to
    /// are passed over as long as there is another.
    mutating func choose(_ index: Int, key: UInt32, avoiding tried: TriedReplicas, at now: Instant) -> Int? {
        let choice = balancers[index].plan.by
        if choice.usesKey, key == 0 {
            return balancers[index].turns.choose(avoiding: tried.all) ?? balancers[index].turns.choose()
        }
        switch choice {
        case .random: return any(index, avoiding: tried)
        case .key:
            let replica = keeper(of: key, index, avoiding: tried)
            if let replica { countKey(index, hash: RandomStream.scramble(UInt64(key)), replica) }
            return replica
        case .roundRobin, .leastBusy, .smoothWeighted, .twoChoices, .peakEWMA, .hashRing, .hashKetama, .hashMaglev:
            let hash = choice.usesKey ? balancers[index].chooser.hash(String(key)) : 0
            let avoided = tried.all.compactMap { replicas[balancers[index].first + $0].id }
            let replica = balancers[index].choose(hash: hash, avoiding: avoided, at: now)
            if choice.usesKey, let replica { countKey(index, hash: hash, replica) }
            return replica
        }
    }

    /// Whether a replica may be called now.
    func isCandidate(_ index: Int, _ replica: Int) -> Bool {
        replicas[balancers[index].first + replica].id.map(balancers[index].chooser.backends.isCandidate) ?? false
    }

    private mutating func any(_ index: Int, avoiding tried: TriedReplicas) -> Int? {
        let (count, tried) = candidates(index, avoiding: tried)
        guard count > 0 else { return nil }
        return candidate(index, number: Int(balancers[index].picks.below(UInt64(count))), avoiding: tried)
    }

    /// The replica that keeps a key. If it may not be called, its keys are spread over those that may; the keys of
    /// these stay where they are.
    func keeper(of key: UInt32, _ index: Int, avoiding tried: TriedReplicas) -> Int? {
        let (count, tried) = candidates(index, avoiding: tried)
        guard count > 0 else { return nil }
        let home = Int(RandomStream.scramble(UInt64(key)) % UInt64(balancers[index].chooser.backends.count))
        if isCandidate(index, home), !tried.contains(home) { return home }
        let other = RandomStream.scramble(UInt64(key) | 1 << 32) % UInt64(count)
        return candidate(index, number: Int(other), avoiding: tried)
    }

    /// How many may be called now, and have not been tried; if there are only tried ones, they are.
    private func candidates(_ index: Int, avoiding tried: TriedReplicas) -> (count: Int, avoided: TriedReplicas) {
        let all = balancers[index].chooser.backends.candidateCount
        guard !tried.isEmpty else { return (all, tried) }
        let left = (0..<balancers[index].count).count { isCandidate(index, $0) && !tried.contains($0) }
        return left > 0 ? (left, tried) : (all, TriedReplicas())
    }

    /// The candidate with so many candidates before it.
    private func candidate(_ index: Int, number: Int, avoiding tried: TriedReplicas) -> Int? {
        var left = number
        for replica in 0..<balancers[index].count where isCandidate(index, replica) && !tried.contains(replica) {
            if left == 0 { return replica }
            left -= 1
        }
        return nil
    }
}

extension BalancerHost.Balancer {
    /// The replica that the gateway's algorithm chooses.
    fileprivate mutating func choose(hash: UInt64, avoiding: [BackendID], at now: Instant) -> Int? {
        chooser.choose(hash: hash, avoiding: avoiding, at: now, using: &picks)?.place
    }
}
