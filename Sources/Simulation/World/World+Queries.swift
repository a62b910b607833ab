import CQRS
import EventSourcing
import Timeline

// How calls read of projections: by their tables here, or through a bus.

extension World {
    /// A call reads of a projection, perhaps once that has what the caller has written.
    mutating func beginQuery(_ index: UInt32, _ query: QueryPlan) {
        frames[index].phase = .awaiting
        let store = projections[query.projection].plan.store
        guard let limit = query.ownWrites, let written = frames[index].written.position(in: store) else {
            return read(index, query.projection)
        }
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
            note(index, .queried, .itself, at: .projection(UInt16(projection)))
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
        let store = projections[projection].plan.store
        projections[projection].totals.reads += 1
        if entry < stores[store].latest(of: stream) { projections[projection].totals.staleReads += 1 }
        if missesOwnWrite(entry, frames[index], stream, in: store) {
            projections[projection].totals.ownWritesMissed += 1
            note(index, .readStale, .itself, at: .projection(UInt16(projection)))
        }
        commandReturned(to: index)
    }

    /// Whether a row is behind what a call, or one that it comes from, has written to the same stream.
    private func missesOwnWrite(_ entry: UInt32, _ frame: Frame, _ stream: UInt32, in store: Int) -> Bool {
        guard let written = frame.written.position(in: store) else { return false }
        let own = stores[store].cluster.log.entry(at: written)
        return stores[store].cluster.tree[own].stream == stream && entry < own
    }
}
