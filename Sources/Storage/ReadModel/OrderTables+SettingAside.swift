import CQRS
import EventSourcing
import Orders
import Timeline

extension OrderTables {
    func put(_ aside: SetAsideEvent) throws {
        let (recorded, event) = (aside.event, aside.event.event)
        putAside.bind(recorded.position.number, at: 1)
        putAside.bind(Int64(bitPattern: aside.sequence.number), at: 2)
        putAside.bind(aside.waits ? 1 : 0, at: 3)
        if let failure = aside.failure {
            putAside.bind(Int64(failure.rawValue), at: 4)
        } else {
            putAside.bindNothing(at: 4)
        }
        putAside.bind(aside.detail, at: 5)
        putAside.bind(Int64(aside.attempts), at: 6)
        putAside.bind(aside.at.nanoseconds, at: 7)
        putAside.bind(recorded.stream.text, at: 8)
        putAside.bind(recorded.version.number, at: 9)
        putAside.bind(recorded.recordedAt.nanoseconds, at: 10)
        putAside.bind(copying: event.id.bytes, at: 11)
        putAside.bind(event.type, at: 12)
        putAside.bind(Int64(event.schema), at: 13)
        putAside.bind(copying: event.data, at: 14)
        putAside.bind(copying: event.metadata, at: 15)
        for (place, id) in [(Int32(16), event.correlation), (17, event.causation)] {
            if let id { putAside.bind(copying: id.bytes, at: place) } else { putAside.bindNothing(at: place) }
        }
        try putAside.run()
    }

    func removeSetAside(at position: Position) throws {
        removeAside.bind(position.number, at: 1)
        try removeAside.run()
    }

    func firstWaiting(of sequence: SequenceKey) throws -> SetAsideEvent? {
        findWaiting.bind(Int64(bitPattern: sequence.number), at: 1)
        guard try findWaiting.step() else { return nil }
        defer { findWaiting.reset() }
        return try aside(in: findWaiting)
    }

    /// What is set aside, in the order of the log.
    func setAside() throws -> [SetAsideEvent] {
        defer { listAside.reset() }
        var events: [SetAsideEvent] = []
        while try listAside.step() { events.append(try aside(in: listAside)) }
        return events
    }

    /// The sequences that wait, by their first events.
    func waiting() throws -> [QuarantinedSequence] {
        defer { listWaiting.reset() }
        var sequences: [QuarantinedSequence] = []
        while try listWaiting.step() {
            let key = SequenceKey(UInt64(bitPattern: listWaiting.number(0)))
            sequences.append(
                QuarantinedSequence(
                    sequence: key, head: Position(listWaiting.number(1)), letters: Int(listWaiting.number(2))))
        }
        return sequences
    }

    private func aside(in row: PreparedStatement) throws -> SetAsideEvent {
        guard let stream = try? StreamName(row.text(7)), let id = row.words(10) else {
            throw ReadModelError.storage(
                "the read model is damaged: event \(row.number(0)) has no stream or id; have it made anew")
        }
        let event = EventData(
            id: EventID(high: id.high, low: id.low), type: row.text(11), schema: Int(row.number(12)),
            data: row.bytes(13), metadata: row.bytes(14),
            correlation: row.words(15).map { EventID(high: $0.high, low: $0.low) },
            causation: row.words(16).map { EventID(high: $0.high, low: $0.low) })
        let recorded = RecordedEvent(
            stream: stream, version: StreamVersion(row.number(8)), position: Position(row.number(0)),
            recordedAt: Instant(nanoseconds: row.number(9)), event: event)
        let failure = row.isNothing(3) ? nil : UInt8(exactly: row.number(3)).flatMap { EventFailure(rawValue: $0) }
        return SetAsideEvent(
            recorded, failure: failure, detail: row.text(4), attempts: Int(row.number(5)),
            at: Instant(nanoseconds: row.number(6)), waits: row.number(2) != 0)
    }
}

extension EventID {
    /// The sixteen bytes, most significant first.
    fileprivate var bytes: [UInt8] { withBytes(of: self) { Array($0) } }
}
