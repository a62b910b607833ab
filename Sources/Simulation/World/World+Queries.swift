import CQRS
import EventSourcing
import Resilience
import Timeline

// How calls read of projections: their tables, or a bus that may have the answer already.

extension World {
    /// A call reads of a projection, perhaps once that has what the caller has written.
    mutating func beginQuery(_ index: UInt32, _ query: QueryPlan) {
        frames[index].phase = .awaiting
        let written = Position(Int64(frames[index].written))
        guard let limit = query.ownWrites, written > .start else { return read(index, query.projection) }
        let reader = Self.number(of: frames.id(of: index))
        let admission = projections[query.projection].readers.wait(
            reader, for: written, until: port.now + limit, at: port.now)
        guard admission == .waiting else { return read(index, query.projection) }
        projections[query.projection].totals.waited += 1
        setReadersTimer(of: query.projection)
    }

    private mutating func setReadersTimer(of projection: Int) {
        port.cancel(&projections[projection].readersDue)
        guard let due = projections[projection].readers.nextExpiry else { return }
        projections[projection].readersDue = port.schedule(after: due - port.now, .readersDue(UInt32(projection)))
    }

    /// Those who have waited for long enough read what there is.
    mutating func readersDue(_ projection: Int) {
        projections[projection].readersDue = .none
        var woken: [PositionWaiters.Woken] = []
        while let reader = projections[projection].readers.popExpired(at: port.now) { woken.append(reader) }
        tell(woken, of: projection)
        setReadersTimer(of: projection)
    }

    /// Those read for whom the projection has come far enough.
    mutating func wakeReaders(of projection: Int) {
        guard projections[projection].readers.waiting > 0 else { return }
        tell(projections[projection].readers.reached(projections.settled(projection), at: port.now), of: projection)
        setReadersTimer(of: projection)
    }

    mutating func tell(_ woken: [PositionWaiters.Woken], of projection: Int) {
        for each in woken {
            guard let index = frame(ofNumber: each.reader), frames[index].phase == .awaiting else { continue }
            read(index, projection)
        }
    }

    /// A call reads a row, from the table or through a bus that may have the answer already.
    private mutating func read(_ index: UInt32, _ projection: Int) {
        guard let stream = stream(readBy: frames[index], of: projections[projection].plan) else {
            projections[projection].totals.reads += 1
            return commandReturned(to: index)
        }
        if queries.exists(projection) {
            ask(index, projection, about: stream)
        } else {
            seen(row(of: stream, in: projection), index, projection, stream)
        }
    }

    /// The stream that a call reads of: that of the first kind of aggregate that has one.
    private func stream(readBy frame: Frame, of plan: ProjectionPlan) -> UInt32? {
        let categories = plan.category.map { [$0] } ?? CommandPlan.Category.allCases
        return categories.lazy.compactMap { category in
            stores[plan.store].number(ofStreamAbout: Self.subject(of: frame, category))
        }.first
    }

    /// The last event of a stream that the table has; 0 for none.
    func row(of stream: UInt32, in projection: Int) -> UInt32 {
        let state = projections[projection]
        return state.versions[state.servingIndex].table.row(of: stream).entry
    }

    /// A call sees a row, with this event as its last: that may be behind what counts.
    mutating func seen(_ entry: UInt32, _ index: UInt32, _ projection: Int, _ stream: UInt32) {
        let store = stores[projections[projection].plan.store]
        projections[projection].totals.reads += 1
        if entry < store.latest(of: stream) { projections[projection].totals.staleReads += 1 }
        if missesOwnWrite(entry, frames[index], stream, store) {
            projections[projection].totals.ownWritesMissed += 1
            note(index, .readStale, .itself, at: .projection(UInt16(projection)))
        }
        commandReturned(to: index)
    }

    /// Whether a row is behind what a call, or one that it comes from, has written to the same stream.
    private func missesOwnWrite(_ entry: UInt32, _ frame: Frame, _ stream: UInt32, _ store: Store) -> Bool {
        guard frame.written > 0 else { return false }
        let own = store.cluster.log.entry(at: Position(Int64(frame.written)))
        return store.cluster.tree[own].stream == stream && entry < own
    }
}

// Queries through a bus.
extension World {
    private mutating func ask(_ index: UInt32, _ projection: Int, about stream: UInt32) {
        frames[index].phase = .awaiting
        let caller = Self.number(of: frames.id(of: index))
        let step = queries[projection].machine.ask(QueryHost.query(stream), from: caller, at: port.now)
        follow([step], projection, stream)
    }

    private mutating func follow(_ steps: [QueryBus<UInt32>.Step], _ projection: Int, _ stream: UInt32) {
        for step in steps {
            switch step {
            case .validate(let ticket):
                follow(queries[projection].machine.resume(ticket, with: .pass, at: port.now), projection, stream)
            case .execute(let target, let ticket): execute(target, ticket, projection, stream)
            case .answer(let answer, let callers):
                for caller in callers { tell(caller, answer, projection, stream) }
            case .merge, .joined: break
            }
        }
        port.touched.insert(.buses)
    }

    /// A replica of a shard works on a query, as well as faults let it.
    private mutating func execute(
        _ target: QueryBus<UInt32>.Target, _ ticket: QueryBus<UInt32>.Ticket, _ projection: Int, _ stream: UInt32
    ) {
        var draws = queries[projection].latencyDraws
        var length = queries[projection].plan.latency.sample(using: &draws)
        queries[projection].latencyDraws = draws
        var failure: FailureKind?
        if faults.areActive, case .replica(_, let name) = target {
            let shard = (0..<queries[projection].plan.shards).first {
                projections[projection].plan.name(ofShard: $0) == name
            }
            if let shard, faults.isDown(shard: shard, ofProjection: projection) {
                (failure, length) = (.network, .zero)
            } else if let shard, let impact = faults.strike(shard: shard, ofProjection: projection) {
                length = length + impact.extra
                failure = impact.fails ? .server : nil
            }
        }
        let execution = QueryHost.Execution(
            projection: UInt16(projection), ticket: ticket, stream: stream, failure: failure)
        port.schedule(after: length, .queryExecuted(queries.open(execution)))
    }

    /// A shard has answered.
    mutating func queryExecuted(_ slot: UInt32) {
        let execution = queries.close(slot)
        let (projection, stream) = (Int(execution.projection), execution.stream)
        let reply: QueryBus<UInt32>.Reply =
            if let failure = execution.failure {
                .fail(failure)
            } else {
                .result(
                    QueryResult(
                        row(of: stream, in: projection), tags: ["\(stream)"], position: projections.settled(projection))
                )
            }
        follow(queries[projection].machine.resume(execution.ticket, with: reply, at: port.now), projection, stream)
    }

    private mutating func tell(
        _ caller: UInt64, _ answer: QueryBus<UInt32>.Answer, _ projection: Int, _ stream: UInt32
    ) {
        guard let index = frame(ofNumber: caller), frames[index].phase == .awaiting else { return }
        switch answer {
        case .response(let response): seen(response.value, index, projection, stream)
        case .rejected: fail(index, .invalid)
        case .failed(.circuitOpen): fail(index, .breakerOpen)
        case .failed(.noShard), .failed(.incomplete): fail(index, .refused)
        case .failed(.fault(let kind, _)): fail(index, kind == .network ? .refused : .error)
        }
    }
}
