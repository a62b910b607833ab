public import EventSourcing

extension SQLiteEventStore {
    /// What there is to know about a stream.
    public mutating func state(of stream: StreamName) throws(EventStoreError) -> StreamState {
        try access { try $0.state(of: stream) }
    }

    /// Reads a page of a stream.
    public mutating func read(
        _ stream: StreamName, from version: StreamVersion?, _ direction: ReadDirection, limit: Int
    ) throws(EventStoreError) -> StreamPage {
        let page = try access { tables in
            let state = try tables.state(of: stream)
            if state.isTombstoned { throw EventStoreError.streamDeleted(stream) }
            let (versions, next) = state.page(from: version, direction, limit: PageSize.clamped(limit))
            var events: [RecordedEvent] = []
            if let versions, let number = try tables.number(of: stream) {
                events = try tables.events(number, versions)
            }
            if direction == .backward { events.reverse() }
            return StreamPage(events: events, next: next, state: state)
        }
        metrics.countPage(of: page.events.count)
        return page
    }

    /// Reads a page of the log.
    public mutating func readLog(
        _ filter: LogFilter, from position: Position?, _ direction: ReadDirection, limit: Int
    ) throws(EventStoreError) -> LogPage {
        let page = try access { try $0.page(filter, from: position, direction, limit: PageSize.clamped(limit)) }
        metrics.countPage(of: page.events.count)
        return page
    }

    /// The streams that have events, in order of their names.
    public mutating func streams(
        in category: String?, after name: StreamName?, limit: Int
    ) throws(EventStoreError) -> [StreamListing] {
        try access { try $0.streams(in: category, after: name, limit: PageSize.clamped(limit)) }
    }
}

extension EventTables {
    fileprivate func events(_ number: Int64, _ versions: ClosedRange<StreamVersion>) throws -> [RecordedEvent] {
        let read = try prepared().readStream
        read.bind(number, at: 1)
        read.bind(versions.lowerBound.number, at: 2)
        read.bind(versions.upperBound.number, at: 3)
        return try events(of: read, expecting: Int(versions.upperBound.number - versions.lowerBound.number) + 1)
    }

    fileprivate func page(
        _ filter: LogFilter, from start: Position?, _ direction: ReadDirection, limit: Int
    ) throws -> LogPage {
        let head = Position(try head())
        let events: [RecordedEvent]
        switch filter {
        case .all, .category: events = try rows(filter, from: start, direction, limit: limit, head)
        case .types: return try scan(filter, from: start, direction, limit: limit, head)
        }
        let isEnd = try events.count < limit || isLast(events[events.count - 1].position, filter, direction, head)
        let reached =
            switch direction {
            case .forward: isEnd ? max(head, start ?? .start) : events.last?.position ?? .start
            case .backward: isEnd ? Position(1) : events.last?.position ?? .start
            }
        return LogPage(from: start, events: events, reached: reached, isEnd: isEnd, head: head)
    }

    /// Whether nothing that is wanted lies beyond an event.
    private func isLast(
        _ position: Position, _ filter: LogFilter, _ direction: ReadDirection, _ head: Position
    ) throws -> Bool {
        if direction == .forward, position >= head { return true }
        return try rows(filter, from: position, direction, limit: 1, head).isEmpty
    }

    private func rows(
        _ filter: LogFilter, from start: Position?, _ direction: ReadDirection, limit: Int, _ head: Position
    ) throws -> [RecordedEvent] {
        let statements = try prepared()
        let place = direction == .forward ? max(start ?? .start, .start) : min(start ?? head + 1, head + 1)
        if direction == .forward, place >= head { return [] }
        guard case .category(let name) = filter else {
            let read = direction == .forward ? statements.readForward : statements.readBackward
            read.bind(place.number, at: 1)
            read.bind(Int64(limit), at: 2)
            return try events(of: read, expecting: limit)
        }
        guard let category = try number(ofCategory: name, adding: false) else { return [] }
        let read = direction == .forward ? statements.readCategoryForward : statements.readCategoryBackward
        read.bind(category, at: 1)
        read.bind(place.number, at: 2)
        read.bind(Int64(limit), at: 3)
        return try events(of: read, expecting: limit)
    }

    /// Looks at one page of the whole log for what is wanted.
    private func scan(
        _ filter: LogFilter, from start: Position?, _ direction: ReadDirection, limit: Int, _ head: Position
    ) throws -> LogPage {
        let looked = try rows(.all, from: start, direction, limit: PageSize.limit, head)
        var events: [RecordedEvent] = []
        var last: Position?
        for event in looked where events.count < limit {
            last = event.position
            if filter.includes(event) { events.append(event) }
        }
        let sawAll = looked.count < PageSize.limit && last == looked.last?.position
        let rest = events.count == limit && !sawAll ? try isLast(last ?? .start, .all, direction, head) : sawAll
        let reached =
            switch direction {
            case .forward: rest ? max(head, start ?? .start) : last ?? .start
            case .backward: rest ? Position(1) : last ?? .start
            }
        return LogPage(from: start, events: events, reached: reached, isEnd: rest, head: head)
    }

    fileprivate func streams(in category: String?, after name: StreamName?, limit: Int) throws -> [StreamListing] {
        let list = try prepared().listStreams
        list.bind(name?.text ?? "", at: 1)
        list.bindNothing(at: 2)
        if let category {
            guard let number = try number(ofCategory: category, adding: false) else { return [] }
            list.bind(number, at: 2)
        }
        defer { list.reset() }
        var listings: [StreamListing] = []
        while listings.count < limit, try list.step() {
            let state = try state(of: list.number(0))
            guard state.versions != nil, let name = try? StreamName(list.text(1)) else { continue }
            listings.append(StreamListing(stream: name, state: state))
        }
        return listings
    }
}
