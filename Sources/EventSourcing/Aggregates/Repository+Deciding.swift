public import Timeline

extension Repository {
    /// Carries out a command: brings the aggregate back, lets it decide, and appends what it decided to the very version
    /// that it looked at. If somebody else was faster it is decided anew, as often as ``conflictRetries`` says.
    ///
    /// The events' ids follow from the command's id, so a command that comes again is known by them, however long ago it
    /// came first; nothing is decided then.
    /// - Parameters:
    ///   - command: what is asked.
    ///   - id: the aggregate's.
    ///   - commandID: what tells the command from all others, the same each time it is sent.
    ///   - correlation: what it belongs to.
    ///   - store: the store.
    ///   - now: the time.
    @discardableResult
    public func decide<Store: EventStore>(
        _ command: Root.Command, on id: some CustomStringConvertible, commandID: EventID,
        correlation: EventID? = nil, in store: inout Store, at now: Instant
    ) throws(Failure) -> Decided {
        let stream = try stream(of: id)
        var conflicts = 0
        while true {
            let loaded = try load(id, from: &store)
            let before = try asking { () throws(EventStoreError) in
                try store.append(beginningWith: EventID(of: 0, from: commandID), in: stream)
            }
            if let before {
                return try remembered(loaded, commandID, from: before, of: stream, in: &store, conflicts: conflicts)
            }
            let events = try decide(command, loaded.root, at: now)
            do throws(EventStoreError) {
                let data = stored(events, commandID: commandID, correlation: correlation)
                let expected = loaded.version.map { ExpectedVersion.exactly($0) } ?? .noStream
                let appended = try store.append(data, to: stream, expecting: expected, at: now)
                return finished(loaded, events, appended, of: stream, in: &store, conflicts: conflicts, at: now)
            } catch {
                guard case .wrongVersion = error, conflicts < conflictRetries else { throw .store(error) }
                conflicts += 1
            }
        }
    }

    private func decide(_ command: Root.Command, _ root: Root, at now: Instant) throws(Failure) -> [Root.Event] {
        do throws(Root.Refusal) {
            return try root.decide(command, at: now)
        } catch {
            throw .refused(error)
        }
    }

    private func stored(_ events: [Root.Event], commandID: EventID, correlation: EventID?) -> [EventData] {
        events.enumerated().map { index, event in
            EventData(
                id: EventID(of: index, from: commandID), type: event.type, schema: event.schema, data: event.data,
                correlation: correlation, causation: commandID)
        }
    }

    /// What a command did when it came the first time: the events that it made, in a row.
    private func remembered<Store: EventStore>(
        _ loaded: Loaded, _ commandID: EventID, from first: StreamVersion, of stream: StreamName, in store: inout Store,
        conflicts: Int
    ) throws(Failure) -> Decided {
        var events: [Root.Event] = []
        var next: StreamVersion? = first
        reading: while let version = next {
            let page = try asking { () throws(EventStoreError) in
                try store.read(stream, from: version, .forward, limit: 64)
            }
            for recorded in page.events {
                guard recorded.event.causation == commandID else { break reading }
                events.append(try event(recorded))
            }
            next = page.next
        }
        return Decided(
            events: events, root: loaded.root, version: loaded.version, position: nil, wasDone: true,
            conflicts: conflicts, snapshotsFailed: 0)
    }

    /// Takes the snapshots that are due; one that cannot be kept is only counted, since the events are safe.
    private func finished<Store: EventStore>(
        _ loaded: Loaded, _ events: [Root.Event], _ appended: Appended, of stream: StreamName, in store: inout Store,
        conflicts: Int, at now: Instant
    ) -> Decided {
        var (root, version, failed) = (loaded.root, loaded.version, 0)
        for event in events {
            root.evolve(event)
            let reached = version.map { $0 + 1 } ?? .first
            version = reached
            guard snapshots.isDue(at: reached) else { continue }
            let snapshot = Snapshot(
                stream: stream, version: reached, schema: Root.snapshotSchema, data: root.snapshotData, takenAt: now)
            do { try store.save(snapshot) } catch { failed += 1 }
        }
        return Decided(
            events: events, root: root, version: version, position: appended.position, wasDone: false,
            conflicts: conflicts, snapshotsFailed: failed)
    }
}
