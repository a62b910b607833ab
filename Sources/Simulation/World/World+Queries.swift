import CQRS
import EventSourcing
import Timeline

// How projections hear of events, and how calls read of them.

extension World {
    /// The log of a store may have grown: the projections that read it are told.
    mutating func tellProjections(of store: Int) {
        for projection in projections.indices where projections[projection].plan.store == store {
            guard projections[projection].plan.feed == .log else { continue }
            tellOfMore(projection)
        }
    }

    private mutating func tellOfMore(_ projection: Int) {
        let end = end(ofFeedOf: projection)
        for lane in lanes(of: projection) where projections.lanes[lane].run.head < end {
            projections[lane: lane].run.appended(upTo: end)
            drive(lane)
        }
    }

    /// A service that knows that its event counts tells the projections that hear of events only in this way.
    mutating func publish(_ entry: UInt32, of store: Int) {
        let fact = stores[store].facts[stores[store].cluster.tree[entry].payload]
        for projection in projections.indices where isPublished(fact, of: store, to: projection) {
            if faults.areActive, faults.loses(messageOfProjection: projection) {
                noteNotPublished(fact, to: projection)
                continue
            }
            let slot = projections.send(ProjectionHost.Publication(projection: UInt16(projection), entry: entry))
            port.schedule(after: projections[projection].crossing(), .published(slot))
        }
    }

    /// The service that was to publish an event is not there any more.
    mutating func cannotPublish(_ entry: UInt32, of store: Int) {
        let fact = stores[store].facts[stores[store].cluster.tree[entry].payload]
        for projection in projections.indices where isPublished(fact, of: store, to: projection) {
            noteNotPublished(fact, to: projection)
        }
    }

    private func isPublished(_ fact: Fact, of store: Int, to projection: Int) -> Bool {
        let plan = projections[projection].plan
        return plan.store == store && plan.feed == .published
            && (plan.category == nil || plan.category == fact.kind.category)
    }

    private mutating func noteNotPublished(_ fact: Fact, to projection: Int) {
        projections[projection].totals.notPublished += 1
        port.note(.notPublished, .projection(UInt16(projection)), request: fact.request, cause: fact.cause)
    }

    /// An event that a service has published has arrived.
    mutating func publicationArrives(_ slot: UInt32) {
        tellOfMore(projections.receive(slot))
    }

    /// A call reads of a projection, perhaps once that has what the caller has written.
    mutating func beginQuery(_ index: UInt32, _ query: QueryPlan) {
        frames[index].phase = .awaiting
        let written = Position(Int64(frames[index].written))
        guard let limit = query.ownWrites, written > .start else { return read(index, query.projection) }
        let reader = Self.reader(frames.id(of: index))
        let admission = projections[query.projection].readers.wait(
            reader, for: written, until: port.now + limit, at: port.now)
        guard admission == .waiting else { return read(index, query.projection) }
        projections[query.projection].totals.waited += 1
        setReadersTimer(of: query.projection)
    }

    /// A call as those who wait know it.
    private static func reader(_ id: FrameID) -> UInt64 { UInt64(id.generation) << 32 | UInt64(id.index) }

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
            let id = FrameID(index: UInt32(truncatingIfNeeded: each.reader), generation: UInt32(each.reader >> 32))
            guard frames.isAlive(id), frames[id.index].phase == .awaiting else { continue }
            read(id.index, projection)
        }
    }

    /// A call reads a row: what it says may be behind what counts.
    private mutating func read(_ index: UInt32, _ projection: Int) {
        let frame = frames[index]
        let state = projections[projection]
        let store = stores[state.plan.store]
        projections[projection].totals.reads += 1
        let category = state.plan.category ?? .order
        if let stream = store.number(ofStreamAbout: Self.subject(of: frame, category)) {
            let row = state.versions[state.servingIndex].table.row(of: stream)
            if row.entry != store.latest(of: stream) { projections[projection].totals.staleReads += 1 }
            if missesOwnWrite(row, frame, stream, store) {
                projections[projection].totals.ownWritesMissed += 1
                note(index, .readStale, .itself, at: .projection(UInt16(projection)))
            }
        }
        commandReturned(to: index)
    }

    /// Whether a row is behind what a call, or one that it comes from, has written to the same stream.
    private func missesOwnWrite(_ row: ProjectionTable.Row, _ frame: Frame, _ stream: UInt32, _ store: Store) -> Bool {
        guard frame.written > 0 else { return false }
        let own = store.cluster.log.entry(at: Position(Int64(frame.written)))
        return store.cluster.tree[own].stream == stream && row.entry < own
    }
}
