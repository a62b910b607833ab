import Resilience
import Timeline

// One execution of a query, from its beginning to the answer.

extension QueryBus {
    /// Begins to execute a query for these callers.
    mutating func begin(_ query: Query, _ type: Int, for callers: [Waiting], at now: Instant) -> [Step] {
        types[type].metrics.executions += 1
        var flight = Flight(
            query: query, type: type, page: query.pageStart, fill: cache.fill(), startedAt: now, callers: callers,
            status: .local)
        switch types[type].type.reach {
        case .local:
            let ticket = ticket(of: launch(flight))
            return [.execute(.local, ticket)]
        case .shard:
            switch shards.call(for: query.key ?? "", at: now) {
            case .refused(let failure): return [tell(.failed(failure), callers, type, at: now)]
            case .call(let call):
                flight.status = .calling(call)
                let ticket = ticket(of: launch(flight))
                return [.execute(.replica(call.replica, shard: call.shard), ticket)]
            }
        case .allShards(let incomplete):
            return scatter(flight, incomplete, at: now)
        }
    }

    /// Takes a slot for an execution; callers of the same query can join it if its results may be used again.
    mutating func launch(_ flight: Flight) -> UInt32 {
        let slot = open(.flight(flight))
        if types[flight.type].type.timeToLive != nil { flights[flight.query] = slot }
        return slot
    }

    /// Nobody joins an execution any more.
    mutating func land(_ slot: UInt32, _ flight: Flight) {
        if flights[flight.query] == slot { flights[flight.query] = nil }
    }

    /// An execution that has succeeded: the result is kept if it can be, and told to all whom it concerns.
    ///
    /// Who came after something had changed on which the result depends must not get a result from before; for them
    /// the query is executed again.
    mutating func succeed(
        _ slot: UInt32, _ flight: Flight, _ result: QueryResult<Value>, missing: [String], at now: Instant
    ) -> [Step] {
        land(slot, flight)
        close(slot)
        let isStale = keep(result, flight, isWhole: missing.isEmpty, at: now)
        let response = response(result, to: flight.query, age: .zero, missing: missing)
        if !missing.isEmpty { types[flight.type].metrics.incomplete += 1 }
        if let claimed = result.page?.total, claimed != response.total {
            types[flight.type].metrics.totalsCorrected += 1
        }
        guard isStale else { return [tell(.response(response), flight.callers, flight.type, at: now)] }
        let early = flight.callers.filter { $0.fill.number <= flight.fill.number }
        let late = flight.callers.filter { $0.fill.number > flight.fill.number }
        let told = tell(.response(response), early, flight.type, at: now)
        return late.isEmpty ? [told] : [told] + begin(flight.query, flight.type, for: late, at: now)
    }

    /// Keeps a result, if it is whole, not stale and may be used again. Returns whether it is stale.
    private mutating func keep(
        _ result: QueryResult<Value>, _ flight: Flight, isWhole: Bool, at now: Instant
    ) -> Bool {
        guard let timeToLive = types[flight.type].type.timeToLive else { return false }
        guard isWhole else { return cache.staleness(of: result, from: flight.fill) != nil }
        let put = cache.put(result, of: flight.query, from: flight.fill, timeToLive: timeToLive, at: now)
        if put != .kept { types[flight.type].metrics.stalePuts += 1 }
        return put != .kept
    }

    /// An execution that has failed, or was refused by whoever executed it.
    mutating func fail(_ slot: UInt32, _ flight: Flight, _ answer: Answer, at now: Instant) -> [Step] {
        land(slot, flight)
        close(slot)
        return tellFailure(flight, answer, at: now)
    }

    /// Tells all who wait, or only the first if the others shall have an execution of their own.
    mutating func tellFailure(_ flight: Flight, _ answer: Answer, at now: Instant) -> [Step] {
        var told = flight.callers
        var rest: [Waiting] = []
        if case .failed = answer, settings.sharedFailure == .handsOver {
            told = Array(flight.callers.prefix(1))
            rest = Array(flight.callers.dropFirst())
        }
        let step = tell(answer, told, flight.type, at: now)
        return rest.isEmpty ? [step] : [step] + begin(flight.query, flight.type, for: rest, at: now)
    }
}
