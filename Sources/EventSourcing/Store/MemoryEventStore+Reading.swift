extension MemoryEventStore {
    /// Reads a page of a stream.
    public mutating func read(
        _ stream: StreamName, from version: StreamVersion?, _ direction: ReadDirection, limit: Int
    ) throws(EventStoreError) -> StreamPage {
        let state = state(of: stream)
        if state.isTombstoned { throw .streamDeleted(stream) }
        let span = state.page(from: version, direction, limit: PageSize.clamped(limit))
        var events: [RecordedEvent] = []
        if let number = numbers[stream], let versions = span.versions {
            for index in versions.lowerBound.number...versions.upperBound.number {
                if let event = event(StreamVersion(index), of: streams[number]) { events.append(event) }
            }
        }
        if direction == .backward { events.reverse() }
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
                page(of: categories[category] ?? [], from: position, direction, limit: limit)
            case .all, .types:
                scan(filter, from: position, direction, limit: limit)
            }
        metrics.countPage(of: page.events.count)
        return page
    }

    /// Reads what stands at ascending positions.
    private func page(
        of positions: [Position], from start: Position?, _ direction: ReadDirection, limit: Int
    ) -> LogPage {
        var events: [RecordedEvent] = []
        switch direction {
        case .forward:
            let first = positions.firstIndex(after: start ?? .start)
            var index = first
            while index < positions.count, events.count < limit {
                if let event = log[Int(positions[index].number) - 1] { events.append(event) }
                index += 1
            }
            let isEnd = index == positions.count
            let reached = isEnd ? max(head, start ?? .start) : positions[index - 1]
            return LogPage(from: start, events: events, reached: reached, isEnd: isEnd, head: head)
        case .backward:
            var index = start.map { positions.firstIndex(after: Position($0.number - 1)) } ?? positions.count
            while index > 0, events.count < limit {
                index -= 1
                if let event = log[Int(positions[index].number) - 1] { events.append(event) }
            }
            let reached = index == 0 ? Position(1) : positions[index]
            return LogPage(from: start, events: events, reached: reached, isEnd: index == 0, head: head)
        }
    }

    /// Looks at so many places of the log at most for one page.
    private static let window = PageSize.limit

    private func scan(
        _ filter: LogFilter, from start: Position?, _ direction: ReadDirection, limit: Int
    ) -> LogPage {
        var events: [RecordedEvent] = []
        // The number of places before the next one to look at forward, behind it backward.
        var place =
            switch direction {
            case .forward: Int(min(max(start ?? .start, .start), head).number)
            case .backward: Int(min(max(start.map { Position($0.number - 1) } ?? head, .start), head).number)
            }
        var looked = 0
        let end = direction == .forward ? log.count : 0
        while place != end, events.count < limit, looked < Self.window {
            if direction == .backward { place -= 1 }
            if let event = log[place], filter.includes(event) { events.append(event) }
            if direction == .forward { place += 1 }
            looked += 1
        }
        let reached = direction == .forward ? max(Position(Int64(place)), start ?? .start) : Position(Int64(place) + 1)
        return LogPage(from: start, events: events, reached: reached, isEnd: place == end, head: head)
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

extension [Position] {
    /// The index of the first position behind another; the positions ascend.
    fileprivate func firstIndex(after position: Position) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] > position { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
