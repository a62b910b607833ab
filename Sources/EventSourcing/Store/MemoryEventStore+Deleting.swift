public import Timeline

extension MemoryEventStore {
    /// Hides a stream's events before a version.
    public mutating func truncate(_ stream: StreamName, before version: StreamVersion) throws(EventStoreError) {
        guard let number = numbers[stream] else { return }
        if streams[number].state.isTombstoned { throw .streamDeleted(stream) }
        streams[number].state.hide(before: version)
    }

    /// Deletes a stream for the time being, or for ever.
    public mutating func delete(
        _ stream: StreamName, for extent: Deletion, expecting expected: ExpectedVersion, at now: Instant
    ) throws(EventStoreError) {
        try state(of: stream).checkDeletion(of: stream, expecting: expected)
        switch extent {
        case .forNow:
            guard let number = numbers[stream] else { return }
            streams[number].state.end(for: .forNow)
            streams[number].snapshot = nil
        case .forEver:
            let number = number(of: stream)
            put([.tombstone(of: stream, streams[number].state.nextVersion)], in: number, at: now)
            streams[number].state.end(for: .forEver)
            streams[number].snapshot = nil
        }
    }

    /// Removes hidden events from the log, up to a position.
    public mutating func scavenge(upTo position: Position) -> Int {
        var count = 0
        for number in streams.indices {
            let hidden = streams[number].state.firstVersion
            for place in streams[number].runs.prefix(while: { runs[$0].version < hidden }) {
                let first = runs[place].version
                let removed = runs[place].removeEvents(before: hidden, upTo: position)
                streams[number].forget(removed, from: first)
                count += removed.count
            }
        }
        return count
    }

    /// Keeps a snapshot.
    public mutating func save(_ snapshot: Snapshot) {
        let number = number(of: snapshot.stream)
        if streams[number].state.isTombstoned { return }
        if let former = streams[number].snapshot, former.version > snapshot.version { return }
        streams[number].snapshot = snapshot
        metrics.snapshotsSaved += 1
    }

    /// The latest snapshot of a stream.
    public mutating func snapshot(of stream: StreamName) -> Snapshot? {
        guard let number = numbers[stream], let snapshot = streams[number].snapshot,
            streams[number].state.bearsOut(snapshot)
        else { return nil }
        metrics.snapshotsFound += 1
        return snapshot
    }
}

extension StreamState {
    /// Refuses to delete a stream that is deleted already, or not as expected.
    public func checkDeletion(
        of stream: StreamName, expecting expected: ExpectedVersion
    ) throws(EventStoreError) {
        if isTombstoned { throw .streamDeleted(stream) }
        let holds =
            switch expected {
            case .any: true
            case .noStream: lastVersion == nil || isDeletedForNow
            case .streamExists: lastVersion != nil && !isDeletedForNow
            case .exactly(let version): version == lastVersion
            }
        if !holds { throw .wrongVersion(stream, expected: expected, actual: lastVersion) }
    }
}

extension EventData {
    /// The event that ends a stream for ever.
    public static func tombstone(of stream: StreamName, _ version: StreamVersion) -> EventData {
        var digest = Digest()
        digest.mix(text: stream.text)
        let cause = EventID(high: digest.value, low: UInt64(bitPattern: version.number))
        return EventData(id: EventID(of: 0, from: cause), type: RecordedEvent.tombstoneType)
    }
}
