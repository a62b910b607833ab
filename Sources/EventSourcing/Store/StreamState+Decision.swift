extension StreamState {
    /// Whether an append takes place.
    public enum Decision: Hashable, Sendable {
        /// It does.
        case append
        /// It took place before; this is its last event.
        case wasThere(StreamVersion)
        /// It does not: the stream is not as expected.
        case wrongVersion
        /// It does not: the stream was deleted.
        case deleted
        /// It does not: the stream holds a part of it.
        case partlyThere
    }

    /// Decides about an append to a stream in this state: the rules that every store keeps.
    ///
    /// An append at the very version that it expects takes place, whatever its ids are. One that expects an earlier
    /// version was there if the stream holds its ids at just those places, and one that does not care was there if
    /// the stream holds its ids at all. If it holds the first of them but not all, that is no repetition but a mistake.
    /// - Parameters:
    ///   - expected: what must be true of the stream.
    ///   - ids: the ids of the events, in order.
    ///   - versionOf: where the stream holds an event of this id, hidden ones included; the latest of several.
    ///   - idAt: the id of the stream's event of this version.
    ///
    /// Source: KurrentDB, `IndexWriter.CheckCommit`.
    public func decide<Failure: Error>(
        expecting expected: ExpectedVersion, ids: some Collection<EventID>,
        versionOf: (EventID) throws(Failure) -> StreamVersion?,
        idAt: (StreamVersion) throws(Failure) -> EventID?
    ) throws(Failure) -> Decision {
        if isTombstoned { return .deleted }
        switch expected {
        case .any:
            return try decide(ids, versionOf: versionOf)
        case .streamExists:
            if isDeletedForNow { return .deleted }
            return lastVersion == nil ? .wrongVersion : try decide(ids, versionOf: versionOf)
        case .noStream:
            guard lastVersion != nil else { return .append }
            let decision = try decide(ids, from: .first, idAt: idAt)
            return decision == .wrongVersion && isDeletedForNow ? .append : decision
        case .exactly(let version):
            if version == lastVersion { return .append }
            guard let lastVersion, version < lastVersion else { return .wrongVersion }
            return try decide(ids, from: version + 1, idAt: idAt)
        }
    }

    /// Decides by the ids alone.
    private func decide<Failure: Error>(
        _ ids: some Collection<EventID>, versionOf: (EventID) throws(Failure) -> StreamVersion?
    ) throws(Failure) -> Decision {
        var last: StreamVersion?
        for id in ids {
            guard let version = try versionOf(id) else { return last == nil ? .append : .partlyThere }
            last = version
        }
        return last.map { .wasThere($0) } ?? .append
    }

    /// Decides by the ids at their places.
    private func decide<Failure: Error>(
        _ ids: some Collection<EventID>, from start: StreamVersion, idAt: (StreamVersion) throws(Failure) -> EventID?
    ) throws(Failure) -> Decision {
        var version = start
        for id in ids {
            guard try idAt(version) == id else { return .wrongVersion }
            version = version + 1
        }
        return ids.isEmpty ? .wrongVersion : .wasThere(start + (ids.count - 1))
    }
}
