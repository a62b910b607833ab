import EventSourcing

extension EventTables {
    /// What there is to know about a stream by its number.
    func state(of number: Int64) throws -> StreamState {
        let statements = try prepared()
        let row = statements.streamRow
        row.bind(number, at: 1)
        guard try row.step() else { throw EventStoreError.corrupt("there is no stream \(number)") }
        let (removed, beginning, first) = (row.number(0), row.number(1), row.number(2))
        let isTombstoned = row.number(3) != 0
        row.reset()
        statements.lastVersion.bind(number, at: 1)
        var last = max(removed, try statements.lastVersion.number() ?? -1)
        // The last event of a stream that was deleted for ever is its tombstone.
        if isTombstoned { last -= 1 }
        return StreamState(
            lastVersion: last < 0 ? nil : StreamVersion(last), beginning: StreamVersion(beginning),
            firstVersion: StreamVersion(first), isTombstoned: isTombstoned)
    }

    /// What there is to know about a stream by its name.
    func state(of stream: StreamName) throws -> StreamState {
        try number(of: stream).map { try state(of: $0) } ?? .none
    }

    /// Writes down where a stream begins, and whether it was deleted.
    func set(_ state: StreamState, of number: Int64) throws {
        let set = try prepared().setStream
        set.bind(number, at: 1)
        set.bind(state.beginning.number, at: 2)
        set.bind(state.firstVersion.number, at: 3)
        set.bind(state.isTombstoned ? 1 : 0, at: 4)
        try set.run()
    }

    /// Where a stream holds an event of an id: the latest of several.
    func version(of id: EventID, in number: Int64) throws -> StreamVersion? {
        // Most often the id is that of an append's first event, which an index finds; else all of the stream is read.
        try append(beginningWith: id, in: number) ?? version(of: id, in: number, by: prepared().versionOf)
    }

    /// Where a stream holds an append that began with an event of this id.
    func append(beginningWith id: EventID, in number: Int64) throws -> StreamVersion? {
        try version(of: id, in: number, by: prepared().append)
    }

    private func version(of id: EventID, in number: Int64, by find: PreparedStatement) throws -> StreamVersion? {
        find.bind(number, at: 1)
        return try withBytes(of: id) { bytes in
            find.bind(bytes, at: 2)
            return try find.number().map { StreamVersion($0) }
        }
    }

    /// The place in the log and the id of a stream's event.
    func place(_ version: StreamVersion, in number: Int64) throws -> (position: Position, id: EventID)? {
        let find = try prepared().eventAt
        find.bind(number, at: 1)
        find.bind(version.number, at: 2)
        guard try find.step() else { return nil }
        defer { find.reset() }
        guard let id = find.words(1) else { throw EventStoreError.corrupt("event \(find.number(0)) has no id") }
        return (Position(find.number(0)), EventID(high: id.high, low: id.low))
    }
}

/// Lends the sixteen bytes of an id, most significant first.
func withBytes<Answer>(of id: EventID, _ body: (UnsafeRawBufferPointer) throws -> Answer) rethrows -> Answer {
    let words = (id.high.bigEndian, id.low.bigEndian)
    return try withUnsafeBytes(of: words, body)
}
