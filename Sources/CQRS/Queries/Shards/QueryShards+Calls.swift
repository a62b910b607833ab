public import Resilience
public import Timeline

extension QueryShards {
    /// Leave to ask one replica.
    public struct Call: Hashable, Sendable {
        /// The shard.
        public let shard: String
        /// The replica's number in its shard, from 0.
        public let replica: Int
        /// When it was given.
        public let startedAt: Instant
        let generation: UInt64
        let permit: CircuitBreaker.Permit
    }

    /// Where a query goes.
    public enum Choice: Hashable, Sendable {
        /// To this replica.
        case call(Call)
        /// Nowhere.
        case refused(QueryFailure)
    }

    /// Where a query about a key goes.
    public mutating func call(for key: String, at now: Instant) -> Choice {
        guard let name = ring.owner(of: key) else { return .refused(.noShard) }
        return call(on: name, at: now)
    }

    /// Which replica of a shard a query goes to.
    public mutating func call(on name: String, at now: Instant) -> Choice {
        guard let index = index(of: name) else { return .refused(.noShard) }
        switch shards[index].breaker.admit(at: now) {
        case .rejected(let rejection, _):
            shards[index].metrics.refused += 1
            return .refused(.circuitOpen(shard: name, retryAfter: rejection.retryAfter))
        case .permitted(let permit, _):
            shards[index].metrics.calls += 1
            let replica = chooseReplica(of: index)
            shards[index].inFlight[replica] += 1
            let generation = shards[index].generation
            return .call(
                Call(shard: name, replica: replica, startedAt: now, generation: generation, permit: permit))
        }
    }

    /// Tells how a call went: in which way it failed, or nil if it did not.
    public mutating func end(_ call: Call, _ failure: FailureKind?, at now: Instant) {
        guard let index = index(of: call.shard), shards[index].generation == call.generation,
            shards[index].inFlight.indices.contains(call.replica), shards[index].inFlight[call.replica] > 0
        else { return }
        let took = max(.zero, now - call.startedAt)
        let outcome = settings.detector.outcome(of: failure)
        _ = shards[index].breaker.record(outcome, took: took, permit: call.permit, at: now)
        shards[index].inFlight[call.replica] -= 1
        shards[index].metrics.failed += outcome == .failure ? 1 : 0
        shards[index].metrics.ended += 1
        shards[index].metrics.duration = shards[index].metrics.duration + took
    }

    private mutating func chooseReplica(of index: Int) -> Int {
        let count = shards[index].inFlight.count
        var replica = shards[index].next
        if settings.balancing == .leastInFlight {
            for step in 1..<max(1, count) {
                let other = (shards[index].next + step) % count
                if shards[index].inFlight[other] < shards[index].inFlight[replica] { replica = other }
            }
        }
        shards[index].next = (replica + 1) % count
        return replica
    }
}
