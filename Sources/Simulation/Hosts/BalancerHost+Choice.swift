import Gateway
import Timeline

extension BalancerHost {
    /// The replica that a call goes to, from 0 within its balancer; nil if none may be called.
    mutating func choose(_ index: Int, key: UInt32, at now: Instant) -> Int? {
        let choice = balancers[index].plan.by
        if choice.usesKey, key == 0 { return balancers[index].turns.choose() }
        switch choice {
        case .random: return any(index)
        case .key: return keeper(of: key, index)
        case .roundRobin, .leastBusy, .smoothWeighted, .twoChoices, .peakEWMA, .hashRing, .hashKetama, .hashMaglev:
            let hash = choice.usesKey ? balancers[index].chooser.hash(String(key)) : 0
            return balancers[index].choose(hash: hash, at: now)
        }
    }

    /// Whether a replica may be called now.
    func isCandidate(_ index: Int, _ replica: Int) -> Bool {
        replicas[balancers[index].first + replica].id.map(balancers[index].chooser.backends.isCandidate) ?? false
    }

    /// How many may be called now.
    private func candidates(_ index: Int) -> Int { balancers[index].chooser.backends.candidateCount }

    private mutating func any(_ index: Int) -> Int? {
        guard candidates(index) > 0 else { return nil }
        return candidate(index, number: Int(balancers[index].picks.below(UInt64(candidates(index)))))
    }

    /// The replica that keeps a key. If it may not be called, its keys are spread over those that may; the keys of
    /// these stay where they are.
    private func keeper(of key: UInt32, _ index: Int) -> Int? {
        guard candidates(index) > 0 else { return nil }
        let home = Int(RandomStream.scramble(UInt64(key)) % UInt64(balancers[index].chooser.backends.count))
        if isCandidate(index, home) { return home }
        let other = RandomStream.scramble(UInt64(key) | 1 << 32) % UInt64(candidates(index))
        return candidate(index, number: Int(other))
    }

    /// The candidate with so many candidates before it.
    private func candidate(_ index: Int, number: Int) -> Int? {
        var left = number
        for replica in 0..<balancers[index].count where isCandidate(index, replica) {
            if left == 0 { return replica }
            left -= 1
        }
        return nil
    }
}

extension BalancerHost.Balancer {
    /// The replica that the gateway's algorithm chooses.
    fileprivate mutating func choose(hash: UInt64, at now: Instant) -> Int? {
        chooser.choose(hash: hash, at: now, using: &picks)?.place
    }
}
