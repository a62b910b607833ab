public import EventSourcing
public import Timeline

extension SQLiteEventStore {
    /// Hides a stream's events before a version.
    public mutating func truncate(_ stream: StreamName, before version: StreamVersion) throws(EventStoreError) {
        try change { tables in
            guard let number = try tables.number(of: stream) else { return }
            var state = try tables.state(of: number)
            if state.isTombstoned { throw EventStoreError.streamDeleted(stream) }
            state.hide(before: version)
            try tables.set(state, of: number)
        }
    }

    /// Deletes a stream for the time being, or for ever.
    public mutating func delete(
        _ stream: StreamName, for extent: Deletion, expecting expected: ExpectedVersion, at now: Instant
    ) throws(EventStoreError) {
        try change { tables in
            var state = try tables.state(of: stream)
            try state.checkDeletion(of: stream, expecting: expected)
            if extent == .forEver { try tables.putTombstone(of: stream, state.nextVersion, at: now) }
            guard let number = try tables.number(of: stream) else { return }
            state.end(for: extent)
            try tables.set(state, of: number)
            let remove = try tables.prepared().removeSnapshot
            remove.bind(number, at: 1)
            try remove.run()
        }
    }

    /// Removes hidden events from the log, up to a position.
    public mutating func scavenge(upTo position: Position) throws(EventStoreError) -> Int {
        try change { tables in
            let statements = try tables.prepared()
            // Positions and versions must go on where they were, also when the last event is gone.
            statements.setHead.bind(try tables.head(), at: 1)
            try statements.setHead.run()
            var hidden: [(stream: Int64, first: Int64)] = []
            while try statements.hidden.step() {
                hidden.append((statements.hidden.number(0), statements.hidden.number(1)))
            }
            return try hidden.reduce(0) { removed, each in
                removed + (try tables.remove(from: each.stream, before: each.first, upTo: position))
            }
        }
    }

    /// Keeps a snapshot.
    public mutating func save(_ snapshot: Snapshot) throws(EventStoreError) {
        let isKept = try change { tables in
            let number = try tables.numberAdding(snapshot.stream)
            if try tables.state(of: number).isTombstoned { return false }
            let save = try tables.prepared().saveSnapshot
            save.bind(number, at: 1)
            save.bind(snapshot.version.number, at: 2)
            save.bind(Int64(snapshot.schema), at: 3)
            save.bind(snapshot.takenAt.nanoseconds, at: 5)
            return try snapshot.data.withUnsafeBytes { data in
                save.bind(data, at: 4)
                return try save.number() != nil
            }
        }
        if isKept { metrics.snapshotsSaved += 1 }
    }

    /// The latest snapshot of a stream.
    public mutating func snapshot(of stream: StreamName) throws(EventStoreError) -> Snapshot? {
        let snapshot = try access { tables -> Snapshot? in
            guard let number = try tables.number(of: stream) else { return nil }
            let find = try tables.prepared().findSnapshot
            find.bind(number, at: 1)
            guard try find.step() else { return nil }
            let snapshot = Snapshot(
                stream: stream, version: StreamVersion(find.number(0)), schema: Int(find.number(1)),
                data: find.bytes(2), takenAt: Instant(nanoseconds: find.number(3)))
            find.reset()
            return try tables.state(of: number).bearsOut(snapshot) ? snapshot : nil
        }
        if snapshot != nil { metrics.snapshotsFound += 1 }
        return snapshot
    }
}

extension EventTables {
    /// Removes a stream's events before a version, up to a position; returns how many.
    fileprivate func remove(from stream: Int64, before version: Int64, upTo position: Position) throws -> Int {
        let statements = try prepared()
        statements.remove.bind(stream, at: 1)
        statements.remove.bind(version, at: 2)
        statements.remove.bind(position.number, at: 3)
        var (removed, last) = (0, Int64(-1))
        while try statements.remove.step() {
            removed += 1
            last = max(last, statements.remove.number(0))
        }
        statements.removedFrom.bind(stream, at: 1)
        statements.removedFrom.bind(last, at: 2)
        try statements.removedFrom.run()
        return removed
    }
}
