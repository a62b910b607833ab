import Resilience
import Timeline

// A query to all shards: a call to each, and one result of what they answer.

extension QueryBus {
    /// Calls all shards, in the order of their names.
    mutating func scatter(_ flight: Flight, _ incomplete: QueryType.Incomplete, at now: Instant) -> [Step] {
        var gathering = Gathering()
        for shard in shards.names {
            switch shards.call(on: shard, at: now) {
            case .call(let call): gathering.calls.append(call)
            case .refused: gathering.missing.append(shard)
            }
        }
        guard gathering.canSucceed(incomplete) else {
            for case let call? in gathering.calls { shards.end(call, .cancelled, at: now) }
            let failure = gathering.missing.isEmpty ? QueryFailure.noShard : .incomplete(missing: gathering.missing)
            return [tell(.failed(failure), flight.callers, flight.type, at: now)]
        }
        var flight = flight
        flight.status = .gathering(gathering)
        let first = ticket(of: launch(flight))
        return gathering.calls.enumerated().compactMap { index, call in
            call.map { call in
                let ticket = Ticket(slot: first.slot, turn: first.turn, part: index)
                return .execute(.replica(call.replica, shard: call.shard), ticket)
            }
        }
    }

    /// One shard has replied.
    mutating func gather(
        _ ticket: Ticket, _ flight: Flight, _ gathering: Gathering, _ reply: Reply, at now: Instant
    ) -> [Step] {
        guard let gathering = ended(ticket, gathering, reply, at: now) else { return late() }
        var flight = flight
        guard case .allShards(let incomplete) = types[flight.type].type.reach else { return [] }
        guard gathering.canSucceed(incomplete) else {
            land(ticket.slot, flight)
            let callers = flight
            flight.callers = []
            drain(ticket.slot, flight, gathering)
            return tellFailure(callers, .failed(.incomplete(missing: gathering.missing)), at: now)
        }
        guard gathering.isComplete else {
            flight.status = .gathering(gathering)
            tasks[Int(ticket.slot)] = .flight(flight)
            return []
        }
        let missing = gathering.missing.sorted()
        flight.status = .merging(missing: missing)
        tasks[Int(ticket.slot)] = .flight(flight)
        let parts = gathering.parts.sorted { $0.shard < $1.shard }
        return [.merge(parts, missing: missing, self.ticket(of: ticket.slot))]
    }

    /// One shard has replied to a query whose callers have been told.
    mutating func drained(
        _ ticket: Ticket, _ flight: Flight, _ gathering: Gathering, _ reply: Reply, at now: Instant
    ) -> [Step] {
        guard let gathering = ended(ticket, gathering, reply, at: now) else { return late() }
        drain(ticket.slot, flight, gathering)
        return late()
    }

    private mutating func drain(_ slot: UInt32, _ flight: Flight, _ gathering: Gathering) {
        guard !gathering.isComplete else { return close(slot) }
        var flight = flight
        flight.status = .draining(gathering)
        tasks[Int(slot)] = .flight(flight)
    }

    /// The calls after one of them has ended; nil if it had ended before.
    private mutating func ended(
        _ ticket: Ticket, _ gathering: Gathering, _ reply: Reply, at now: Instant
    ) -> Gathering? {
        guard gathering.calls.indices.contains(ticket.part), let call = gathering.calls[ticket.part] else { return nil }
        var gathering = gathering
        gathering.calls[ticket.part] = nil
        shards.end(call, reply.failure, at: now)
        if case .result(let result) = reply {
            gathering.parts.append(Part(shard: call.shard, result: result))
        } else {
            gathering.missing.append(call.shard)
        }
        return gathering
    }
}

extension QueryBus.Gathering {
    /// Whether there can still be an answer: from those that have answered, and those that may yet.
    fileprivate func canSucceed(_ incomplete: QueryType.Incomplete) -> Bool {
        let possible = parts.count + calls.count { $0 != nil }
        switch incomplete {
        case .fails: return missing.isEmpty && possible > 0
        case .isAnswered(let least): return possible >= least
        }
    }
}

extension QueryBus.Reply {
    /// In which way an execution failed; nil if it did not.
    var failure: FailureKind? {
        switch self {
        case .pass, .result: nil
        case .reject: .client
        case .fail(let kind, _): kind
        }
    }
}
