public import EventSourcing
public import Timeline

extension SagaLog {
    /// A saga of which nothing is stored before the first append.
    /// - Parameters:
    ///   - id: what tells it from all others of its name.
    ///   - name: which definition it runs under.
    ///   - version: which version of that; the latest by default.
    ///   - data: what it is started with.
    ///   - correlation: what it belongs to, such as a request; by default its events belong to each other.
    /// - Throws: if there is no such definition.
    public func start(
        _ id: UInt64, named name: String, version: Int? = nil, data: SagaData = SagaData(),
        correlation: EventID? = nil
    ) throws(Failure) -> Recorded {
        let definition = try definition(named: name, version: version)
        let stream = try stream(of: id, named: name)
        return Recorded(
            stream: stream, version: nil, correlation: correlation ?? Self.correlation(of: stream),
            history: SagaHistory(of: id, data: data, under: definition))
    }

    /// Appends what a saga has decided, all of it or nothing, if its stream is still as it was read.
    ///
    /// The events' ids follow from the cause's, so an append whose outcome is unknown
    /// (`EventStoreError.unavailable`) is repeated with the same cause and stored once.
    /// - Parameters:
    ///   - events: what was decided together.
    ///   - recorded: the saga as it was read, before it decided.
    ///   - cause: the id of what the saga was told: of a reply, a timer, an order. Two orchestrators that read a
    ///     saga back after a crash have a cause each.
    ///   - store: the store.
    ///   - now: the time.
    /// - Throws: why nothing was appended, or that it is not known whether it was.
    public func append<Store: EventStore>(
        _ events: [Saga.Event], to recorded: Recorded, causedBy cause: EventID, in store: inout Store, at now: Instant
    ) throws(Failure) -> Appended {
        guard !events.isEmpty else { return .stored(recorded) }
        var after = try Self.taking(events, into: recorded)
        let data = Self.stored(events, of: recorded, causedBy: cause)
        let expected = recorded.version.map { ExpectedVersion.exactly($0) } ?? .noStream
        do throws(EventStoreError) {
            let appended = try store.append(data, to: recorded.stream, expecting: expected, at: now)
            after.version = appended.lastVersion
            guard appended.wasThere else { return .stored(after) }
        } catch {
            guard case .wrongVersion = error else { throw .store(error) }
            return .outrun(try load(recorded.stream, from: &store))
        }
        return try Self.holds(data, of: after, in: &store)
            ? .stored(after) : .outrun(try load(recorded.stream, from: &store))
    }

    /// The saga after its decision, which has to be whole.
    private static func taking(_ events: [Saga.Event], into recorded: Recorded) throws(Failure) -> Recorded {
        var after = recorded
        do throws(SagaHistoryError) {
            for event in events { try after.history.take(event) }
            try after.history.end()
        } catch {
            throw .impossible(recorded.stream, nil, error)
        }
        return after
    }

    private static func stored(
        _ events: [Saga.Event], of recorded: Recorded, causedBy cause: EventID
    ) -> [EventData] {
        var stored: [any StoredEvent] = events.map { StoredSagaEvent($0, under: recorded.definition) }
        if recorded.version == nil { stored.insert(SagaOpening(of: recorded.saga, under: recorded.definition), at: 0) }
        return stored.enumerated().map { index, event in
            EventData(
                id: EventID(of: index, from: cause), type: event.type, schema: event.schema, data: event.data,
                correlation: recorded.correlation, causation: cause)
        }
    }

    /// Whether a repeated append is word for word the one that was stored. It is not if a cause was used for two.
    private static func holds<Store: EventStore>(
        _ data: [EventData], of after: Recorded, in store: inout Store
    ) throws(Failure) -> Bool {
        guard let last = after.version else { return false }
        let first = StreamVersion(last.number - Int64(data.count - 1))
        return try page(of: after.stream, from: first, in: &store).events.prefix(data.count).map(\.event) == data
    }

    /// What the events of a saga belong to if nobody says.
    static func correlation(of stream: StreamName) -> EventID {
        var digest = Digest()
        digest.mix(text: stream.text)
        return EventID(of: 0, from: EventID(high: 0, low: digest.value))
    }
}
