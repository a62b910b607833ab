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
            let version = streams[number].state.nextVersion
            put(.tombstone(of: stream, version), version, in: number, at: now)
            streams[number].state.end(for: .forEver)
            streams[number].snapshot = nil
        }
    }

    /// Removes hidden events from the log, up to a position.
    public mutating func scavenge(upTo position: Position) -> Int {
        var removed = 0
        for (number, stream) in streams.enumerated() {
            for place in stream.positions.prefix(Int(clamping: stream.state.firstVersion.number)) {
                guard place <= position, let event = log[Int(place.number) - 1], !event.isTombstone else { continue }
                log[Int(place.number) - 1] = nil
                forget(event.event.id, of: number, before: stream.state.firstVersion)
                removed += 1
            }
        }
        return removed
    }
}

extension MemoryEventStore {
    /// Forgets the id of an event that was removed, unless a later event has the same.
    private mutating func forget(_ id: EventID, of number: Int, before version: StreamVersion) {
        let identity = Identity(stream: Int32(number), id: id)
        if let last = versions[identity], last < version { versions[identity] = nil }
        if let last = beginnings[identity], last < version { beginnings[identity] = nil }
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
