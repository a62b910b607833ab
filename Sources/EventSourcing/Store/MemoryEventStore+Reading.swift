extension MemoryEventStore {
    /// Reads a page of a stream.
    public mutating func read(
        _ stream: StreamName, from version: StreamVersion?, _ direction: ReadDirection, limit: Int
    ) throws(EventStoreError) -> StreamPage {
        let state = state(of: stream)
        if state.isTombstoned { throw .streamDeleted(stream) }
        let span = state.page(from: version, direction, limit: PageSize.clamped(limit))
        var events: [RecordedEvent] = []
        if let number = numbers[stream], let versions = span.versions,
            let first = run(with: versions.lowerBound, of: number)?.position(of: versions.lowerBound),
            let last = run(with: versions.upperBound, of: number)?.position(of: versions.upperBound)
        {
            events.reserveCapacity(Int(versions.upperBound.number - versions.lowerBound.number) + 1)
            _ = walk(streams[number].runs, within: first..<last + 1, direction) { event in
                events.append(event)
                return true
            }
        }
        metrics.countPage(of: events.count)
        return StreamPage(events: events, next: span.next, state: state)
    }

    /// Reads a page of the log.
    public mutating func readLog(
        _ filter: LogFilter, from position: Position?, _ direction: ReadDirection, limit: Int
    ) -> LogPage {
        let limit = PageSize.clamped(limit)
        let page =
            switch filter {
            case .category(let category):
                page(of: categories[category] ?? [], .all, from: position, direction, limit: limit)
            case .all, .types:
                page(of: runs.indices, filter, from: position, direction, limit: limit)
            }
        metrics.countPage(of: page.events.count)
        return page
    }

    /// Looks at so many events at most for one page.
    private static let window = PageSize.limit

    /// Reads a page of some runs.
    private func page<Places: RandomAccessCollection<Int>>(
        of places: Places, _ filter: LogFilter, from start: Position?, _ direction: ReadDirection, limit: Int
    ) -> LogPage where Places.Index == Int {
        var (events, looked, reached): ([RecordedEvent], Int, Position) = ([], 0, .start)
        let span = span(from: start, direction)
        if filter == .all { events.reserveCapacity(min(limit, Int(span.upperBound - span.lowerBound))) }
        let isEnd = walk(places, within: span, direction) { event in
            guard events.count < limit, looked < Self.window else { return false }
            looked += 1
            reached = event.position
            if filter.includes(event) { events.append(event) }
            return true
        }
        if isEnd { reached = direction == .forward ? max(head, start ?? .start) : Position(1) }
        return LogPage(from: start, events: events, reached: reached, isEnd: isEnd, head: head)
    }

    /// The positions behind one, or before it.
    private func span(from start: Position?, _ direction: ReadDirection) -> Range<Position> {
        let (first, end) = (Position(1), head + 1)
        return switch direction {
        case .forward: (min(max(start ?? .start, .start), head) + 1)..<end
        case .backward: first..<min(max(start ?? end, first), end)
        }
    }

    /// Looks at the events of some runs within a span, until one is too many; returns whether it came to the end.
    /// Whoever looks takes over the event, so that keeping it costs no other copy.
    private func walk<Places: RandomAccessCollection<Int>>(
        _ places: Places, within span: Range<Position>, _ direction: ReadDirection,
        look: (consuming RecordedEvent) -> Bool
    ) -> Bool where Places.Index == Int {
        let first = places.firstIndex(from: 0) { runs[$0].endPosition > span.lowerBound }
        let end = places.firstIndex(from: first) { runs[$0].position >= span.upperBound }
        for place in direction.order(of: first..<end) {
            let run = runs[places[place]]
            let name = streams[run.stream].name
            for index in direction.order(of: run.indices(within: span)) {
                guard look(run.recorded(index, of: name)) else { return false }
            }
        }
        return true
    }

    /// The streams that have events, in order of their names.
    public func streams(in category: String?, after name: StreamName?, limit: Int) -> [StreamListing] {
        let known = streams.filter { stream in
            !stream.state.isTombstoned && stream.state.versions != nil
                && (category == nil || stream.category == category) && (name.map { stream.name > $0 } ?? true)
        }
        return known.sorted { $0.name < $1.name }.prefix(PageSize.clamped(limit)).map {
            StreamListing(stream: $0.name, state: $0.state)
        }
    }
}

extension StreamState {
    /// Which versions a page holds, and where the next one begins.
    public func page(
        from version: StreamVersion?, _ direction: ReadDirection, limit: Int
    ) -> (versions: ClosedRange<StreamVersion>?, next: StreamVersion?) {
        guard let all = versions else { return (nil, nil) }
        switch direction {
        case .forward:
            let first = max(version ?? all.lowerBound, all.lowerBound)
            guard first <= all.upperBound else { return (nil, nil) }
            let last = min(first.number.addingSaturating(Int64(limit) - 1), all.upperBound.number)
            return (first...StreamVersion(last), last < all.upperBound.number ? StreamVersion(last + 1) : nil)
        case .backward:
            let last = min(version ?? all.upperBound, all.upperBound)
            guard last >= all.lowerBound else { return (nil, nil) }
            let first = max(last.number - Int64(limit) + 1, all.lowerBound.number)
            return (StreamVersion(first)...last, first > all.lowerBound.number ? StreamVersion(first - 1) : nil)
        }
    }
}

extension Int64 {
    fileprivate func addingSaturating(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

extension ReadDirection {
    /// Indices in the order of reading.
    fileprivate func order(of indices: Range<Int>) -> StrideTo<Int> {
        switch self {
        case .forward: stride(from: indices.lowerBound, to: indices.upperBound, by: 1)
        case .backward: stride(from: indices.upperBound - 1, to: indices.lowerBound - 1, by: -1)
        }
    }
}

extension RandomAccessCollection<Int> where Index == Int {
    /// The first index from one on whose element is far enough, where all behind it are too; the end if none is.
    func firstIndex(from start: Int, where isFarEnough: (Int) -> Bool) -> Int {
        var (low, high) = (start, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if isFarEnough(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
