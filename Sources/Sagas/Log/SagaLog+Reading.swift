public import EventSourcing

extension SagaLog {
    /// Reads a saga from its stream, and checks every event; see ``SagaHistory``.
    ///
    /// - Throws: why it cannot be read, with the place in the stream. Nobody should go on with it then.
    public func load<Store: EventStore>(
        _ id: UInt64, named name: String, from store: inout Store
    ) throws(Failure) -> Recorded {
        try load(try stream(of: id, named: name), from: &store)
    }

    /// Reads the saga that a stream is of, such as those that `EventStore.streams(in:after:limit:)` lists.
    public func load<Store: EventStore>(_ stream: StreamName, from store: inout Store) throws(Failure) -> Recorded {
        let first = try Self.page(of: stream, from: nil, in: &store)
        guard first.state.firstVersion == first.state.beginning else {
            throw .truncated(stream, from: first.state.firstVersion)
        }
        guard let opening = first.events.first else { throw .unknownSaga(stream) }
        var recorded = try opened(opening, at: first.state.beginning)
        for event in first.events.dropFirst() { try Self.take(event, into: &recorded) }
        var next = first.next
        while let version = next {
            let page = try Self.page(of: stream, from: version, in: &store)
            for event in page.events { try Self.take(event, into: &recorded) }
            next = page.next
        }
        do throws(SagaHistoryError) {
            try recorded.history.end()
        } catch {
            throw .impossible(stream, recorded.version, error)
        }
        return recorded
    }

    static func page<Store: EventStore>(
        of stream: StreamName, from version: StreamVersion?, in store: inout Store
    ) throws(Failure) -> StreamPage {
        do throws(EventStoreError) {
            return try store.read(stream, from: version, .forward, limit: PageSize.limit)
        } catch {
            throw .store(error)
        }
    }

    /// The saga before its first event, under the definition that the stream names.
    private func opened(_ event: RecordedEvent, at beginning: StreamVersion) throws(Failure) -> Recorded {
        guard event.version == beginning else {
            throw .gap(event.stream, expected: beginning, found: event.version)
        }
        let opening: SagaOpening
        do throws(UnreadableEvent) {
            opening = try SagaOpening(event.event)
        } catch {
            throw .unreadable(event.stream, event.version, error)
        }
        guard try stream(of: opening.id, named: opening.saga) == event.stream else {
            throw .misplaced(event.stream, id: opening.id, name: opening.saga)
        }
        let definition = try definition(named: opening.saga, version: opening.definitionVersion)
        guard let data = opening.data(under: definition) else { throw .unexpectedData(event.stream) }
        return Recorded(
            stream: event.stream, version: event.version,
            correlation: event.event.correlation ?? Self.correlation(of: event.stream),
            history: SagaHistory(of: opening.id, data: data, under: definition))
    }

    private static func take(_ event: RecordedEvent, into recorded: inout Recorded) throws(Failure) {
        let expected = recorded.version.map { $0 + 1 } ?? .first
        guard event.version == expected else {
            throw .gap(event.stream, expected: expected, found: event.version)
        }
        let own = try self.event(event, under: recorded.definition)
        do throws(SagaHistoryError) {
            try recorded.history.take(own)
        } catch {
            throw .impossible(event.stream, event.version, error)
        }
        recorded.version = event.version
    }

    private static func event(
        _ event: RecordedEvent, under definition: SagaDefinition
    ) throws(Failure) -> Saga.Event {
        let stored: StoredSagaEvent
        do throws(UnreadableEvent) {
            stored = try StoredSagaEvent(event.event)
        } catch {
            throw .unreadable(event.stream, event.version, error)
        }
        do throws(StoredSagaEvent.UnexpectedStep) {
            return try stored.event(under: definition)
        } catch {
            throw .unexpectedStep(event.stream, event.version, error)
        }
    }
}
