public import EventSourcing
public import Timeline

extension SQLiteEventStore {
    /// Appends events to one or several streams: all of them, or none.
    public mutating func append(_ appends: [StreamAppend], at now: Instant) throws(EventStoreError) -> [Appended] {
        do throws(EventStoreError) {
            try limits.check(appends)
            let appended = try change { try $0.append(appends, at: now) }
            metrics.count(appended, of: appends)
            return appended
        } catch {
            metrics.count(error)
            throw error
        }
    }

    /// Where a stream holds an append that began with an event of this id.
    public mutating func append(
        beginningWith id: EventID, in stream: StreamName
    ) throws(EventStoreError) -> StreamVersion? {
        try access { tables in
            try tables.number(of: stream).flatMap { try tables.append(beginningWith: id, in: $0) }
        }
    }
}

extension EventTables {
    func append(_ appends: [StreamAppend], at now: Instant) throws -> [Appended] {
        let decisions = try appends.map { try decision(about: $0) }
        let batch = try AppendBatch(appends, decisions: decisions)
        var appended: [Appended] = []
        for part in batch.parts {
            if let repetition = part.wasThere {
                appended.append(try repeated(part.append.stream, repetition))
            } else {
                appended.append(try store(part.append, at: now))
            }
        }
        return appended
    }

    private func repeated(_ stream: StreamName, _ version: StreamVersion) throws -> Appended {
        guard let number = try number(of: stream) else {
            return Appended(lastVersion: nil, position: nil, wasThere: true)
        }
        let position = try place(version, in: number)?.position
        return Appended(lastVersion: version, position: position, wasThere: true)
    }

    private func decision(about append: StreamAppend) throws -> (state: StreamState, decision: StreamState.Decision) {
        guard let number = try number(of: append.stream) else {
            let none = StreamState.none
            let decision = none.decide(
                expecting: append.expected, ids: EmptyCollection(), versionOf: { _ in nil }, idAt: { _ in nil })
            return (none, decision)
        }
        let state = try state(of: number)
        let versionOf = { (id: EventID) throws -> StreamVersion? in try self.version(of: id, in: number) }
        let idAt = { (version: StreamVersion) throws -> EventID? in try self.place(version, in: number)?.id }
        let decision = try state.decide(
            expecting: append.expected, ids: append.events.lazy.map(\.id), versionOf: versionOf, idAt: idAt)
        return (state, decision)
    }

    private func store(_ append: StreamAppend, at now: Instant) throws -> Appended {
        let state = try state(of: append.stream)
        guard let first = append.events.first else {
            return Appended(lastVersion: state.lastVersion, position: nil, wasThere: false)
        }
        let stream = try numberAdding(append.stream)
        let category = try number(ofCategory: String(append.stream.category), adding: true) ?? 0
        var (version, position) = (state.nextVersion, Position(try head()))
        for event in append.events {
            position = position + 1
            let row = EventRow(
                event: event, type: try number(ofType: event.type, adding: true) ?? 0, stream: stream,
                category: category, version: version, position: position, at: now,
                beginsAppend: event.id == first.id && version == state.nextVersion)
            try row.insert(by: try prepared().insert)
            try noteBlock(of: position, category)
            version = version + 1
        }
        return Appended(lastVersion: StreamVersion(version.number - 1), position: position, wasThere: false)
    }

    /// Notes that a stretch of the log holds events of a category.
    private func noteBlock(of position: Position, _ category: Int64) throws {
        let block = position.number / 256
        guard notedBlocks[category] != block else { return }
        notedBlocks[category] = block
        let note = try prepared().noteBlock
        note.bind(category, at: 1)
        note.bind(block, at: 2)
        try note.run()
    }

    /// Puts a tombstone behind a stream's last event.
    func putTombstone(of stream: StreamName, _ version: StreamVersion, at now: Instant) throws {
        let category = try number(ofCategory: String(stream.category), adding: true) ?? 0
        let position = Position(try head()) + 1
        let tombstone = EventData.tombstone(of: stream, version)
        let row = EventRow(
            event: tombstone, type: try number(ofType: tombstone.type, adding: true) ?? 0,
            stream: try numberAdding(stream), category: category, version: version, position: position, at: now,
            beginsAppend: true)
        try row.insert(by: try prepared().insert)
        try noteBlock(of: position, category)
    }
}
