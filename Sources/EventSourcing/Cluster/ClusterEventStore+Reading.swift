extension ClusterEventStore {
    /// What there is to know about a stream, as its leader has it.
    public func state(of stream: StreamName) -> StreamState {
        guard let number = numbers[stream] else { return .none }
        var state = streams[Int(number)].state
        guard !state.isTombstoned else { return state }
        let head = head(of: number)
        state.lastVersion = head == 0 ? nil : cluster.tree[head].version
        return state
    }

    /// The last entry of a stream that counts, as its leader has it.
    private func head(of number: UInt32) -> UInt32 {
        guard let leader = cluster.leader(of: cluster.partition(of: number)) else { return 0 }
        return cluster.committedHead(of: number, on: leader)
    }

    /// The entry of a version in a stream that counts.
    func entry(_ version: StreamVersion, of stream: StreamName) -> UInt32? {
        numbers[stream].flatMap { cluster.entry(version, behind: head(of: $0)) }
    }

    /// The event at a position, if it counts and was not scavenged.
    func event(at position: Position) -> RecordedEvent? {
        guard position > .start, position <= cluster.log.mark, !scavenged.contains(position),
            cluster.log.fate(of: position) == .committed
        else { return nil }
        return event(of: cluster.log.entry(at: position))
    }

    private func event(of entry: UInt32) -> RecordedEvent {
        let entry = cluster.tree[entry]
        let body = bodies[Int(entry.payload)]
        return RecordedEvent(
            stream: streams[Int(entry.stream)].name, version: entry.version, position: entry.position,
            recordedAt: body.at, event: body.event)
    }

    /// Reads a page of a stream.
    public mutating func read(
        _ stream: StreamName, from version: StreamVersion?, _ direction: ReadDirection, limit: Int
    ) throws(EventStoreError) -> StreamPage {
        let state = state(of: stream)
        if state.isTombstoned { throw .streamDeleted(stream) }
        let (versions, next) = state.page(from: version, direction, limit: PageSize.clamped(limit))
        var events: [RecordedEvent] = []
        if let number = numbers[stream], let versions {
            var entry = cluster.entry(versions.upperBound, behind: head(of: number)) ?? 0
            while entry != 0, cluster.tree[entry].version >= versions.lowerBound {
                events.append(event(of: entry))
                entry = cluster.tree[entry].previousInStream
            }
        }
        if direction == .forward { events.reverse() }
        metrics.countPage(of: events.count)
        return StreamPage(events: events, next: next, state: state)
    }

    /// Reads a page of the log, up to where everything is decided.
    public mutating func readLog(
        _ filter: LogFilter, from position: Position?, _ direction: ReadDirection, limit: Int
    ) -> LogPage {
        let (mark, limit) = (cluster.log.mark, PageSize.clamped(limit))
        var events: [RecordedEvent] = []
        switch direction {
        case .forward:
            var reached = max(position ?? .start, .start)
            while reached < mark, events.count < limit {
                reached = reached + 1
                if let event = event(at: reached), filter.includes(event) { events.append(event) }
            }
            // Up to the next event that is wanted, there is nothing to come back for.
            let isEnd = nextWanted(filter, after: reached) == nil
            metrics.countPage(of: events.count)
            return LogPage(
                from: position, events: events, reached: isEnd ? max(mark, reached) : reached, isEnd: isEnd, head: mark)
        case .backward:
            var reached = min(position ?? mark + 1, mark + 1)
            while reached.number > 1, events.count < limit {
                reached = Position(reached.number - 1)
                if let event = event(at: reached), filter.includes(event) { events.append(event) }
            }
            reached = max(reached, Position(1))
            metrics.countPage(of: events.count)
            return LogPage(from: position, events: events, reached: reached, isEnd: reached.number <= 1, head: mark)
        }
    }

    private func nextWanted(_ filter: LogFilter, after position: Position) -> Position? {
        var place = position
        while place < cluster.log.mark {
            place = place + 1
            if let event = event(at: place), filter.includes(event) { return place }
        }
        return nil
    }

    /// Where a stream holds an append that began with an event of this id.
    public func append(beginningWith id: EventID, in stream: StreamName) -> StreamVersion? {
        let first = entry(of: id, in: stream) { entry in
            let before = cluster.tree[entry].previous
            return before == 0 || cluster.tree[before].endsAppend
        }
        return first.map { cluster.tree[$0].version }
    }

    /// Where a stream holds an event of this id.
    func version(of id: EventID, in stream: StreamName) -> StreamVersion? {
        entry(of: id, in: stream) { _ in true }.map { cluster.tree[$0].version }
    }

    private func entry(of id: EventID, in stream: StreamName, where fits: (UInt32) -> Bool) -> UInt32? {
        guard let number = numbers[stream] else { return nil }
        var entry = head(of: number)
        while entry != 0 {
            if cluster.tree[entry].id == id, fits(entry) { return entry }
            entry = cluster.tree[entry].previousInStream
        }
        return nil
    }

    /// The latest snapshot of a stream.
    public mutating func snapshot(of stream: StreamName) -> Snapshot? {
        guard let number = numbers[stream], let snapshot = streams[Int(number)].snapshot,
            state(of: stream).bearsOut(snapshot)
        else { return nil }
        metrics.snapshotsFound += 1
        return snapshot
    }

    /// The streams that have events, in order of their names.
    public func streams(in category: String?, after name: StreamName?, limit: Int) -> [StreamListing] {
        let known = streams.map(\.name).filter { stream in
            (category == nil || stream.category == category.map { $0[...] }) && (name.map { stream > $0 } ?? true)
                && state(of: stream).versions != nil
        }
        return known.sorted().prefix(PageSize.clamped(limit)).map { StreamListing(stream: $0, state: state(of: $0)) }
    }
}
