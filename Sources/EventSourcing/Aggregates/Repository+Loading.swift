import Timeline

extension Repository {
    /// Brings an aggregate back: from its latest snapshot, if there is one that can be read, and all events behind it.
    public func load<Store: EventStore>(
        _ id: some CustomStringConvertible, from store: inout Store
    ) throws(Failure) -> Loaded {
        let stream = try stream(of: id)
        var loaded = try beginning(of: stream, in: &store)
        try readOn(stream, into: &loaded, from: &store)
        return loaded
    }

    /// The aggregate as its latest snapshot has it, or before its first event.
    private func beginning<Store: EventStore>(
        of stream: StreamName, in store: inout Store
    ) throws(Failure) -> Loaded {
        let found = try asking { () throws(EventStoreError) in try store.snapshot(of: stream) }
        if let found, let snapshot = try? upcasting.upcast(found, type: category),
            snapshot.schema == Root.snapshotSchema, let root = Root(snapshotData: snapshot.data)
        {
            return Loaded(root: root, version: snapshot.version, eventsRead: 0, snapshot: snapshot.version)
        }
        let state = try asking { () throws(EventStoreError) in try store.state(of: stream) }
        guard state.firstVersion == state.beginning else { throw .truncated(stream, from: state.firstVersion) }
        let before = state.beginning == .first ? nil : StreamVersion(state.beginning.number - 1)
        return Loaded(root: Root(), version: before, eventsRead: 0, snapshot: nil)
    }

    /// Reads all events behind those that the aggregate has, page after page.
    private func readOn<Store: EventStore>(
        _ stream: StreamName, into loaded: inout Loaded, from store: inout Store
    ) throws(Failure) {
        var next = loaded.version.map { $0 + 1 }
        while true {
            let page = try asking { () throws(EventStoreError) in
                try store.read(stream, from: next, .forward, limit: PageSize.limit)
            }
            for recorded in page.events { try apply(recorded, to: &loaded) }
            guard let following = page.next else { return }
            next = following
        }
    }

    private func apply(_ recorded: RecordedEvent, to loaded: inout Loaded) throws(Failure) {
        let expected = loaded.version.map { $0 + 1 } ?? .first
        guard recorded.version == expected else {
            throw .gap(recorded.stream, expected: expected, found: recorded.version)
        }
        loaded.root.evolve(try event(recorded))
        loaded.version = recorded.version
        loaded.eventsRead += 1
    }

    /// Reads a stored event in its newest form.
    func event(_ recorded: RecordedEvent) throws(Failure) -> Root.Event {
        let newest: EventData
        do throws(Upcasting.Failure) {
            newest = try upcasting.upcast(recorded.event)
        } catch {
            let why = UnreadableEvent.undecodable("\(error)")
            throw .unreadable(recorded.stream, recorded.version, why)
        }
        do throws(UnreadableEvent) {
            return try Root.Event(newest)
        } catch {
            throw .unreadable(recorded.stream, recorded.version, error)
        }
    }

    /// Asks the store.
    func asking<Answer>(_ body: () throws(EventStoreError) -> Answer) throws(Failure) -> Answer {
        do throws(EventStoreError) {
            return try body()
        } catch {
            throw .store(error)
        }
    }
}
