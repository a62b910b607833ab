import EventSourcing
import Timeline

/// An event as a row of the table.
struct EventRow {
    let event: EventData
    let type: Int64
    let stream: Int64
    let category: Int64
    let version: StreamVersion
    let position: Position
    let at: Instant
    let beginsAppend: Bool

    func insert(by statement: PreparedStatement) throws {
        statement.bind(position.number, at: 1)
        statement.bind(category, at: 2)
        statement.bind(stream, at: 3)
        statement.bind(version.number, at: 4)
        statement.bind(type, at: 6)
        statement.bind(Int64(event.schema), at: 7)
        statement.bind(beginsAppend ? 1 : 0, at: 8)
        statement.bind(at.nanoseconds, at: 11)
        // The three ids in one place that stays put until the statement has been run.
        let correlation = event.correlation ?? event.id
        let causation = event.causation ?? event.id
        let words = (
            event.id.high.bigEndian, event.id.low.bigEndian, correlation.high.bigEndian, correlation.low.bigEndian,
            causation.high.bigEndian, causation.low.bigEndian
        )
        try withUnsafeBytes(of: words) { ids in
            statement.bind(UnsafeRawBufferPointer(rebasing: ids[0..<16]), at: 5)
            bind(event.correlation, UnsafeRawBufferPointer(rebasing: ids[16..<32]), at: 9, statement)
            bind(event.causation, UnsafeRawBufferPointer(rebasing: ids[32..<48]), at: 10, statement)
            try event.data.withUnsafeBytes { data in
                statement.bind(data, at: 12)
                try event.metadata.withUnsafeBytes { metadata in
                    statement.bind(metadata, at: 13)
                    try statement.run()
                }
            }
        }
    }

    private func bind(
        _ id: EventID?, _ bytes: UnsafeRawBufferPointer, at place: Int32, _ statement: PreparedStatement
    ) {
        if id == nil { statement.bindNothing(at: place) } else { statement.bind(bytes, at: place) }
    }
}

extension EventTables {
    /// The event in a statement's row, which has the columns position, stream, version, id, type, schema, correlation,
    /// causation, recorded_at, data, metadata.
    func event(in row: PreparedStatement) throws -> RecordedEvent {
        guard let id = row.words(3) else { throw EventStoreError.corrupt("event \(row.number(0)) has no id") }
        let event = EventData(
            id: EventID(high: id.high, low: id.low), type: try name(ofType: row.number(4)),
            schema: Int(row.number(5)), data: row.bytes(9), metadata: row.bytes(10),
            correlation: row.words(6).map { EventID(high: $0.high, low: $0.low) },
            causation: row.words(7).map { EventID(high: $0.high, low: $0.low) })
        return RecordedEvent(
            stream: try name(ofStream: row.number(1)), version: StreamVersion(row.number(2)),
            position: Position(row.number(0)), recordedAt: Instant(nanoseconds: row.number(8)), event: event)
    }

    /// All events of a statement's rows.
    func events(of statement: PreparedStatement, expecting count: Int) throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        events.reserveCapacity(count)
        do {
            while try statement.step() { events.append(try event(in: statement)) }
        } catch {
            statement.reset()
            throw error
        }
        return events
    }
}
